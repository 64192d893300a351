// SPDX-License-Identifier: GPL-2.0
/*
 * A handler for each hook that this kernel has, made from its own list. Whoever has no tag pays
 * for one load and one comparison.
 *
 * A hook of another kernel version that fails to compile here ("TW_HOOK_... undeclared") has no
 * stable id yet: ./tagwatch kernel hooks --source TREE gives it one.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/lsm_hooks.h>
#include <linux/preempt.h>
#include <linux/signal.h>
#include <linux/stringhash.h>
#include <linux/timekeeping.h>
#include "exec.h"
#include "features.h"
#include "feed.h"
#include "hooks.h"
#include "ids.h"
#include "setup.h"
#include "slots.h"
#include "task.h"
#include "verdict.h"

#define TW_REFUSED 1
#define TW_LIVE 2

/* The child's own bookkeeping needs no lock and no clock that is finer than a tick. */
static noinline int tw_record(struct tw_task *task, u16 hook)
{
	struct tw_tag *tag = task->tag;
	unsigned int ready;
	int result = 0;

	/* A soft interrupt works for somebody else than the task that it interrupts. */
	if (!in_task() || task->busy || task->ended)
		return 0;
	tw_ring_put(&task->ring, hook, ktime_get_coarse_boottime_ns());
	if (unlikely(READ_ONCE(task->group->verdict)) && tw_refused(task, hook))
		result = TW_REFUSED;
	if (READ_ONCE(tag->live))
		return result | TW_LIVE;
	ready = READ_ONCE(tag->ready_slots);
	if (ready && !task->ready_told &&
	    task->ring.sequence - atomic64_read(&task->settled) >= ready) {
		task->ready_told = true;
		task->busy = true;
		tw_feed_ready(task);
		task->busy = false;
	}
	return result;
}

/* In a handler of the hook, whose parameters TW_EXTRACT_* names. */
#define TW_PASS(NAME)								\
({										\
	struct tw_task *task_ = tw_current();					\
	int pass_ = 0;								\
										\
	if (unlikely(task_)) {							\
		pass_ = tw_record(task_, TW_HOOK_##NAME);			\
		if (unlikely(pass_ & TW_LIVE)) {				\
			u16 slots_[TW_SLOTS_##NAME + 1];			\
										\
			task_->busy = true;					\
			TW_EXTRACT_##NAME(slots_);				\
			tw_feed_event(task_, TW_HOOK_##NAME, slots_,		\
				      TW_SLOTS_##NAME);				\
			task_->busy = false;					\
		}								\
	}									\
	pass_ & TW_REFUSED;							\
})

/* Hooks that do more than record stand below. */
#define TW_OWN_task_alloc 1
#define TW_OWN_task_free 1
#define TW_OWN_bprm_check_security 1
#define TW_OWN_bprm_committed_creds 1
#define TW_OWN_task_kill 1

#define TW_REFUSE_0(REFUSED) ((void)(REFUSED))
#define TW_REFUSE_1(REFUSED)							\
do {										\
	if (unlikely(REFUSED))							\
		return -EPERM;							\
} while (0)
#define TW_REFUSE(CAN_DENY, REFUSED) TW_REFUSE__(CAN_DENY, REFUSED)
#define TW_REFUSE__(CAN_DENY, REFUSED) TW_REFUSE_##CAN_DENY(REFUSED)

#define TW_HANDLER_0(RET, DEFAULT, NAME, ...)					\
static RET on_##NAME(__VA_ARGS__)						\
{										\
	TW_REFUSE(TW_CAN_DENY_##NAME, TW_PASS(NAME));				\
	return DEFAULT;								\
}
#define TW_HANDLER_1(RET, DEFAULT, NAME, ...)
#define TW_HANDLER(OWN, ...) TW_HANDLER__(OWN, __VA_ARGS__)
#define TW_HANDLER__(OWN, ...) TW_HANDLER_##OWN(__VA_ARGS__)

#define LSM_HOOK(RET, DEFAULT, NAME, ...) \
	TW_HANDLER(__is_defined(TW_OWN_##NAME), RET, DEFAULT, NAME, __VA_ARGS__)
#include <linux/lsm_hook_defs.h>
#undef LSM_HOOK

static int on_task_alloc(struct task_struct *task, unsigned long clone_flags)
{
	TW_REFUSE(1, TW_PASS(task_alloc));
	return tw_task_fork(task, clone_flags);
}

static void on_task_free(struct task_struct *task)
{
	(void)TW_PASS(task_free);
	tw_task_free(task);
}

static int on_bprm_check_security(struct linux_binprm *bprm)
{
	struct tw_task *task;
	int error;

	TW_REFUSE(TW_CAN_DENY_bprm_check_security, TW_PASS(bprm_check_security));
	task = tw_current();
	if (task)
		task->busy = true;
	error = tw_exec_check(bprm);
	if (task)
		task->busy = false;
	return error;
}

static void on_bprm_committed_creds(const struct linux_binprm *bprm)
{
	tw_exec_commit(bprm);
	(void)TW_PASS(bprm_committed_creds);
}

static int on_task_kill(struct task_struct *p, struct kernel_siginfo *info, int sig,
			const struct cred *cred)
{
	TW_REFUSE(TW_CAN_DENY_task_kill, TW_PASS(task_kill));
	return sig == SIGCONT && !tw_may_continue(p) ? -EPERM : 0;
}

static struct security_hook_list tw_hooks[] __ro_after_init = {
#define LSM_HOOK(RET, DEFAULT, NAME, ...) LSM_HOOK_INIT(NAME, on_##NAME),
#include <linux/lsm_hook_defs.h>
#undef LSM_HOOK
};

void __init tw_add_hooks(const struct lsm_id *id)
{
	security_add_hooks(tw_hooks, ARRAY_SIZE(tw_hooks), id);
}

#define TW_FEATURE(TYPE, NAME) { .type = TYPE, .name = NAME },
#define LSM_HOOK(RET, DEFAULT, NAME, ...) \
	static const struct tw_feature tw_features_##NAME[] = { TW_FEATURES_##NAME };
#include <linux/lsm_hook_defs.h>
#undef LSM_HOOK

static const struct tw_hook hooks[] = {
#define LSM_HOOK(RET, DEFAULT, NAME, ...)					\
	{									\
		.id = TW_HOOK_##NAME,						\
		.can_deny = TW_CAN_DENY_##NAME,					\
		.count = ARRAY_SIZE(tw_features_##NAME),			\
		.name = #NAME,							\
		.features = tw_features_##NAME,					\
	},
#include <linux/lsm_hook_defs.h>
#undef LSM_HOOK
};

const struct tw_hook *tw_hook(unsigned int index)
{
	return index < ARRAY_SIZE(hooks) ? &hooks[index] : NULL;
}
EXPORT_SYMBOL_GPL(tw_hook);

static u32 mix(u32 state, const char *text, u32 number)
{
	return hash_32(state ^ full_name_hash(NULL, text, strlen(text)), 32) + number;
}

u32 tw_vocabulary(void)
{
	u32 state = ARRAY_SIZE(hooks);
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		state = mix(state, hooks[i].name, hooks[i].id << 1 | hooks[i].can_deny);
		for (k = 0; k < hooks[i].count; k++)
			state = mix(state, hooks[i].features[k].name, hooks[i].features[k].type);
	}
	return state;
}
EXPORT_SYMBOL_GPL(tw_vocabulary);
