// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <trace/events/sched.h>
#include "feed.h"
#include "task.h"

static atomic_t tasks_in_stock = ATOMIC_INIT(0);
static atomic_t groups_in_stock = ATOMIC_INIT(0);

struct tw_stock tw_stock(void)
{
	return (struct tw_stock) {
		.tasks = atomic_read(&tasks_in_stock),
		.groups = atomic_read(&groups_in_stock),
	};
}

void tw_group_put(struct tw_group *group)
{
	struct tw_tag *tag = group->tag;
	unsigned long flags;

	if (!refcount_dec_and_lock_irqsave(&group->users, &tag->lock, &flags))
		return;
	list_del_rcu(&group->entry);
	spin_unlock_irqrestore(&tag->lock, flags);
	atomic_dec(&groups_in_stock);
	tw_tag_put(tag);
	kfree_rcu(group, rcu);
}

/* Under the lock, so that a verdict for all that descends from a process misses no child. */
static struct tw_group *group_make(struct tw_tag *tag, const struct tw_group *parent)
{
	struct tw_group *group = kzalloc(sizeof(*group), GFP_KERNEL);
	unsigned long flags;

	if (!group)
		return NULL;
	atomic_inc(&groups_in_stock);
	refcount_set(&group->users, 1);
	tw_tag_hold(tag);
	group->tag = tag;
	spin_lock_irqsave(&tag->lock, flags);
	group->decision = parent ? parent->decision : tag->decision;
	group->verdict = group->decision.kind;
	group->decided = jiffies;
	if (parent) {
		group->lineage[0] = parent->self;
		memcpy(&group->lineage[1], parent->lineage,
		       sizeof(parent->lineage) - sizeof(parent->lineage[0]));
	}
	list_add_tail_rcu(&group->entry, &tag->groups);
	spin_unlock_irqrestore(&tag->lock, flags);
	return group;
}

/* Takes the reference to the group over. */
static struct tw_task *task_make(struct tw_group *group)
{
	struct tw_task *task;

	if (!group)
		return NULL;
	task = kzalloc(sizeof(*task), GFP_KERNEL);
	if (!task) {
		tw_group_put(group);
		return NULL;
	}
	atomic_inc(&tasks_in_stock);
	refcount_set(&task->users, 1);
	tw_tag_hold(group->tag);
	task->tag = group->tag;
	task->group = group;
	INIT_LIST_HEAD(&task->entry);
	return task;
}

struct tw_task *tw_task_make(u16 value)
{
	struct tw_tag *tag = tw_tag_get(value);
	struct tw_task *task;

	if (!tag)
		return NULL;
	task = task_make(group_make(tag, NULL));
	tw_tag_put(tag);
	return task;
}

struct tw_task *tw_task_sibling(struct tw_task *task)
{
	refcount_inc(&task->group->users);
	return task_make(task->group);
}

void tw_task_put(struct tw_task *task)
{
	if (!refcount_dec_and_test(&task->users))
		return;
	atomic_dec(&tasks_in_stock);
	tw_group_put(task->group);
	tw_tag_put(task->tag);
	kfree_rcu(task, rcu);
}
EXPORT_SYMBOL_GPL(tw_task_put);

/* A fork of a tagged task without memory for the child's record fails: it must not run unseen. */
int tw_task_fork(struct task_struct *child, unsigned long clone_flags)
{
	struct tw_task *parent = tw_current();
	struct tw_task *task;

	if (likely(!parent) || parent->ended)
		return 0;
	if (clone_flags & CLONE_THREAD)
		task = tw_task_sibling(parent);
	else
		task = task_make(group_make(parent->tag, parent->group));
	if (!task)
		return -ENOMEM;
	rcu_assign_pointer(tw_blob(child)->task, task);
	return 0;
}

void tw_task_free(struct task_struct *dead)
{
	struct tw_blob *blob = tw_blob(dead);
	struct tw_task *task = rcu_dereference_raw(blob->task);

	if (blob->prepared)
		tw_task_put(blob->prepared);
	if (task)
		tw_task_put(task);
}

/* Under tag->lock. The list's reference is then the caller's to put. */
static void forget(struct tw_tag *tag, struct tw_task *task)
{
	list_del_init(&task->entry);
	tag->emitted += task->ring.sequence;
	tag->settled += atomic64_read(&task->settled);
}

/* Under tag->lock: the image goes, and what nobody has fetched of it is counted. */
static void evict(struct tw_tag *tag, struct tw_task *task)
{
	tag->evicted += task->ring.sequence - atomic64_read(&task->settled);
	atomic64_set(&task->settled, task->ring.sequence);
	tag->exited--;
	forget(tag, task);
}

/* Under tag->lock. */
static struct tw_task *oldest_exited(struct tw_tag *tag)
{
	struct tw_task *task;

	list_for_each_entry(task, &tag->tasks, entry)
		if (task->ended)
			return task;
	return NULL;
}

/* Under tag->lock. */
static struct tw_task *listed(struct tw_tag *tag, u32 tid, u64 start_time)
{
	struct tw_task *task;

	list_for_each_entry(task, &tag->tasks, entry)
		if (task->tid == tid && (!start_time || task->start_time == start_time))
			return task;
	return NULL;
}

void tw_task_appear(struct tw_task *task, struct task_struct *as, struct tw_task *parent, u16 origin)
{
	struct tw_tag *tag = task->tag;
	struct tw_task *namesake;
	unsigned long flags;

	task->tid = task_pid_nr(as);
	task->start_time = as->start_boottime;
	task->origin = origin;
	if (parent) {
		task->parent_tid = parent->tid;
		task->parent_start = parent->start_time;
	}
	refcount_inc(&task->users);
	spin_lock_irqsave(&tag->lock, flags);
	if (!task->group->self.tgid) {
		task->group->self.tgid = task_tgid_nr(as);
		task->group->self.start_time = as->group_leader->start_boottime;
	}
	/* A thread that calls execve takes its leader's name over, and the leader has just ended. */
	namesake = listed(tag, task->tid, task->start_time);
	if (namesake)
		evict(tag, namesake);
	task->serial = tag->next_serial++;
	list_add_tail(&task->entry, &tag->tasks);
	tag->started++;
	task->group->running++;
	spin_unlock_irqrestore(&tag->lock, flags);
	if (namesake)
		tw_task_put(namesake);
	tw_feed_start(task);
}

void tw_task_end(struct tw_task *task)
{
	struct tw_tag *tag = task->tag;
	struct tw_task *drop = NULL;
	unsigned long flags;

	spin_lock_irqsave(&tag->lock, flags);
	task->ended = true;
	task->group->running--;
	tag->exited++;
	if (!tag->known || atomic64_read(&task->settled) >= task->ring.sequence)
		drop = task;
	else if (tag->exited > TW_EXITED_MAX)
		drop = oldest_exited(tag);
	if (drop)
		evict(tag, drop);
	spin_unlock_irqrestore(&tag->lock, flags);
	if (drop)
		tw_task_put(drop);
}

static void on_fork(void *unused, struct task_struct *parent, struct task_struct *child)
{
	struct tw_task *task = rcu_dereference_raw(tw_blob(child)->task);

	if (unlikely(task))
		tw_task_appear(task, child, tw_current(), TWN_ORIGIN_FORKED);
}

static void on_exit(void *unused, struct task_struct *exiting)
{
	struct tw_task *task = tw_current();

	if (likely(!task) || task->ended)
		return;
	tw_feed_exit(task);
	tw_task_end(task);
}

int tw_watch_tasks(void)
{
	int error = register_trace_sched_process_fork(on_fork, NULL);

	if (error)
		return error;
	error = register_trace_sched_process_exit(on_exit, NULL);
	if (error)
		unregister_trace_sched_process_fork(on_fork, NULL);
	return error;
}

/* A running task comes first: an image may have its name only until then. */
struct tw_task *tw_task_find(struct tw_tag *tag, u32 tid, u64 start_time, bool *other_tag)
{
	struct tw_task *task = NULL;
	struct task_struct *running;
	unsigned long flags;

	*other_tag = false;
	rcu_read_lock();
	running = find_task_by_pid_ns(tid, &init_pid_ns);
	if (running)
		task = rcu_dereference(tw_blob(running)->task);
	if (task && (task->tid != tid || (start_time && task->start_time != start_time) ||
		     !refcount_inc_not_zero(&task->users)))
		task = NULL;
	rcu_read_unlock();
	if (task) {
		if (task->tag == tag)
			return task;
		*other_tag = true;
		tw_task_put(task);
		return NULL;
	}
	spin_lock_irqsave(&tag->lock, flags);
	task = listed(tag, tid, start_time);
	if (task)
		refcount_inc(&task->users);
	spin_unlock_irqrestore(&tag->lock, flags);
	return task;
}
EXPORT_SYMBOL_GPL(tw_task_find);

void tw_task_image(const struct tw_task *task, struct tw_snapshot *image)
{
	tw_ring_read(&task->ring, image);
}
EXPORT_SYMBOL_GPL(tw_task_image);

void tw_task_settle(struct tw_task *task, u64 sequence)
{
	struct tw_tag *tag = task->tag;
	s64 settled = atomic64_read(&task->settled);
	bool gone = false;
	unsigned long flags;

	while (settled < sequence && !atomic64_try_cmpxchg(&task->settled, &settled, sequence))
		;
	spin_lock_irqsave(&tag->lock, flags);
	task->ready_told = false;
	if (task->ended && !list_empty(&task->entry) && sequence >= task->ring.sequence) {
		tag->exited--;
		forget(tag, task);
		gone = true;
	}
	spin_unlock_irqrestore(&tag->lock, flags);
	if (gone)
		tw_task_put(task);
}
EXPORT_SYMBOL_GPL(tw_task_settle);

void tw_task_describe(const struct tw_task *task, struct twn_task *into)
{
	u64 sequence = tw_ring_sequence(&task->ring);

	*into = (struct twn_task) {
		.size = sizeof(*into),
		.flags = task->ended ? TWN_TASK_EXITED : 0,
		.tag = task->tag->value,
		.origin = task->origin,
		.tid = task->tid,
		.tgid = task->group->self.tgid,
		.start_time = task->start_time,
		.leader_start = task->group->self.start_time,
		.parent_start = task->parent_start,
		.parent_tid = task->parent_tid,
		.sequence = sequence,
		.settled = atomic64_read(&task->settled),
		.time_ns = sequence ? READ_ONCE(task->ring.time_ns[sequence % TW_RING_SLOTS]) :
				      task->start_time,
	};
}
EXPORT_SYMBOL_GPL(tw_task_describe);

static bool has_news(const struct tw_task *task)
{
	return task->ended || tw_ring_sequence(&task->ring) > atomic64_read(&task->settled);
}

/* Fills as many as there is room for; *cursor is then where to go on, 0 at the end. */
unsigned int tw_tasks(struct tw_tag *tag, u64 *cursor, bool news_only, struct twn_task *into,
		      unsigned int room)
{
	struct tw_task *task;
	unsigned int count = 0;
	unsigned long flags;
	u64 next = 0;

	spin_lock_irqsave(&tag->lock, flags);
	list_for_each_entry(task, &tag->tasks, entry) {
		if (task->serial <= *cursor || (news_only && !has_news(task)))
			continue;
		if (count == room) {
			next = *cursor;
			break;
		}
		tw_task_describe(task, &into[count++]);
		*cursor = task->serial;
	}
	spin_unlock_irqrestore(&tag->lock, flags);
	*cursor = next;
	return count;
}
EXPORT_SYMBOL_GPL(tw_tasks);

void tw_tag_totals(struct tw_tag *tag, struct twn_counters *totals)
{
	struct tw_task *task;
	unsigned long flags;

	spin_lock_irqsave(&tag->lock, flags);
	*totals = (struct twn_counters) {
		.emitted = tag->emitted,
		.settled = tag->settled,
		.evicted = tag->evicted,
		.tasks = tag->started,
		.verdict_hits = atomic_long_read(&tag->verdict_hits),
	};
	list_for_each_entry(task, &tag->tasks, entry) {
		/* In this order: what is settled was emitted before. */
		totals->settled += atomic64_read(&task->settled);
		totals->emitted += tw_ring_sequence(&task->ring);
	}
	spin_unlock_irqrestore(&tag->lock, flags);
}
EXPORT_SYMBOL_GPL(tw_tag_totals);
