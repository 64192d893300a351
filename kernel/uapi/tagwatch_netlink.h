/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What crosses AF_NETLINK between the kernel side and an agent. docs/protocol.md says who sends what
 * when; the Java offsets are tested against this header as the compiler lays it out.
 *
 * Two protocols share the socket. The one of 2020 (twn_2020_*) is fixed for ever. The extended one
 * (twn_*) starts each payload with TWN_MAGIC, at the place where a kernel of 2020 looks for its key,
 * and has its operation, which is 0x80 or more, where that kernel looks for its message id: such a
 * kernel finds a wrong key, an unknown id and pid 0, and nothing that it could act on.
 *
 *   every extended request, 24 bytes, host byte order
 *   0         4    5    6     8         12        16                 24
 *   +---------+----+----+-----+---------+---------+------------------+
 *   | magic   | op | ver| tag | 0       | length  | session          |
 *   +---------+----+----+-----+---------+---------+------------------+
 *
 *   every extended message from the kernel, 32 bytes
 *   0         4    5    6     8         12        16                 24        28        32
 *   +---------+----+----+-----+---------+---------+------------------+---------+---------+
 *   | magic   | op | ver| tag | reason  | length  | session          | detail  | 0       |
 *   +---------+----+----+-----+---------+---------+------------------+---------+---------+
 *
 * Every size is a multiple of 8 and every field lies at a multiple of its size, so that the layouts
 * are the same on 32-bit machines and for messages that follow each other in one buffer.
 */
#ifndef TAGWATCH_NETLINK_H
#define TAGWATCH_NETLINK_H

#include <linux/types.h>

/* Protocol number of the socket when nothing else is configured. */
#define TWN_NETLINK 31

/* ------------------------------------------------------------------ 2020 */

#define TWN_2020_RING 128
#define TWN_2020_LIVE_MAGIC 0x7845
/* u16 words of a live record before the features; one more follows them: the sequence */
#define TWN_2020_LIVE_HEAD 6
/* what user space of 2020 sends: the request, and 280 bytes of its stack */
#define TWN_2020_REQUEST_SENT 292
/* the answer to a request: these bytes without a terminator */
#define TWN_2020_ACK "ACK"
#define TWN_2020_ACK_SIZE 3

enum twn_2020_id {
	TWN_2020_REGISTRATION = 1,
	TWN_2020_KEEP_ALIVE = 2,
	TWN_2020_FEED = 3,
	TWN_2020_BLOCK = 4,
	TWN_2020_IMAGE = 5,
	TWN_2020_ADD_PROCESS = 6,
	TWN_2020_DELETE_PROCESS = 7,
};

struct twn_2020_request {
	__u32 key;
	__u8 id;
	__u8 reserved;
	__u16 tag;
	__s32 pid;
};

struct twn_2020_reply {
	__u16 id;
	__u16 reserved0;
	__u32 seed; /* 0 from our kernel side: 2020 gave its key away here */
	__u16 sequence;
	__u16 reserved1;
	__s32 pid;
	__u16 payload[TWN_2020_RING]; /* hook ids, oldest first, zeros in front; or a pid in 0 and 1 */
};

/* -------------------------------------------------------------- extended */

#define TWN_MAGIC 0x324e5754u /* "TWN2" in little-endian order */
#define TWN_VERSION 1
/* nlmsg_type of every extended message; nlmsg_flags of a request have NLM_F_REQUEST */
#define TWN_TYPE 0x5457

#define TWN_KEY_PATH "/sys/kernel/security/tagwatch/key" /* 64 hexadecimal digits and a newline */
#define TWN_KEY_SIZE 32
#define TWN_RING_SLOTS 128
#define TWN_HOOKS_MAX 512 /* hook ids are below */
#define TWN_HOOK_WORDS (TWN_HOOKS_MAX / 64)
#define TWN_FEATURES_MAX 32 /* of one hook */
#define TWN_NAME_MAX 48
#define TWN_FEATURE_NAME_MAX 28
#define TWN_PATH_MAX 128
/* No message is longer. An agent's receive buffer for one message has this size. */
#define TWN_MESSAGE_MAX 32768

/* The answer to a request has the request's op. */
enum twn_op {
	TWN_HELLO = 0x80, /* struct twn_request -> struct twn_hello; needs the capability only */
	TWN_REGISTER = 0x81, /* struct twn_register -> struct twn_registered */
	TWN_UNREGISTER = 0x82, /* struct twn_request -> struct twn_answer */
	TWN_KEEP_ALIVE = 0x83, /* struct twn_request -> struct twn_status */
	TWN_MODE = 0x84, /* struct twn_mode_request -> struct twn_answer */
	TWN_IMAGE = 0x85, /* struct twn_image_request -> struct twn_image */
	TWN_VERDICT = 0x86, /* struct twn_verdict_request -> struct twn_answer, detail: processes */
	TWN_TASKS = 0x87, /* struct twn_page_request -> struct twn_page of struct twn_task */
	TWN_VERDICTS = 0x88, /* struct twn_page_request -> struct twn_page of struct twn_verdict */
	TWN_HOOKS = 0x89, /* struct twn_page_request -> struct twn_page of struct twn_hook; no session */
	TWN_FEED = 0x90, /* unasked: struct twn_feed; nlmsg_seq 0 */
};

enum twn_reason {
	TWN_OK = 0,
	TWN_UNKNOWN_OP = 1,
	TWN_BAD_LENGTH = 2, /* detail: the length that was expected */
	TWN_BAD_VERSION = 3, /* detail: the version that is spoken */
	TWN_NOT_CAPABLE = 4, /* socket or sender lacks CAP_SYS_ADMIN */
	TWN_BAD_NAMESPACE = 5, /* not the initial user, pid and network namespace */
	TWN_BAD_KEY = 6,
	TWN_TAG_HELD = 7, /* detail: port id of the agent that holds it */
	TWN_NOT_REGISTERED = 8, /* no such session for that tag: register again */
	TWN_NO_TASK = 9, /* none with that id and start time, or its image is gone */
	TWN_OTHER_TAG = 10, /* the task does not carry the registrant's tag */
	TWN_UNTOUCHABLE = 11, /* pid 1, or the process of an agent */
	TWN_INVALID = 12, /* detail: offset of the field */
	TWN_UNSUPPORTED = 13,
	TWN_NO_MEMORY = 14,
	TWN_FULL = 15, /* no room for one more registration */
	TWN_INACTIVE = 16, /* the security module is not active: lsm= does not name it */
};

enum twn_mode {
	TWN_MODE_LIVE = 0,
	TWN_MODE_SNAPSHOT = 1,
};

enum twn_verdict_kind {
	TWN_VERDICT_SUSPEND = 1,
	TWN_VERDICT_DENY = 2,
	TWN_VERDICT_KILL = 3,
	TWN_VERDICT_RELEASE = 4, /* lifts what was decided for that process */
};

enum twn_scope {
	TWN_SCOPE_PROCESS = 0,
	TWN_SCOPE_SUBTREE = 1,
	TWN_SCOPE_TAG = 2,
};

enum twn_origin {
	TWN_ORIGIN_FORKED = 0,
	TWN_ORIGIN_EXECUTED = 1,
	TWN_ORIGIN_ADOPTED = 2,
};

/* The order is that of tagwatch.event.FeatureType. */
enum twn_feature_type {
	TWN_FEATURE_PATH_CLASS = 0,
	TWN_FEATURE_OPEN_FLAGS = 1,
	TWN_FEATURE_ADDRESS_FAMILY = 2,
	TWN_FEATURE_PORT_CLASS = 3,
	TWN_FEATURE_PROTECTION = 4,
	TWN_FEATURE_SIZE_CLASS = 5,
	TWN_FEATURE_MODE = 6,
	TWN_FEATURE_CAPABILITY = 7,
	TWN_FEATURE_UID_CLASS = 8,
	TWN_FEATURE_FLAGS = 9,
	TWN_FEATURE_COMMAND = 10,
};

struct twn_request {
	__u32 magic;
	__u8 op;
	__u8 version;
	__u16 tag;
	__s32 reserved; /* 0: a kernel of 2020 takes it for a pid */
	__u32 length; /* of the whole payload; longer payloads are cut to it */
	__aligned_u64 session; /* from struct twn_registered; 0 where there is none yet */
};

struct twn_answer {
	__u32 magic;
	__u8 op;
	__u8 version;
	__u16 tag;
	__u32 reason; /* if it is not TWN_OK, no more than this structure follows */
	__u32 length; /* of the whole payload */
	__aligned_u64 session;
	__u32 detail;
	__u32 reserved;
};

/* Totals for the tag since boot; an agent subtracts those that it registered with. */
struct twn_counters {
	__aligned_u64 emitted; /* events that were recorded */
	__aligned_u64 settled; /* of these: sent live (or lost there), fetched, or evicted */
	__aligned_u64 lost; /* live: events that found no room in the agent's queue, or no memory */
	__aligned_u64 evicted; /* events in images of exited tasks that were dropped unfetched */
	__aligned_u64 tasks; /* tasks that came into view */
	__aligned_u64 storage_failures; /* tasks without a ring, because there was no memory */
	__aligned_u64 verdict_hits; /* hooks that met a verdict */
	__aligned_u64 notices_lost; /* records of a feed that are no events */
};

struct twn_hello {
	struct twn_answer answer;
	__aligned_u64 domain; /* random; sequences and totals count within it: one boot */
	__u32 vocabulary; /* changes when a hook or a feature does */
	__u16 hooks;
	__u16 ring_slots;
	__u16 slot_features; /* features of each image slot, 0 to TWN_FEATURES_MAX */
	__u16 reserved;
	__u32 verdicts; /* bit n: verdict kind n */
};

struct twn_register {
	struct twn_request request;
	__u8 key[TWN_KEY_SIZE]; /* never echoed, never printed */
	__u16 expiry_seconds; /* wished; 0: the kernel's default */
	__u16 ready_slots; /* unfetched events after which a task is reported as ready; 0: never */
	__u32 reserved;
};

/* The totals are read before the registration takes effect. It starts in snapshot mode. */
struct twn_registered {
	struct twn_answer answer; /* its session, 64 random bits, is what later requests carry, from any port */
	__aligned_u64 domain;
	__u16 expiry_seconds;
	__u16 keep_alive_seconds; /* at most a third of the expiry */
	__u32 reserved;
	struct twn_counters counters;
};

struct twn_status {
	struct twn_answer answer;
	__u32 sequence; /* of the last feed message, sent or lost; 0: none yet */
	__u16 mode;
	__u16 reserved;
	struct twn_counters counters;
};

struct twn_mode_request {
	struct twn_request request;
	__u16 mode;
	__u16 ready_slots;
	__u32 reserved;
};

/* The image is fetched, i.e. settled, and that of an exited task freed, once the answer is queued. */
#define TWN_IMAGE_FETCH 1
/* Not set: all slots are shown and nothing changes. */

struct twn_image_request {
	struct twn_request request;
	__u32 tid;
	__u32 flags;
	__aligned_u64 start_time;
};

/* A task as the kernel keeps it. task_struct.pid, .tgid and .start_boottime name tasks for good. */
struct twn_task {
	__u16 size; /* of this record */
	__u16 flags;
	__u16 tag;
	__u16 origin;
	__u32 tid;
	__u32 tgid;
	__aligned_u64 start_time;
	__aligned_u64 leader_start;
	__aligned_u64 parent_start;
	__u32 parent_tid; /* 0: no tagged parent */
	__u32 reserved;
	__aligned_u64 sequence; /* of its newest event; the first has 1 */
	__aligned_u64 settled; /* events up to here have been sent, fetched or evicted */
	__aligned_u64 time_ns; /* boot time of its newest event, of its start if there is none */
};

#define TWN_TASK_EXITED 1 /* only its image is left */

struct twn_image {
	struct twn_answer answer;
	struct twn_task task; /* settled: as it was before this fetch */
	__u16 count; /* slots that follow, oldest first; the last has the sequence task.sequence */
	__u16 slot_size; /* sizeof(struct twn_slot) + 2 * features, padded to 8 */
	__u16 slot_features;
	__u16 reserved;
	/* slots */
};

struct twn_slot {
	__aligned_u64 time_ns;
	__u16 hook;
	__u16 reserved[3];
	/* __u16 features[slot_features] */
};

struct twn_verdict_request {
	struct twn_request request;
	__u32 tid; /* any thread of the process */
	__u16 kind;
	__u16 scope;
	__aligned_u64 start_time;
	__aligned_u64 hooks[TWN_HOOK_WORDS]; /* deny: bit id % 64 of word id / 64; none: all that can */
};

struct twn_verdict {
	__u16 size;
	__u16 kind;
	__u16 scope;
	__u16 reserved;
	__u32 tgid;
	__u32 origin_tgid; /* the process that it was decided for */
	__aligned_u64 start_time;
	__aligned_u64 origin_start;
	__aligned_u64 since_ns;
	__aligned_u64 hooks[TWN_HOOK_WORDS];
};

/* Only tasks with unsettled events, and those that have exited. */
#define TWN_PAGE_NEWS 1

struct twn_page_request {
	struct twn_request request;
	__aligned_u64 cursor; /* 0, then that of the page before */
	__u32 flags;
	__u32 reserved;
};

struct twn_page {
	struct twn_answer answer;
	__aligned_u64 cursor; /* of the next page; 0: this is the last */
	__u32 count; /* records that follow, each starting with its own size */
	__u32 reserved;
};

struct twn_feature {
	__u16 type;
	__u16 reserved;
	char name[TWN_FEATURE_NAME_MAX]; /* zero-terminated, e.g. file.path */
};

#define TWN_HOOK_CAN_DENY 1

struct twn_hook {
	__u16 size; /* with the features */
	__u16 id; /* stable: belongs to the name in every kernel version */
	__u16 flags;
	__u16 features; /* struct twn_feature that follow */
	char name[TWN_NAME_MAX]; /* zero-terminated, as in lsm_hook_defs.h */
};

/* ------------------------------------------------------------------ feed */

enum twn_record_kind {
	TWN_RECORD_EVENT = 0, /* live mode; features follow */
	TWN_RECORD_START = 1, /* struct twn_start: before any event of the task */
	TWN_RECORD_EXEC = 2, /* struct twn_exec: between the events of the old program and the new */
	TWN_RECORD_EXIT = 3, /* after its last event; sequence: that of the last event */
	TWN_RECORD_READY = 4, /* snapshot mode: ready_slots are reached; again only after a fetch */
};

struct twn_feed {
	struct twn_answer answer;
	__u32 sequence; /* one more than that of the feed message before, which may be lost */
	__u32 count; /* records that follow */
	__aligned_u64 lost; /* of this registration so far: events */
	__aligned_u64 notices_lost; /* and others */
};

struct twn_record {
	__u16 size;
	__u16 kind;
	__u16 hook;
	__u16 features; /* u16 values that follow the record, padded to 8 bytes */
	__u32 tid;
	__u32 tgid;
	__aligned_u64 start_time;
	__aligned_u64 sequence; /* the task's own count, from 1; of no event: that of the event before */
	__aligned_u64 time_ns;
};

struct twn_start {
	struct twn_record record;
	__aligned_u64 leader_start;
	__aligned_u64 parent_start;
	__u32 parent_tid;
	__u16 tag;
	__u16 origin;
};

/*
 * A thread other than the leader that calls execve takes the leader's id and start time over: the
 * old names are then here, its session under them has ended, and the record's task starts anew,
 * counting from 1.
 */
struct twn_exec {
	struct twn_record record;
	__u32 old_tid; /* 0: the leader itself called */
	__u32 reserved;
	__aligned_u64 old_start;
	__aligned_u64 old_sequence;
	char path[TWN_PATH_MAX]; /* zero-terminated; cut if longer; empty: unknown */
};

_Static_assert(sizeof(struct twn_2020_request) == 12, "layout");
_Static_assert(sizeof(struct twn_2020_reply) == 272, "layout");
_Static_assert(sizeof(struct twn_request) == 24, "layout");
_Static_assert(sizeof(struct twn_answer) == 32, "layout");
_Static_assert(sizeof(struct twn_counters) == 64, "layout");
_Static_assert(sizeof(struct twn_hello) == 56, "layout");
_Static_assert(sizeof(struct twn_register) == 64, "layout");
_Static_assert(sizeof(struct twn_registered) == 112, "layout");
_Static_assert(sizeof(struct twn_status) == 104, "layout");
_Static_assert(sizeof(struct twn_mode_request) == 32, "layout");
_Static_assert(sizeof(struct twn_image_request) == 40, "layout");
_Static_assert(sizeof(struct twn_task) == 72, "layout");
_Static_assert(sizeof(struct twn_image) == 112, "layout");
_Static_assert(sizeof(struct twn_slot) == 16, "layout");
_Static_assert(sizeof(struct twn_verdict_request) == 104, "layout");
_Static_assert(sizeof(struct twn_verdict) == 104, "layout");
_Static_assert(sizeof(struct twn_page_request) == 40, "layout");
_Static_assert(sizeof(struct twn_page) == 48, "layout");
_Static_assert(sizeof(struct twn_feature) == 32, "layout");
_Static_assert(sizeof(struct twn_hook) == 56, "layout");
_Static_assert(sizeof(struct twn_feed) == 56, "layout");
_Static_assert(sizeof(struct twn_record) == 40, "layout");
_Static_assert(sizeof(struct twn_start) == 64, "layout");
_Static_assert(sizeof(struct twn_exec) == 192, "layout");
/* an image of the widest slots fits a message */
_Static_assert(sizeof(struct twn_image) + TWN_RING_SLOTS * (16 + 2 * TWN_FEATURES_MAX) <= TWN_MESSAGE_MAX,
	       "layout");

#endif
