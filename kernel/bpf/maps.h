/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TAGWATCH_MAPS_H
#define TAGWATCH_MAPS_H

#include "core.h"
#include <bpf/bpf_helpers.h>
#include "../uapi/tagwatch_event.h"

/* linux/bpf.h would bring its own struct definitions into the CO-RE ones; these are all we need. */
#define BPF_ANY 0
#define BPF_NOEXIST 1
#define BPF_F_NO_PREALLOC 1
#define BPF_F_MMAPABLE 1024
#define BPF_LOCAL_STORAGE_GET_F_CREATE 1
#define BPF_RB_NO_WAKEUP 1
#define BPF_RB_FORCE_WAKEUP 2
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tw_task);
} tasks SEC(".maps");

/* The agent sets the size before it loads. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tw_control);
} control SEC(".maps");

/*
 * One element for each processor, sized by the agent before loading. An array and not a per-cpu
 * array because that one cannot be mapped, and the agent reads the counters often.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct tw_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct tw_file);
	__type(value, __u32);
} exe_tags SEC(".maps");

/* Executables without a tag, or that the agent was asked about. Forgetting one costs a question. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct tw_file);
	__type(value, __u32);
} exe_seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct tw_process);
	__type(value, struct tw_verdict);
} verdicts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct tw_verdict);
} tag_verdicts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} watched_tags SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tw_familiar);
} familiar SEC(".maps");

/* A task that already runs must never see half a state: it is made here and copied in at once. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tw_task);
} draft SEC(".maps");

static __always_inline struct tw_control *the_control(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

static __always_inline struct tw_counters *counters_here(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&counters, &cpu);
}

/*
 * Programs that the agent runs may be preempted by the others, and their plain additions would
 * overwrite each other: so they have counters of their own, behind those of the processors.
 */
static __always_inline struct tw_counters *counters_of_agent(const struct tw_control *control_now)
{
	__u32 last = control_now->cpus;

	return bpf_map_lookup_elem(&counters, &last);
}

#endif
