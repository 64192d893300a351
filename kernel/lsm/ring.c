// SPDX-License-Identifier: GPL-2.0
#include <linux/minmax.h>
#include "ring.h"

/* A task that records faster than it is read cannot hold its reader up for longer. */
#define TW_RING_TRIES 8

/*
 * Both counters are the same only while nothing is being written. Where 64 bits are read in two
 * halves, they also tell that the halves belong together.
 */
static bool undisturbed(const struct tw_ring *ring, u64 sequence)
{
	smp_rmb(); /* pairs with tw_ring_put(): begun before the slot */
	return READ_ONCE(ring->begun) == sequence;
}

u64 tw_ring_sequence(const struct tw_ring *ring)
{
	u64 sequence = READ_ONCE(ring->sequence);
	int tries;

	for (tries = 1; tries < TW_RING_TRIES && !undisturbed(ring, sequence); tries++)
		sequence = READ_ONCE(ring->sequence);
	return sequence;
}

static void copy(const struct tw_ring *ring, struct tw_snapshot *image)
{
	u64 sequence = READ_ONCE(ring->sequence);
	unsigned int count = min_t(u64, sequence, TW_RING_SLOTS);
	unsigned int i;

	smp_rmb(); /* pairs with tw_ring_put(): the slot before the sequence */
	for (i = 0; i < count; i++) {
		unsigned int slot = (sequence - count + 1 + i) % TW_RING_SLOTS;

		image->hook[i] = READ_ONCE(ring->hook[slot]);
		image->time_ns[i] = READ_ONCE(ring->time_ns[slot]);
	}
	image->sequence = sequence;
	image->count = count;
}

static void drop_oldest(struct tw_snapshot *image, unsigned int drop)
{
	unsigned int i;

	image->count -= drop;
	for (i = 0; i < image->count; i++) {
		image->hook[i] = image->hook[i + drop];
		image->time_ns[i] = image->time_ns[i + drop];
	}
}

void tw_ring_read(const struct tw_ring *ring, struct tw_snapshot *image)
{
	u64 begun, overwritten;
	int tries;

	for (tries = 0; tries < TW_RING_TRIES; tries++) {
		copy(ring, image);
		if (undisturbed(ring, image->sequence))
			return;
	}
	/* What was begun meanwhile took the places of the oldest slots. */
	begun = READ_ONCE(ring->begun);
	overwritten = begun > TW_RING_SLOTS ? begun - TW_RING_SLOTS : 0;
	if (overwritten + image->count > image->sequence)
		drop_oldest(image, min_t(u64, overwritten + image->count - image->sequence,
					 image->count));
}
