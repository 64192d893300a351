/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tag and all that carries it. The lock is taken with interrupts off: tasks are freed from
 * soft interrupts.
 */
#ifndef _TAGWATCH_TAG_H
#define _TAGWATCH_TAG_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <uapi/linux/tagwatch_netlink.h>

/* Images of exited tasks that wait to be fetched, for each tag; 1.4 KB each. */
#define TW_EXITED_MAX 1024

struct tw_feed;

/* What was decided for a process, and for which. */
struct tw_decision {
	u16 kind; /* 0: nothing */
	u16 scope;
	u32 origin_tgid;
	u64 origin_start;
	u64 since_ns;
	u64 hooks[TWN_HOOK_WORDS]; /* TWN_VERDICT_DENY: these */
};

struct tw_tag {
	struct hlist_node node;
	refcount_t users;
	u16 value;
	u16 ready_slots; /* 0: nobody wants to be told */
	bool live;
	/* An agent has asked for it once: from then on images of exited tasks are worth keeping. */
	bool known;
	struct tw_feed __rcu *feed; /* NULL: no agent */
	struct rcu_head rcu;

	spinlock_t lock; /* for what follows */
	struct list_head tasks; /* by serial: those that run, and images of those that ran */
	struct list_head groups; /* also read under RCU */
	u64 next_serial;
	unsigned int exited;
	struct tw_decision decision; /* for processes that get the tag later */
	/* of tasks that are no longer in the list */
	u64 emitted;
	u64 settled;
	u64 evicted;
	u64 started;
	atomic_long_t verdict_hits;
};

/* The tag's object, made if there is none; NULL: no memory. May sleep. */
struct tw_tag *tw_tag_get(u16 value);
/* Only if there is one. */
struct tw_tag *tw_tag_find(u16 value);
void tw_tag_hold(struct tw_tag *tag);
void tw_tag_put(struct tw_tag *tag);

#endif
