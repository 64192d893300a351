/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What crosses the border between the kernel programs and the agent. The Java offsets are tested
 * against this header as the compiler lays it out. Changing a layout or a number needs a new
 * TW_LAYOUT: programs of another version may still be pinned and recording.
 *
 *   record of one event, 48 bytes, native byte order
 *   +--------+--------+--------+----+----+----+---+----+--------+
 *   | time   | seq    | start  |tid |tgid| id |tag|kind|features|
 *   +--------+--------+--------+----+----+----+---+----+--------+
 *   0        8        16       24   28   32   36  38   40       48
 *
 * Every record names the task completely, so that an agent that started later, or that lost the
 * record of the task's start, can still make the session.
 */
#ifndef TAGWATCH_EVENT_H
#define TAGWATCH_EVENT_H

#include <linux/types.h>

#define TW_LAYOUT 2

/* Events that each task keeps in the kernel. */
#define TW_RING_SLOTS 128
/* Ancestors that a process remembers: a chain of more dead generations than this is cut. */
#define TW_LINEAGE 8
#define TW_FEATURES 4
#define TW_PATH_MAX 128
/* One bit for each hash of (tag, hook before, hook). */
#define TW_FAMILIAR_BITS (1 << 19)

/* Name spaces of hook ids: the upper byte; the number below is saturated, never masked. */
enum tw_abi {
	TW_ABI_TASK = 0,
	TW_ABI_X86_64 = 1,
	TW_ABI_I386 = 2,
	TW_ABI_X32 = 3,
	TW_ABI_IO_URING = 4,
};

#define TW_NUMBER_OUT_OF_RANGE 0xffffffu

enum tw_task_hook {
	TW_TASK_FORK = 1,
	TW_TASK_EXEC = 2,
	TW_TASK_EXIT = 3,
};

enum tw_kind {
	TW_KIND_EVENT = 0, /* struct tw_event */
	TW_KIND_FORK = 1, /* struct tw_task_event, an event */
	TW_KIND_EXEC = 2, /* struct tw_exec_event, an event */
	TW_KIND_EXIT = 3, /* struct tw_task_event, an event */
	TW_KIND_ADOPT = 4, /* struct tw_task_event, no event: a running task got its tag */
	TW_KIND_UNKNOWN_EXE = 5, /* struct tw_notice, no event: whose tag is not known here */
	TW_KIND_IMAGE = 6, /* struct tw_image, no event: what a task recorded, at its end or asked for */
};

enum tw_origin {
	TW_ORIGIN_FORKED = 0,
	TW_ORIGIN_EXECUTED = 1,
	TW_ORIGIN_ADOPTED = 2,
};

enum tw_mode {
	TW_MODE_LIVE = 0,
	TW_MODE_SNAPSHOT = 1,
};

/* What ends the agent's sleep. */
enum tw_sleep {
	TW_SLEEP_NONE = 0,
	TW_SLEEP_ANY = 1,
	TW_SLEEP_UNFAMILIAR = 2,
};

enum tw_verdict_kind {
	TW_VERDICT_SUSPEND = 1,
	TW_VERDICT_KILL = 3,
};

enum tw_phase {
	TW_PHASE_FULL = 0,
	/* the agent is still stopping the process: a call meets SIGSTOP, not SIGKILL */
	TW_PHASE_STOPPING = 1,
};

enum tw_scope {
	TW_SCOPE_PROCESS = 0,
	TW_SCOPE_SUBTREE = 1,
	TW_SCOPE_TAG = 2,
};

/* Feature values. Appended to, never renumbered: recordings and models keep them. */
enum tw_path_class {
	TW_PATH_NONE,
	TW_PATH_UNREADABLE,
	TW_PATH_RELATIVE,
	TW_PATH_ROOT,
	TW_PATH_ETC,
	TW_PATH_CREDENTIALS,
	TW_PATH_PROC,
	TW_PATH_PROC_SELF,
	TW_PATH_SYS,
	TW_PATH_DEV,
	TW_PATH_DEV_SHM,
	TW_PATH_TMP,
	TW_PATH_BIN,
	TW_PATH_LIB,
	TW_PATH_HOME,
	TW_PATH_VAR,
	TW_PATH_RUN,
	TW_PATH_USR_SHARE,
	TW_PATH_BOOT,
	TW_PATH_RELATIVE_PARENT,
	TW_PATH_OTHER,
};

enum tw_port_class {
	TW_PORT_NONE,
	TW_PORT_ZERO,
	TW_PORT_DNS,
	TW_PORT_HTTP,
	TW_PORT_HTTPS,
	TW_PORT_SSH_TELNET,
	TW_PORT_SYSTEM,
	TW_PORT_USER,
	TW_PORT_DYNAMIC,
	TW_PORT_LOOPBACK_USER,
};

enum tw_uid_class {
	TW_UID_ROOT,
	TW_UID_SYSTEM,
	TW_UID_USER,
	TW_UID_NOBODY,
	TW_UID_UNCHANGED,
};

#define TW_FAMILY_UNREADABLE 0xffff

/* PROT_* is bits 0-2. */
#define TW_PROT_SHARED 0x08
#define TW_PROT_ANONYMOUS 0x10
#define TW_PROT_FIXED 0x20

/*
 * open(2) flags folded to 16 bits; the access mode is bits 0-1. O_NOCTTY and O_LARGEFILE are left
 * out: they follow the C library, not the program's intent.
 */
#define TW_OPEN_CREAT 0x0004
#define TW_OPEN_EXCL 0x0008
#define TW_OPEN_TRUNC 0x0010
#define TW_OPEN_APPEND 0x0020
#define TW_OPEN_NONBLOCK 0x0040
#define TW_OPEN_SYNC 0x0080
#define TW_OPEN_DIRECT 0x0100
#define TW_OPEN_DIRECTORY 0x0200
#define TW_OPEN_NOFOLLOW 0x0400
#define TW_OPEN_NOATIME 0x0800
#define TW_OPEN_CLOEXEC 0x1000
#define TW_OPEN_PATH 0x2000
#define TW_OPEN_TMPFILE 0x4000
#define TW_OPEN_UNREADABLE 0x8000

struct tw_event {
	__u64 time_ns; /* since boot, suspend included */
	__u64 sequence; /* the task's own count, from 1 */
	__u64 start_time; /* task_struct.start_boottime */
	__u32 tid;
	__u32 tgid;
	__u32 id; /* abi << 24 | number */
	__u16 tag;
	__u16 kind;
	__u16 features[TW_FEATURES];
};

/* A thread group: stable over execve of any thread, which takes over the leader's id and time. */
struct tw_process {
	__u32 tgid;
	__u32 reserved;
	__u64 start_time;
};

struct tw_task_event {
	struct tw_event event;
	__u64 leader_start;
	__u64 parent_start;
	__u32 parent_tid; /* 0: no tagged parent */
	__u16 origin;
	__u16 reserved;
};

/*
 * A file as the kernel itself identifies it. Never filled from stat(2): overlayfs shows user space
 * another device number. Size and time tell a file that was rewritten in place.
 */
struct tw_file {
	__u64 device;
	__u64 inode;
	__u64 size;
	__u64 mtime_s;
	__u64 mtime_ns;
};

struct tw_exec_event {
	struct tw_task_event task;
	struct tw_file file;
	/* thread that called execve if that was not the leader; its session ends here, 0 else */
	__u32 old_tid;
	__u32 reserved;
	__u64 old_start;
	__u64 old_sequence;
	char path[TW_PATH_MAX];
};

struct tw_notice {
	struct tw_event event;
	struct tw_file file;
};

struct tw_slot {
	__u64 time_ns;
	__u32 id;
	__u32 reserved;
	__u16 features[TW_FEATURES];
};

/* What the kernel keeps for each tagged task. Event n lies in slot n % TW_RING_SLOTS. */
struct tw_task {
	__u64 sequence;
	__u64 fetched; /* events up to here are on the agent's account, or counted as lost */
	__u64 start_time;
	__u64 leader_start;
	__u64 parent_start;
	__u32 tid;
	__u32 tgid;
	__u32 parent_tid;
	__u16 tag;
	__u16 origin;
	__u32 exited;
	__u32 last_id; /* of the event before, inherited at fork */
	struct tw_process lineage[TW_LINEAGE]; /* nearest ancestor first */
	struct tw_slot slots[TW_RING_SLOTS];
};

/*
 * The task goes on recording while it is copied: only slots newer than sequence_after + 1 -
 * TW_RING_SLOTS can be trusted.
 */
struct tw_image {
	struct tw_event event;
	struct tw_task task;
	__u64 fetched_before;
	__u64 sequence_after;
};

struct tw_verdict {
	__u32 kind;
	__u32 scope;
	__u32 phase;
	__u32 tag;
	__u64 since_ns;
	struct tw_process origin; /* the process that it was decided for */
};

/* One of two slots; valid if position is the consumer position of the ring. */
struct tw_account {
	__u64 position;
	__u64 consumed;
};

/* Written by the agent, mapped by it; one line of the cache for each writer. */
struct tw_control {
	__u32 layout;
	__u32 mode;
	__u32 verdicts; /* 0: no verdict is in force, the hooks need not look */
	__u32 agent_tgid;
	__u32 reserved;
	__u32 cpus;
	__u32 wanted_fd; /* for the file_key program */
	__u32 reserved0;
	__u64 agent_start;
	__u32 reserved1[6];
	__u32 sleeping; /* enum tw_sleep: the agent waits, wake it once */
	__u32 reserved2[15];
	struct tw_account account[2];
	__u64 lost_seen;
	__u64 reserved3[3];
};

/*
 * Pairs of events that the agent found ordinary. Set by the agent, which maps it. Two pairs may share a
 * bit: the second one is then read a little later, and nothing else.
 */
struct tw_familiar {
	__u64 words[TW_FAMILIAR_BITS / 64];
};

static inline __u32 tw_familiar_bit(__u16 tag, __u32 previous, __u32 id)
{
	__u64 pair = ((__u64)previous << 32 | id) ^ tag * 0xc2b2ae3d27d4eb4fULL;

	return pair * 0x9e3779b97f4a7c15ULL >> 45;
}

/* One element per processor and one for programs that the agent runs itself. */
struct tw_counters {
	__u64 emitted;
	__u64 lost;
	__u64 lost_records; /* not events: adoptions, notices, images */
	__u64 storage_failures;
	__u64 verdict_hits;
	__u64 tasks;
	__u64 lost_starts; /* of lost: fork and exec */
	__u64 lost_ends; /* of lost: exit */
	__u64 reserved[8];
};

_Static_assert(sizeof(struct tw_event) == 48, "layout");
_Static_assert(sizeof(struct tw_task_event) == 72, "layout");
_Static_assert(sizeof(struct tw_exec_event) == 264, "layout");
_Static_assert(sizeof(struct tw_notice) == 88, "layout");
_Static_assert(sizeof(struct tw_slot) == 24, "layout");
_Static_assert(sizeof(struct tw_task) == 64 + 16 * TW_LINEAGE + 24 * TW_RING_SLOTS, "layout");
/* the agent maps one page behind the ring's end, so no record may be longer */
_Static_assert(sizeof(struct tw_image) < 4096 - 8, "layout");
_Static_assert(sizeof(struct tw_verdict) == 40, "layout");
_Static_assert(sizeof(struct tw_control) == 192, "layout");
_Static_assert(sizeof(struct tw_counters) == 128, "layout");

#endif
