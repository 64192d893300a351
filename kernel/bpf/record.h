/* SPDX-License-Identifier: GPL-2.0 */
/* From an event to the task's own ring and to the agent. */
#ifndef TAGWATCH_RECORD_H
#define TAGWATCH_RECORD_H

#include "maps.h"

union tw_features {
	__u16 slots[TW_FEATURES];
	__u64 all;
};

/*
 * The record before was committed by an exchange, a full barrier: either we see that the agent
 * sleeps, or the agent, which checks once more after it said so, sees the record. The wake-up is a
 * discarded record because the flag could only be read too early to be put on the real one.
 */
static __always_inline void wake_agent(struct tw_control *control_now)
{
	void *nothing;

	if (*(volatile __u32 *)&control_now->sleeping == TW_SLEEP_NONE)
		return;
	*(volatile __u32 *)&control_now->sleeping = TW_SLEEP_NONE;
	nothing = bpf_ringbuf_reserve(&events, 8, 0);
	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

static __always_inline bool is_familiar(__u16 tag, __u32 previous, __u32 id)
{
	__u32 bit = tw_familiar_bit(tag, previous, id);
	struct tw_familiar *table;
	__u32 zero = 0;

	table = bpf_map_lookup_elem(&familiar, &zero);
	return table && table->words[bit / 64 & (TW_FAMILIAR_BITS / 64 - 1)] >> (bit & 63) & 1;
}

/* A busy agent reads in batches; only what it has not seen to be ordinary makes it read at once. */
static __always_inline void wake_agent_for(struct tw_control *control_now, const struct tw_task *state,
					   __u32 previous, __u32 id)
{
	__u32 sleeping = *(volatile __u32 *)&control_now->sleeping;

	if (sleeping == TW_SLEEP_NONE ||
	    (sleeping == TW_SLEEP_UNFAMILIAR && is_familiar(state->tag, previous, id)))
		return;
	wake_agent(control_now);
}

static __always_inline void describe(struct tw_event *event, const struct tw_task *state, __u16 kind,
				     __u32 id, __u64 time, union tw_features features)
{
	event->time_ns = time;
	event->sequence = state->sequence;
	event->start_time = state->start_time;
	event->tid = state->tid;
	event->tgid = state->tgid;
	event->id = id;
	event->tag = state->tag;
	event->kind = kind;
	*(__u64 *)event->features = features.all;
}

static __always_inline void describe_task(struct tw_task_event *record, const struct tw_task *state)
{
	record->leader_start = state->leader_start;
	record->parent_start = state->parent_start;
	record->parent_tid = state->parent_tid;
	record->origin = state->origin;
	record->reserved = 0;
}

/* Into the task's own ring: the slot first, so that a reader of the sequence finds it complete. */
static __always_inline void keep(struct tw_task *state, __u32 id, __u64 time, union tw_features features)
{
	__u64 sequence = state->sequence + 1;
	struct tw_slot *slot = &state->slots[sequence & (TW_RING_SLOTS - 1)];

	slot->time_ns = time;
	slot->id = id;
	*(__u64 *)slot->features = features.all;
	state->last_id = id;
	*(volatile __u64 *)&state->sequence = sequence;
}

static __always_inline bool live(const struct tw_control *control_now)
{
	return *(const volatile __u32 *)&control_now->mode == TW_MODE_LIVE;
}

static __always_inline void emit(struct tw_control *control_now, struct tw_counters *count,
				 struct tw_task *state, __u32 id, union tw_features features)
{
	__u64 time = bpf_ktime_get_boot_ns();
	__u32 previous = state->last_id;
	struct tw_event *event;

	keep(state, id, time, features);
	count->emitted++;
	if (!live(control_now))
		return;
	state->fetched++;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count->lost++;
		return;
	}
	describe(event, state, TW_KIND_EVENT, id, time, features);
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	wake_agent_for(control_now, state, previous, id);
}

static __always_inline void emit_fork(struct tw_control *control_now, struct tw_counters *count,
				      struct tw_task *state, union tw_features features)
{
	__u64 time = bpf_ktime_get_boot_ns();
	__u32 previous = state->last_id;
	struct tw_task_event *record;

	keep(state, TW_TASK_FORK, time, features);
	count->emitted++;
	if (!live(control_now))
		return;
	state->fetched++;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count->lost++;
		count->lost_starts++;
		return;
	}
	describe(&record->event, state, TW_KIND_FORK, TW_TASK_FORK, time, features);
	describe_task(record, state);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	wake_agent_for(control_now, state, previous, TW_TASK_FORK);
}

static __always_inline void emit_adoption(struct tw_control *control_now, struct tw_counters *count,
					  const struct tw_task *state)
{
	union tw_features none = {};
	struct tw_task_event *record;

	count->tasks++;
	if (!live(control_now))
		return;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count->lost_records++;
		return;
	}
	describe(&record->event, state, TW_KIND_ADOPT, 0, bpf_ktime_get_boot_ns(), none);
	describe_task(record, state);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	wake_agent(control_now);
}

/* In snapshot mode the last image has to leave with the task: nobody could fetch it later. */
static __always_inline void emit_last_image(struct tw_control *control_now, struct tw_counters *count,
					    struct tw_task *state)
{
	union tw_features none = {};
	struct tw_image *image = bpf_ringbuf_reserve(&events, sizeof(*image), 0);

	if (!image) {
		count->lost += state->sequence - state->fetched;
		count->lost_ends++;
		count->lost_records++;
		return;
	}
	describe(&image->event, state, TW_KIND_IMAGE, TW_TASK_EXIT, bpf_ktime_get_boot_ns(), none);
	if (bpf_probe_read_kernel(&image->task, sizeof(image->task), state)) {
		bpf_ringbuf_discard(image, BPF_RB_NO_WAKEUP);
		count->lost += state->sequence - state->fetched;
		return;
	}
	image->fetched_before = state->fetched;
	image->sequence_after = state->sequence;
	bpf_ringbuf_submit(image, BPF_RB_NO_WAKEUP);
	wake_agent(control_now);
}

static __always_inline void emit_exit(struct tw_control *control_now, struct tw_counters *count,
				      struct tw_task *state, union tw_features features)
{
	__u64 time = bpf_ktime_get_boot_ns();
	__u32 previous = state->last_id;
	struct tw_task_event *record;

	keep(state, TW_TASK_EXIT, time, features);
	state->exited = 1;
	count->emitted++;
	if (!live(control_now)) {
		emit_last_image(control_now, count, state);
		return;
	}
	state->fetched++;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count->lost++;
		count->lost_ends++;
		return;
	}
	describe(&record->event, state, TW_KIND_EXIT, TW_TASK_EXIT, time, features);
	describe_task(record, state);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	wake_agent_for(control_now, state, previous, TW_TASK_EXIT);
}

#endif
