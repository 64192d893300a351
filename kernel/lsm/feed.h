/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What waits to be sent to a tag's agent: records of tagwatch_netlink.h, one after the other.
 * Hooks put them in wherever they run and never wait; the module takes them out.
 */
#ifndef _TAGWATCH_FEED_H
#define _TAGWATCH_FEED_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct tw_task;
struct tw_tag;

struct tw_feed {
	spinlock_t lock; /* for those that put in, and for the counters */
	u32 size; /* a power of two */
	u32 head; /* bytes that were put in */
	u32 tail; /* bytes that were taken out */
	int asked; /* wake() was called and nobody has come since; 2: and it was urgent */
	u64 lost;
	u64 notices_lost;
	/* From any context; urgent: an agent waits for this, not for more of it. */
	void (*wake)(struct tw_feed *feed, bool urgent);
	u8 *bytes;
};

/* Returns 0, or -EBUSY if the tag has a feed, or -ENOMEM. */
int tw_feed_open(struct tw_tag *tag, struct tw_feed *feed, u32 size);
/* Nobody puts in or calls wake() when this returns. May sleep. */
void tw_feed_close(struct tw_tag *tag, struct tw_feed *feed);
/* When nobody takes out any more either. */
void tw_feed_free(struct tw_feed *feed);

/* Copies whole records, at most size bytes; they stay until they are dropped. */
u32 tw_feed_peek(struct tw_feed *feed, u8 *into, u32 size, u32 *records);
void tw_feed_drop(struct tw_feed *feed, u32 bytes);
void tw_feed_losses(struct tw_feed *feed, u64 *lost, u64 *notices_lost);

void tw_feed_start(const struct tw_task *task);
void tw_feed_exec(const struct tw_task *task, const struct tw_task *old, const char *path);
void tw_feed_exit(const struct tw_task *task);
void tw_feed_ready(const struct tw_task *task);
/* Of the task that runs, whose event this is. */
void tw_feed_event(struct tw_task *task, u16 hook, const u16 *features, unsigned int count);

#endif
