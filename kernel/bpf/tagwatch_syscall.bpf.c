// SPDX-License-Identifier: GPL-2.0
/*
 * Stock kernels without BPF LSM: events are system calls, io_uring requests and what becomes of
 * tasks. tp_btf and not kprobes, because its arguments are checked types and it costs least.
 */
#include "core.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "maps.h"
#include "features.h"
#include "lineage.h"
#include "record.h"
#include "verdicts.h"
#include "tagwatch_shapes.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline __u32 hook_id(__u32 abi, __u64 number)
{
	return abi << 24 | (number > TW_NUMBER_OUT_OF_RANGE ? TW_NUMBER_OUT_OF_RANGE : (__u32)number);
}

static __always_inline __u64 argument(struct pt_regs *regs, bool compat, __u8 index)
{
	switch (index) {
	case 0:
		return compat ? (__u32)regs->bx : regs->di;
	case 1:
		return compat ? (__u32)regs->cx : regs->si;
	case 2:
		return compat ? (__u32)regs->dx : regs->dx;
	case 3:
		return compat ? (__u32)regs->si : regs->r10;
	case 4:
		return compat ? (__u32)regs->di : regs->r8;
	case 5:
		return compat ? (__u32)regs->bp : regs->r9;
	}
	return 0;
}

static __always_inline union tw_features features_of(struct pt_regs *regs, bool compat,
						     const struct tw_shape *shape)
{
	union tw_features features = {};

#pragma unroll
	for (int i = 0; i < TW_FEATURES; i++) {
		__u8 what = shape->slots[i].extract;
		__u8 index = shape->slots[i].argument;

		if (!what)
			break;
		features.slots[i] = extract(what, argument(regs, compat, index),
					    what == TW_EXTRACT_MAP_PROTECTION ?
						    argument(regs, compat, index + 1) :
						    0);
	}
	return features;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tw_task *state = bpf_task_storage_get(&tasks, task, 0, 0);
	const struct tw_shape *shapes = shapes_x86_64;
	union tw_features features = {};
	struct tw_control *now;
	struct tw_counters *count;
	__u64 call = (__u64)number;
	__u32 abi = TW_ABI_X86_64;
	bool compat = false;

	if (!state)
		return 0;
	now = the_control();
	count = counters_here();
	if (!now || !count)
		return 0;
	/* int 0x80 is open to 64-bit programs too: the task's last entry decides, not its binary */
	if (task->thread_info.status & TS_COMPAT) {
		abi = TW_ABI_I386;
		shapes = shapes_i386;
		compat = true;
		call = (__u32)number;
	} else if ((call >> 30) == 1) {
		abi = TW_ABI_X32;
		shapes = shapes_x32;
		call -= X32_SYSCALL_BIT;
	}
	if (call < TW_SHAPES)
		features = features_of(regs, compat, &shapes[call]);
	emit(now, count, state, hook_id(abi, call), features);
	if (*(volatile __u32 *)&now->verdicts)
		obey(state, now, count);
	return 0;
}

/*
 * Fires after copy_process and before the child is woken: whatever the child does comes later than
 * its state and its first event.
 */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct tw_task *from = bpf_task_storage_get(&tasks, parent, 0, 0);
	struct tw_control *now = the_control();
	struct tw_counters *count = counters_here();
	union tw_features features = {};
	struct tw_task *state;

	if (!from || !now || !count)
		return 0;
	state = bpf_task_storage_get(&tasks, child, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!state) {
		count->storage_failures++;
		return 0;
	}
	identify(state, child);
	inherit(state, from);
	state->origin = TW_ORIGIN_FORKED;
	features.slots[0] = state->tgid == from->tgid;
	count->tasks++;
	emit_fork(now, count, state, features);
	if (*(volatile __u32 *)&now->verdicts && state->tgid != from->tgid)
		inherit_verdict(from, state);
	return 0;
}

static __always_inline void identify_file(struct tw_file *key, struct inode *inode)
{
	key->device = inode->i_sb->s_dev;
	key->inode = inode->i_ino;
	key->size = inode->i_size;
	if (bpf_core_field_exists(struct inode___split, i_mtime_sec)) {
		key->mtime_s = ((struct inode___split *)inode)->i_mtime_sec;
		key->mtime_ns = ((struct inode___split *)inode)->i_mtime_nsec;
	} else if (bpf_core_field_exists(struct inode___hidden, __i_mtime)) {
		key->mtime_s = ((struct inode___hidden *)inode)->__i_mtime.tv_sec;
		key->mtime_ns = ((struct inode___hidden *)inode)->__i_mtime.tv_nsec;
	} else {
		key->mtime_s = ((struct inode___old *)inode)->i_mtime.tv_sec;
		key->mtime_ns = ((struct inode___old *)inode)->i_mtime.tv_nsec;
	}
}

/* Asks the agent about a file once: the answer replaces the mark, and a lost question leaves none. */
static __always_inline void ask(struct tw_control *now, struct tw_counters *count, struct task_struct *task,
				const struct tw_file *file)
{
	__u32 asked = 0;
	struct tw_notice *notice;

	if (bpf_map_lookup_elem(&exe_seen, file))
		return;
	notice = bpf_ringbuf_reserve(&events, sizeof(*notice), 0);
	if (!notice) {
		count->lost_records++;
		return;
	}
	__builtin_memset(notice, 0, sizeof(*notice));
	notice->event.time_ns = bpf_ktime_get_boot_ns();
	notice->event.start_time = task->start_boottime;
	notice->event.tid = task->pid;
	notice->event.tgid = task->tgid;
	notice->event.kind = TW_KIND_UNKNOWN_EXE;
	notice->file = *file;
	bpf_map_update_elem(&exe_seen, file, &asked, BPF_ANY);
	bpf_ringbuf_submit(notice, BPF_RB_NO_WAKEUP);
	wake_agent(now);
}

static __always_inline void emit_exec(struct tw_control *now, struct tw_counters *count,
				      struct tw_task *state, const struct tw_file *file, const char *path,
				      const struct tw_event *old)
{
	union tw_features features = {};
	__u64 time = bpf_ktime_get_boot_ns();
	__u32 previous = state->last_id;
	struct tw_exec_event *record;

	features.slots[0] = path_class_of_kernel(path);
	keep(state, TW_TASK_EXEC, time, features);
	count->emitted++;
	if (!live(now))
		return;
	state->fetched++;
	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count->lost++;
		count->lost_starts++;
		return;
	}
	describe(&record->task.event, state, TW_KIND_EXEC, TW_TASK_EXEC, time, features);
	describe_task(&record->task, state);
	record->file = *file;
	record->old_tid = old->tid;
	record->reserved = 0;
	record->old_start = old->start_time;
	record->old_sequence = old->sequence;
	record->path[0] = '\0';
	bpf_probe_read_kernel_str(record->path, sizeof(record->path), path);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	wake_agent_for(now, state, previous, TW_TASK_EXEC);
}

/* A thread that is not the leader takes over the leader's identity at exec, and counts anew. */
static __always_inline void become_leader(struct tw_control *now, struct tw_counters *count,
					  struct tw_task *state, struct task_struct *task,
					  struct tw_event *old)
{
	old->tid = state->tid;
	old->start_time = state->start_time;
	old->sequence = state->sequence;
	if (!live(now))
		emit_last_image(now, count, state);
	state->parent_tid = state->tid;
	state->parent_start = state->start_time;
	state->origin = TW_ORIGIN_EXECUTED;
	state->sequence = 0;
	state->fetched = 0;
	identify(state, task);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct tw_task *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct tw_control *now = the_control();
	struct tw_counters *count = counters_here();
	struct tw_file file = {};
	struct tw_event old = {};
	__u32 *tag;

	if (!now || !count)
		return 0;
	identify_file(&file, bprm->file->f_inode);
	if (!state) {
		tag = bpf_map_lookup_elem(&exe_tags, &file);
		if (!tag) {
			ask(now, count, task, &file);
			return 0;
		}
		state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!state) {
			count->storage_failures++;
			return 0;
		}
		identify(state, task);
		state->tag = *tag;
		state->origin = TW_ORIGIN_EXECUTED;
		count->tasks++;
	} else if (state->tid != task->pid) {
		become_leader(now, count, state, task, &old);
	}
	emit_exec(now, count, state, &file, bprm->filename, &old);
	if (*(volatile __u32 *)&now->verdicts)
		obey(state, now, count);
	return 0;
}

/* Not sched_process_free or task_free: those fire many milliseconds later, from another context. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(sched_process_exit, struct task_struct *task)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct tw_task *state = bpf_task_storage_get(&tasks, current, 0, 0);
	struct tw_control *now = the_control();
	struct tw_counters *count = counters_here();
	union tw_features features = {};
	struct tw_process process;

	if (!state || !now || !count)
		return 0;
	features.slots[0] = current->exit_code;
	emit_exit(now, count, state, features);
	/* the leader's exit is not the group's end: its threads may live on */
	if (*(volatile __u32 *)&now->verdicts && current->signal->live.counter == 0) {
		process = process_of(state);
		bpf_map_delete_elem(&verdicts, &process);
	}
	return 0;
}

/* Kernel threads that work for an io_uring appear without a fork event, at their first request. */
static __always_inline struct tw_task *state_of_worker(struct tw_control *now, struct tw_counters *count,
						       struct task_struct *task)
{
	struct tw_task *from, *state;

	if (!(task->flags & PF_IO_WORKER))
		return NULL;
	from = bpf_task_storage_get(&tasks, task->group_leader, 0, 0);
	if (!from)
		return NULL;
	state = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!state) {
		count->storage_failures++;
		return NULL;
	}
	identify(state, task);
	inherit(state, from);
	state->origin = TW_ORIGIN_ADOPTED;
	emit_adoption(now, count, state);
	return state;
}

static __always_inline int io_uring_request(__u8 opcode)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct tw_task *state = bpf_task_storage_get(&tasks, task, 0, 0);
	struct tw_control *now = the_control();
	struct tw_counters *count = counters_here();
	union tw_features none = {};

	if (!now || !count)
		return 0;
	if (!state) {
		state = state_of_worker(now, count, task);
		if (!state)
			return 0;
	}
	emit(now, count, state, hook_id(TW_ABI_IO_URING, opcode), none);
	if (*(volatile __u32 *)&now->verdicts)
		obey(state, now, count);
	return 0;
}

/* The agent loads the one of the next two that the kernel has; the name changed in 6.4. */
SEC("tp_btf/io_uring_submit_req")
int BPF_PROG(io_uring_submit_req, struct io_kiocb *request)
{
	return io_uring_request(request->opcode);
}

SEC("tp_btf/io_uring_submit_sqe")
int BPF_PROG(io_uring_submit_sqe, void *ring, struct io_kiocb *request)
{
	return io_uring_request(request->opcode);
}

static __always_inline int write_image(struct seq_file *seq, struct tw_task *state, bool collect)
{
	union tw_features none = {};
	struct tw_event head;
	__u64 rest[2];

	describe(&head, state, TW_KIND_IMAGE, 0, bpf_ktime_get_boot_ns(), none);
	if (bpf_seq_write(seq, &head, sizeof(head)) || bpf_seq_write(seq, state, sizeof(*state)))
		return 0;
	rest[0] = state->fetched;
	rest[1] = *(volatile __u64 *)&state->sequence;
	/* written only if the buffer had room: the kernel repeats a task that did not fit */
	if (!bpf_seq_write(seq, rest, sizeof(rest)) && collect)
		state->fetched = head.sequence;
	return 0;
}

SEC("iter/task")
int dump(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct tw_task *state;

	if (!task)
		return 0;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	return state ? write_image(ctx->meta->seq, state, false) : 0;
}

/* As dump, but what is shown is from now on on the agent's account. */
SEC("iter/task")
int collect(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct tw_task *state;

	if (!task)
		return 0;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	return state && !state->exited ? write_image(ctx->meta->seq, state, true) : 0;
}

/* Gives running tasks their tag: by the file they run, or from the parent that forked them. */
SEC("iter/task")
int adopt(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct tw_control *now = the_control();
	struct tw_task *state, *parent = NULL;
	struct tw_counters *count;
	struct tw_file file = {};
	__u32 zero = 0, *tag;
	__u64 one = 1;

	if (!task || !now || task->flags & PF_KTHREAD || bpf_task_storage_get(&tasks, task, 0, 0))
		return 0;
	count = counters_of_agent(now);
	state = bpf_map_lookup_elem(&draft, &zero);
	if (!count || !state || !task->mm)
		return 0;
	if (task->mm->exe_file)
		identify_file(&file, task->mm->exe_file->f_inode);
	tag = bpf_map_lookup_elem(&exe_tags, &file);
	if (task->real_parent)
		parent = bpf_task_storage_get(&tasks, task->real_parent, 0, 0);
	if (!tag && !parent)
		return 0;
	/* all but the ring, which nobody reads beyond the sequence: ancestors of an earlier draft too */
	__builtin_memset(state, 0, __builtin_offsetof(struct tw_task, slots));
	identify(state, task);
	if (parent)
		inherit(state, parent);
	else
		state->tag = *tag;
	state->origin = TW_ORIGIN_ADOPTED;
	if (!bpf_task_storage_get(&tasks, task, state, BPF_LOCAL_STORAGE_GET_F_CREATE)) {
		count->storage_failures++;
		return 0;
	}
	emit_adoption(now, count, state);
	bpf_seq_write(ctx->meta->seq, &one, sizeof(one));
	return 0;
}

/* Forgets tasks whose tag nobody watches any more. */
SEC("iter/task")
int retire(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct tw_task *state;
	__u32 tag;

	if (!task)
		return 0;
	state = bpf_task_storage_get(&tasks, task, 0, 0);
	if (!state)
		return 0;
	tag = state->tag;
	if (!bpf_map_lookup_elem(&watched_tags, &tag))
		bpf_task_storage_delete(&tasks, task);
	return 0;
}

/* The kernel's own name for a file that the agent has open, and for the agent itself. */
SEC("iter/task_file")
int file_key(struct bpf_iter__task_file *ctx)
{
	/* each load from the context is unchecked anew to the verifier: load once */
	struct task_struct *task = ctx->task;
	struct file *open_file = ctx->file;
	struct tw_control *now = the_control();
	struct tw_process agent = {};
	struct tw_file file = {};

	if (!open_file || !task || !now || ctx->fd != now->wanted_fd)
		return 0;
	identify_file(&file, open_file->f_inode);
	agent.tgid = task->tgid;
	agent.start_time = task->group_leader->start_boottime;
	bpf_seq_write(ctx->meta->seq, &file, sizeof(file));
	bpf_seq_write(ctx->meta->seq, &agent, sizeof(agent));
	return 0;
}
