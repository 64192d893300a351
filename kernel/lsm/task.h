/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tagged task (thread) and its process. The kernel's task points to its tw_task until it is
 * freed; the tag's list holds another reference from the moment when the task has an id until its
 * image is fetched, or not wanted.
 */
#ifndef _TAGWATCH_TASK_H
#define _TAGWATCH_TASK_H

#include <linux/atomic.h>
#include <linux/task_work.h>
#include "ring.h"
#include "setup.h"
#include "tag.h"

/* Ancestors that a process remembers: a chain of more dead generations than this is cut. */
#define TW_LINEAGE 8

struct tw_process {
	u64 start_time;
	u32 tgid;
};

/* A thread group, as long as one of its tasks is known. */
struct tw_group {
	refcount_t users;
	struct rcu_head rcu;
	struct list_head entry; /* in tag->groups */
	struct tw_tag *tag;
	struct tw_process self; /* tgid 0: not known yet */
	unsigned int running; /* tasks that have not ended, under tag->lock */
	struct tw_process lineage[TW_LINEAGE]; /* nearest ancestor first */
	u16 verdict; /* decision.kind, read without a lock by each hook */
	unsigned long decided; /* jiffies */
	u32 released; /* a stop is still to be lifted */
	atomic_t spared_by; /* registrations of this process as an agent */
	struct tw_decision decision; /* under tag->lock; hooks[] is read without */
};

struct tw_task {
	refcount_t users;
	bool busy; /* the kernel works for us in this task: what it does is not the program's doing */
	bool ended;
	bool ready_told;
	struct tw_tag *tag;
	struct tw_group *group;
	struct tw_ring ring;
	atomic64_t settled; /* events up to here have been sent, fetched or evicted */
	u32 tid; /* 0: not known yet */
	u32 parent_tid;
	u64 start_time;
	u64 parent_start;
	u16 origin;
	u64 serial;
	struct list_head entry; /* in tag->tasks, under tag->lock */
	struct callback_head work;
	atomic_t work_queued;
	struct rcu_head rcu;
};

/* Of the task that runs: nobody else changes it. */
static __always_inline struct tw_task *tw_current(void)
{
	return rcu_dereference_raw(tw_blob(current)->task);
}

/* What is allocated; of a kernel that leaks, it grows. */
struct tw_stock {
	int tasks, groups;
};

struct tw_stock tw_stock(void);

bool tw_active(void);
int tw_watch_tasks(void);

/* Hooks call these. */
int tw_task_fork(struct task_struct *child, unsigned long clone_flags);
void tw_task_free(struct task_struct *task);

/* A task with a process of its own; NULL: no memory. May sleep. */
struct tw_task *tw_task_make(u16 tag);
/* Another task of the same process. */
struct tw_task *tw_task_sibling(struct tw_task *task);
void tw_task_put(struct tw_task *task);
void tw_group_put(struct tw_group *group);
/* The running task gets its id and appears; parent may be NULL. */
void tw_task_appear(struct tw_task *task, struct task_struct *as, struct tw_task *parent, u16 origin);
/* The running task records no more. */
void tw_task_end(struct tw_task *task);

/* The module calls these. References are the caller's to put. */
struct tw_task *tw_task_find(struct tw_tag *tag, u32 tid, u64 start_time, bool *other_tag);
void tw_task_image(const struct tw_task *task, struct tw_snapshot *image);
void tw_task_settle(struct tw_task *task, u64 sequence);
void tw_task_describe(const struct tw_task *task, struct twn_task *into);
unsigned int tw_tasks(struct tw_tag *tag, u64 *cursor, bool news_only, struct twn_task *into,
		      unsigned int room);
void tw_tag_totals(struct tw_tag *tag, struct twn_counters *totals);

#endif
