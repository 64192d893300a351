/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last hooks of a task. Only the task itself writes, and only outside of interrupts; anybody
 * may read meanwhile and then learns which slots he may trust. No lock: a hook must not wait for
 * a reader.
 */
#ifndef _TAGWATCH_RING_H
#define _TAGWATCH_RING_H

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define TW_RING_SLOTS 128

struct tw_ring {
	u64 begun; /* the event that is being written, or was last */
	u64 sequence; /* the event that was written last; the first is 1 */
	u64 time_ns[TW_RING_SLOTS];
	u16 hook[TW_RING_SLOTS];
};

/* What a reader got: oldest first, the last has the sequence. */
struct tw_snapshot {
	u64 sequence;
	unsigned int count;
	u64 time_ns[TW_RING_SLOTS];
	u16 hook[TW_RING_SLOTS];
};

static inline void tw_ring_put(struct tw_ring *ring, u16 hook, u64 time_ns)
{
	u64 next = ring->begun + 1;
	unsigned int slot = next % TW_RING_SLOTS;

	/* A reader that sees anything of the slot's new contents sees that it was begun. */
	WRITE_ONCE(ring->begun, next);
	smp_wmb(); /* pairs with undisturbed() */
	WRITE_ONCE(ring->hook[slot], hook);
	WRITE_ONCE(ring->time_ns[slot], time_ns);
	smp_wmb(); /* pairs with copy() */
	WRITE_ONCE(ring->sequence, next);
}

void tw_ring_read(const struct tw_ring *ring, struct tw_snapshot *image);
u64 tw_ring_sequence(const struct tw_ring *ring);

#endif
