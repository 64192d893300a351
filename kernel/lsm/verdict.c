// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include "task.h"
#include "verdict.h"

/* Time for all threads to meet the stop that was sent. A call that one makes later is an escape. */
#define STOPPING (2 * HZ)

static int signal_of(u16 verdict)
{
	switch (verdict) {
	case TWN_VERDICT_KILL:
		return SIGKILL;
	case TWN_VERDICT_SUSPEND:
		return SIGSTOP;
	default:
		return 0;
	}
}

/* On the way back to user space, where no lock is held. */
static void signal_self(struct callback_head *work)
{
	struct tw_task *task = container_of(work, struct tw_task, work);
	int signal = signal_of(READ_ONCE(task->group->verdict));

	atomic_set(&task->work_queued, 0);
	if (signal)
		kill_pid(task_tgid(current), signal, 1);
	tw_task_put(task);
}

/* A hook may be called with any lock held, also with those that sending a signal takes. */
static void signal_self_later(struct tw_task *task)
{
	if (current->flags & PF_KTHREAD || atomic_xchg(&task->work_queued, 1))
		return;
	refcount_inc(&task->users);
	init_task_work(&task->work, signal_self);
	if (task_work_add(current, &task->work, TWA_RESUME)) {
		/* It is exiting anyway. */
		atomic_set(&task->work_queued, 0);
		tw_task_put(task);
	}
}

bool tw_refused(struct tw_task *task, u16 hook)
{
	struct tw_group *group = task->group;

	/* Pairs with the release in decide(): the list of hooks is complete. */
	switch (smp_load_acquire(&group->verdict)) {
	case TWN_VERDICT_KILL:
		signal_self_later(task);
		break;
	case TWN_VERDICT_DENY:
		if (!(READ_ONCE(group->decision.hooks[hook / 64]) >> hook % 64 & 1))
			return false;
		break;
	case TWN_VERDICT_SUSPEND:
		signal_self_later(task);
		if (time_before(jiffies, READ_ONCE(group->decided) + STOPPING))
			return false;
		/* The stop of a child that was forked meanwhile is on its way. */
		if (signal_pending(current))
			return false;
		break;
	default:
		return false;
	}
	atomic_long_inc(&task->tag->verdict_hits);
	return true;
}

bool tw_may_continue(const struct task_struct *target)
{
	struct tw_task *task;
	bool may;

	rcu_read_lock();
	task = rcu_dereference(tw_blob(target)->task);
	may = !task || READ_ONCE(task->group->verdict) != TWN_VERDICT_SUSPEND;
	rcu_read_unlock();
	return may;
}

static bool is(const struct tw_process *a, const struct tw_process *b)
{
	return a->tgid && a->tgid == b->tgid && a->start_time == b->start_time;
}

static bool descends(const struct tw_group *group, const struct tw_process *from)
{
	int i;

	for (i = 0; i < TW_LINEAGE; i++)
		if (is(&group->lineage[i], from))
			return true;
	return false;
}

static bool within(const struct tw_group *group, const struct tw_process *origin, u16 scope)
{
	switch (scope) {
	case TWN_SCOPE_PROCESS:
		return is(&group->self, origin);
	case TWN_SCOPE_SUBTREE:
		return is(&group->self, origin) || descends(group, origin);
	default:
		return true;
	}
}

/* Only images are left of it. A child that has no name yet is about to run. */
static bool over(const struct tw_group *group)
{
	return group->self.tgid && !group->running;
}

static bool untouchable(const struct tw_group *group)
{
	return group->self.tgid == 1 || atomic_read(&group->spared_by);
}

/* Under tag->lock. */
static void decide(struct tw_group *group, const struct tw_decision *decision)
{
	/* Before the old list of hooks is overwritten; the new verdict is not yet in force. */
	smp_store_mb(group->verdict, 0);
	group->decision = *decision;
	WRITE_ONCE(group->decided, jiffies);
	/* Pairs with the acquire in tw_refused(). */
	smp_store_release(&group->verdict, decision->kind);
}

/* Without the lock: sending signals takes others. The name in between may have become another's. */
static void signal_group(struct tw_group *group, int signal)
{
	struct pid *pid = find_pid_ns(group->self.tgid, &init_pid_ns);
	struct task_struct *leader = pid_task(pid, PIDTYPE_TGID);
	struct tw_task *task = leader ? rcu_dereference(tw_blob(leader)->task) : NULL;

	if (task && task->group == group)
		kill_pid(pid, signal, 1);
}

static void signal_groups(struct tw_tag *tag, const struct tw_process *origin, u16 kind)
{
	struct tw_group *group;

	rcu_read_lock();
	list_for_each_entry_rcu(group, &tag->groups, entry)
		if (READ_ONCE(group->verdict) == kind && group->self.tgid &&
		    group->decision.origin_tgid == origin->tgid &&
		    group->decision.origin_start == origin->start_time)
			signal_group(group, signal_of(kind));
	rcu_read_unlock();
}

static int impose(struct tw_tag *tag, const struct tw_process *origin,
		  const struct tw_decision *decision)
{
	struct tw_group *group;
	unsigned long flags;
	int count = 0;

	spin_lock_irqsave(&tag->lock, flags);
	if (decision->scope == TWN_SCOPE_TAG && tag->decision.kind <= decision->kind)
		tag->decision = *decision;
	list_for_each_entry(group, &tag->groups, entry) {
		if (!within(group, origin, decision->scope) || untouchable(group) ||
		    over(group) || group->verdict > decision->kind)
			continue;
		decide(group, decision);
		count++;
	}
	spin_unlock_irqrestore(&tag->lock, flags);
	signal_groups(tag, origin, decision->kind);
	return count;
}

static bool came_from(const struct tw_decision *decision, const struct tw_process *origin)
{
	return decision->kind && decision->origin_tgid == origin->tgid &&
	       decision->origin_start == origin->start_time;
}

static int release(struct tw_tag *tag, const struct tw_process *origin)
{
	static const struct tw_decision nothing;
	struct tw_group *group;
	unsigned long flags;
	int count = 0;

	spin_lock_irqsave(&tag->lock, flags);
	if (came_from(&tag->decision, origin))
		tag->decision = nothing;
	list_for_each_entry(group, &tag->groups, entry) {
		if (!came_from(&group->decision, origin) &&
		    !(group->verdict && is(&group->self, origin)))
			continue;
		group->released = group->verdict == TWN_VERDICT_SUSPEND;
		decide(group, &nothing);
		count += !over(group);
	}
	spin_unlock_irqrestore(&tag->lock, flags);
	rcu_read_lock();
	list_for_each_entry_rcu(group, &tag->groups, entry)
		if (xchg(&group->released, 0))
			signal_group(group, SIGCONT);
	rcu_read_unlock();
	return count;
}

int tw_decide(struct tw_tag *tag, struct tw_task *task, u16 kind, u16 scope, const u64 *hooks)
{
	const struct tw_process *origin = &task->group->self;
	struct tw_decision decision = {
		.kind = kind,
		.scope = scope,
		.origin_tgid = origin->tgid,
		.origin_start = origin->start_time,
		.since_ns = ktime_get_boottime_ns(),
	};

	if (kind == TWN_VERDICT_RELEASE)
		return release(tag, origin);
	if (scope != TWN_SCOPE_TAG && untouchable(task->group))
		return -EPERM;
	if (hooks)
		memcpy(decision.hooks, hooks, sizeof(decision.hooks));
	else
		memset(decision.hooks, 0xff, sizeof(decision.hooks));
	return impose(tag, origin, &decision);
}
EXPORT_SYMBOL_GPL(tw_decide);

/* The cursor counts groups: one that goes meanwhile may hide another from this walk. */
unsigned int tw_verdicts(struct tw_tag *tag, u64 *cursor, struct twn_verdict *into,
			 unsigned int room)
{
	unsigned int count = 0;
	struct tw_group *group;
	unsigned long flags;
	u64 place = 0, next = 0;

	spin_lock_irqsave(&tag->lock, flags);
	list_for_each_entry(group, &tag->groups, entry) {
		if (place++ < *cursor || !group->verdict || !group->running)
			continue;
		if (count == room) {
			next = place - 1;
			break;
		}
		into[count] = (struct twn_verdict) {
			.size = sizeof(into[count]),
			.kind = group->verdict,
			.scope = group->decision.scope,
			.tgid = group->self.tgid,
			.origin_tgid = group->decision.origin_tgid,
			.start_time = group->self.start_time,
			.origin_start = group->decision.origin_start,
			.since_ns = group->decision.since_ns,
		};
		memcpy(into[count].hooks, group->decision.hooks, sizeof(into[count].hooks));
		count++;
	}
	spin_unlock_irqrestore(&tag->lock, flags);
	*cursor = next;
	return count;
}
EXPORT_SYMBOL_GPL(tw_verdicts);

struct tw_group *tw_spare_current(void)
{
	struct tw_task *task = tw_current();

	if (!task)
		return NULL;
	refcount_inc(&task->group->users);
	atomic_inc(&task->group->spared_by);
	return task->group;
}
EXPORT_SYMBOL_GPL(tw_spare_current);

void tw_spare_no_more(struct tw_group *group)
{
	if (!group)
		return;
	atomic_dec(&group->spared_by);
	tw_group_put(group);
}
EXPORT_SYMBOL_GPL(tw_spare_no_more);
