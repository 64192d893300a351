/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_VERDICT_H
#define _TAGWATCH_VERDICT_H

#include <linux/types.h>

struct task_struct;
struct tw_group;
struct tw_tag;
struct tw_task;
struct twn_verdict;

/* Whether the hook of the running task is to be refused. Any context but interrupts. */
bool tw_refused(struct tw_task *task, u16 hook);
/* Whether somebody may wake the task up with SIGCONT. */
bool tw_may_continue(const struct task_struct *target);

/*
 * Decides for the process of the task, or also for what descends from it, or for all of the tag.
 * hooks: what to deny; NULL: all that can be. Returns how many processes, -EPERM if the one that
 * is meant must not be touched.
 */
int tw_decide(struct tw_tag *tag, struct tw_task *task, u16 kind, u16 scope, const u64 *hooks);

unsigned int tw_verdicts(struct tw_tag *tag, u64 *cursor, struct twn_verdict *into,
			 unsigned int room);

/* No verdict falls on the process that the running task belongs to; NULL: it has no tag. */
struct tw_group *tw_spare_current(void);
void tw_spare_no_more(struct tw_group *group);

#endif
