/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The few kernel structures that the programs read, with only the members that they read. libbpf
 * moves each access to where the running kernel has the member (CO-RE). A generated vmlinux.h would
 * give the same code, but the build would depend on the BTF of whatever kernel builds it.
 */
#ifndef TAGWATCH_CORE_H
#define TAGWATCH_CORE_H

#include <linux/types.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct pt_regs {
	unsigned long r10, r9, r8;
	unsigned long bp, bx, cx, dx, si, di;
};

struct thread_info {
	__u32 status;
};

typedef struct {
	int counter;
} atomic_t;

struct signal_struct {
	atomic_t live;
};

struct super_block {
	__u32 s_dev;
};

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
	long long i_size;
};

struct timespec64 {
	long long tv_sec;
	long tv_nsec;
};

/* up to 6.6 */
struct inode___old {
	struct timespec64 i_mtime;
};

/* 6.7 to 6.10 */
struct inode___hidden {
	struct timespec64 __i_mtime;
};

/* since 6.11 */
struct inode___split {
	long long i_mtime_sec;
	__u32 i_mtime_nsec;
};

struct file {
	struct inode *f_inode;
};

struct mm_struct {
	struct file *exe_file;
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	int exit_code;
	__u32 pid;
	__u32 tgid;
	__u64 start_boottime;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct signal_struct *signal;
};

struct linux_binprm {
	struct file *file;
	const char *filename;
};

struct io_kiocb {
	__u8 opcode;
};

struct seq_file {
	unsigned long count;
};

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

#define PF_IO_WORKER 0x00000010
#define PF_KTHREAD 0x00200000
#define TS_COMPAT 0x0002
#define X32_SYSCALL_BIT 0x40000000

#endif
