// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include "feed.h"
#include "task.h"

int tw_feed_open(struct tw_tag *tag, struct tw_feed *feed, u32 size)
{
	unsigned long flags;
	int error = 0;

	*feed = (struct tw_feed) {
		.size = size,
		.wake = feed->wake,
		.bytes = kvmalloc(size, GFP_KERNEL),
	};
	spin_lock_init(&feed->lock);
	if (!feed->bytes)
		return -ENOMEM;
	spin_lock_irqsave(&tag->lock, flags);
	if (rcu_access_pointer(tag->feed))
		error = -EBUSY;
	else
		rcu_assign_pointer(tag->feed, feed);
	tag->known = true;
	spin_unlock_irqrestore(&tag->lock, flags);
	if (error)
		kvfree(feed->bytes);
	return error;
}
EXPORT_SYMBOL_GPL(tw_feed_open);

void tw_feed_close(struct tw_tag *tag, struct tw_feed *feed)
{
	unsigned long flags;

	spin_lock_irqsave(&tag->lock, flags);
	WRITE_ONCE(tag->live, false);
	WRITE_ONCE(tag->ready_slots, 0);
	RCU_INIT_POINTER(tag->feed, NULL);
	spin_unlock_irqrestore(&tag->lock, flags);
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(tw_feed_close);

void tw_feed_free(struct tw_feed *feed)
{
	kvfree(feed->bytes);
}
EXPORT_SYMBOL_GPL(tw_feed_free);

static void copy_in(struct tw_feed *feed, u32 at, const void *from, u32 size)
{
	u32 offset = at & (feed->size - 1);
	u32 first = min(size, feed->size - offset);

	memcpy(feed->bytes + offset, from, first);
	memcpy(feed->bytes, from + first, size - first);
}

static void copy_out(const struct tw_feed *feed, u32 at, void *into, u32 size)
{
	u32 offset = at & (feed->size - 1);
	u32 first = min(size, feed->size - offset);

	memcpy(into, feed->bytes + offset, first);
	memcpy(into + first, feed->bytes, size - first);
}

/* The record's size is that of the whole: what goes beyond head_size comes from tail. */
static void put(const struct tw_task *task, const struct twn_record *record, u32 head_size,
		const void *tail, u32 tail_size)
{
	static const u8 zeros[8];
	struct tw_feed *feed;
	unsigned long flags;
	int ask = record->kind == TWN_RECORD_EVENT ? 1 : 2;
	bool wake = false;

	rcu_read_lock();
	feed = rcu_dereference(task->tag->feed);
	if (!feed) {
		rcu_read_unlock();
		return;
	}
	spin_lock_irqsave(&feed->lock, flags);
	/* Pairs with the release in tw_feed_drop(): what was taken out may be overwritten. */
	if (feed->size - (feed->head - smp_load_acquire(&feed->tail)) < record->size) {
		if (record->kind == TWN_RECORD_EVENT)
			feed->lost++;
		else
			feed->notices_lost++;
	} else {
		copy_in(feed, feed->head, record, head_size);
		copy_in(feed, feed->head + head_size, tail, tail_size);
		copy_in(feed, feed->head + head_size + tail_size, zeros,
			record->size - head_size - tail_size);
		feed->head += record->size;
		wake = feed->asked < ask;
		if (wake)
			feed->asked = ask;
	}
	spin_unlock_irqrestore(&feed->lock, flags);
	if (wake)
		feed->wake(feed, ask == 2);
	rcu_read_unlock();
}

u32 tw_feed_peek(struct tw_feed *feed, u8 *into, u32 size, u32 *records)
{
	u32 tail = feed->tail;
	unsigned long flags;
	u32 head, taken = 0;

	spin_lock_irqsave(&feed->lock, flags);
	feed->asked = 0;
	head = feed->head;
	spin_unlock_irqrestore(&feed->lock, flags);
	*records = 0;
	while (tail + taken != head) {
		u16 length;

		copy_out(feed, tail + taken, &length, sizeof(length));
		if (length > size - taken)
			break;
		copy_out(feed, tail + taken, into + taken, length);
		taken += length;
		++*records;
	}
	return taken;
}
EXPORT_SYMBOL_GPL(tw_feed_peek);

void tw_feed_drop(struct tw_feed *feed, u32 bytes)
{
	/* Pairs with the acquire in put(). */
	smp_store_release(&feed->tail, feed->tail + bytes);
}
EXPORT_SYMBOL_GPL(tw_feed_drop);

void tw_feed_losses(struct tw_feed *feed, u64 *lost, u64 *notices_lost)
{
	unsigned long flags;

	spin_lock_irqsave(&feed->lock, flags);
	*lost = feed->lost;
	*notices_lost = feed->notices_lost;
	spin_unlock_irqrestore(&feed->lock, flags);
}
EXPORT_SYMBOL_GPL(tw_feed_losses);

static struct twn_record record_of(const struct tw_task *task, u16 kind, u16 size)
{
	return (struct twn_record) {
		.size = size,
		.kind = kind,
		.tid = task->tid,
		.tgid = task->group->self.tgid,
		.start_time = task->start_time,
		.sequence = tw_ring_sequence(&task->ring),
		.time_ns = ktime_get_boottime_ns(),
	};
}

void tw_feed_start(const struct tw_task *task)
{
	struct twn_start start = {
		.record = record_of(task, TWN_RECORD_START, sizeof(start)),
		.leader_start = task->group->self.start_time,
		.parent_start = task->parent_start,
		.parent_tid = task->parent_tid,
		.tag = task->tag->value,
		.origin = task->origin,
	};

	put(task, &start.record, sizeof(start), NULL, 0);
}

void tw_feed_exec(const struct tw_task *task, const struct tw_task *old, const char *path)
{
	struct twn_exec exec = {
		.record = record_of(task, TWN_RECORD_EXEC, sizeof(exec)),
	};

	if (old) {
		exec.old_tid = old->tid;
		exec.old_start = old->start_time;
		exec.old_sequence = old->ring.sequence;
	}
	strscpy(exec.path, path, sizeof(exec.path));
	put(task, &exec.record, sizeof(exec), NULL, 0);
}

void tw_feed_exit(const struct tw_task *task)
{
	struct twn_record record = record_of(task, TWN_RECORD_EXIT, sizeof(record));

	put(task, &record, sizeof(record), NULL, 0);
}

void tw_feed_ready(const struct tw_task *task)
{
	struct twn_record record = record_of(task, TWN_RECORD_READY, sizeof(record));

	put(task, &record, sizeof(record), NULL, 0);
}

void tw_feed_event(struct tw_task *task, u16 hook, const u16 *features, unsigned int count)
{
	struct twn_record record = {
		.size = sizeof(record) + ALIGN(count * sizeof(*features), 8),
		.kind = TWN_RECORD_EVENT,
		.hook = hook,
		.features = count,
		.tid = task->tid,
		.tgid = task->group->self.tgid,
		.start_time = task->start_time,
		.sequence = task->ring.sequence,
		.time_ns = ktime_get_boottime_ns(),
	};

	/* Also what was recorded before live mode began: the agent sees the jump in the sequence. */
	atomic64_set(&task->settled, record.sequence);
	put(task, &record, sizeof(record), features, count * sizeof(*features));
}
