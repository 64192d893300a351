/* SPDX-License-Identifier: GPL-2.0 */
/* Verdicts are keyed by thread group, not by task: execve of any thread must not shake one off. */
#ifndef TAGWATCH_VERDICTS_H
#define TAGWATCH_VERDICTS_H

#include "maps.h"

#define SIGKILL 9
#define SIGSTOP 19

static __always_inline struct tw_process process_of(const struct tw_task *state)
{
	struct tw_process process = {
		.tgid = state->tgid,
		.start_time = state->leader_start,
	};

	return process;
}

static __always_inline bool untouchable(const struct tw_task *state, const struct tw_control *control_now)
{
	return state->tgid == 1 || (state->tgid == control_now->agent_tgid &&
				    state->leader_start == control_now->agent_start);
}

/*
 * The call that meets a verdict may still run: a tracepoint cannot refuse it. Only execve does not,
 * because it dies at the pending signal first.
 */
static __noinline int obey(struct tw_task *state, struct tw_control *control_now, struct tw_counters *count)
{
	struct tw_process process;
	struct tw_verdict *verdict;
	__u32 tag;

	if (!state || !control_now || !count || untouchable(state, control_now))
		return 0;
	process = process_of(state);
	verdict = bpf_map_lookup_elem(&verdicts, &process);
	if (!verdict) {
		tag = state->tag;
		verdict = bpf_map_lookup_elem(&tag_verdicts, &tag);
		if (!verdict)
			return 0;
	}
	count->verdict_hits++;
	if (verdict->kind == TW_VERDICT_SUSPEND && verdict->phase == TW_PHASE_STOPPING)
		bpf_send_signal(SIGSTOP);
	else
		bpf_send_signal(SIGKILL);
	return 0;
}

/*
 * Called when the child's state is there: the agent first puts a verdict and then looks for
 * children, so either it finds this one or we find the verdict.
 */
static __always_inline void inherit_verdict(const struct tw_task *parent, const struct tw_task *child)
{
	struct tw_process process = process_of(parent);
	struct tw_verdict *verdict = bpf_map_lookup_elem(&verdicts, &process);
	struct tw_verdict copy;

	if (!verdict || verdict->scope == TW_SCOPE_PROCESS)
		return;
	copy = *verdict;
	/* nobody stops the child from outside: it stops itself at its first call */
	process = process_of(child);
	bpf_map_update_elem(&verdicts, &process, &copy, BPF_NOEXIST);
}

#endif
