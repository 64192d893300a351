/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_SETUP_H
#define _TAGWATCH_SETUP_H

#include <linux/lsm_hooks.h>
#include <linux/sched.h>

struct tw_task;

/* What each task of the system carries. Only the task itself writes, save at its birth and end. */
struct tw_blob {
	struct tw_task __rcu *task; /* NULL: no tag, nothing is done for it */
	struct tw_task *prepared; /* what an exec that may still fail has allocated */
};

extern struct lsm_blob_sizes tw_blob_sizes;

static inline struct tw_blob *tw_blob(const struct task_struct *task)
{
	return task->security + tw_blob_sizes.lbs_task;
}

void tw_add_hooks(const struct lsm_id *id);

#endif
