/* SPDX-License-Identifier: GPL-2.0 */
/* Who a task is and whom it descends from. */
#ifndef TAGWATCH_LINEAGE_H
#define TAGWATCH_LINEAGE_H

#include "maps.h"

static __always_inline void identify(struct tw_task *state, struct task_struct *task)
{
	state->start_time = task->start_boottime;
	state->leader_start = task->group_leader->start_boottime;
	state->tid = task->pid;
	state->tgid = task->tgid;
}

/* Threads share their process's ancestors; a new process puts its parent in front of them. */
static __always_inline void inherit(struct tw_task *child, const struct tw_task *parent)
{
	bool thread = child->tgid == parent->tgid;

	child->tag = parent->tag;
	child->last_id = parent->last_id;
	child->parent_tid = parent->tid;
	child->parent_start = parent->start_time;
	child->lineage[0].tgid = thread ? parent->lineage[0].tgid : parent->tgid;
	child->lineage[0].start_time = thread ? parent->lineage[0].start_time : parent->leader_start;
#pragma unroll
	for (int i = 1; i < TW_LINEAGE; i++) {
		child->lineage[i].tgid = thread ? parent->lineage[i].tgid : parent->lineage[i - 1].tgid;
		child->lineage[i].start_time =
			thread ? parent->lineage[i].start_time : parent->lineage[i - 1].start_time;
	}
}

#endif
