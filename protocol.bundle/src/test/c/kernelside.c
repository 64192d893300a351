// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's side of the extended protocol as a process, on NETLINK_USERSOCK: what the agent is
 * tested against where no such kernel runs. It keeps tasks and rings as docs/protocol.md says; the
 * test tells it on standard input what happens, one line each, and reads "ok" for each line:
 *
 *   start TID START TGID LEADER_START PARENT PARENT_START TAG ORIGIN
 *   events TID COUNT HOOK      execs TID PATH      take TID LEADER LEADER_START PATH
 *   exit TID                   flush               lose COUNT
 *   expire                     deaf MESSAGES       evict TID     held TAG
 */
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tagwatch_netlink.h"

#define TASKS 4096
#define REGISTRATIONS 4
#define FEATURES 2
#define SLOT (sizeof(struct twn_slot) + 8)

struct slot {
	uint64_t time;
	uint16_t hook;
	uint16_t features[FEATURES];
};

struct task {
	struct twn_task about;
	struct slot ring[TWN_RING_SLOTS];
	int there, ready;
};

struct registration {
	uint64_t session;
	uint32_t port, sequence;
	uint16_t tag, mode, ready_slots;
	uint64_t lost, notices_lost;
	uint32_t filled, records;
	char batch[16384];
};

static struct task tasks[TASKS];
static struct registration registrations[REGISTRATIONS];
static struct twn_counters totals;
static struct twn_verdict_request verdict;
static uint64_t clock_ns = 1000000000, sessions;
static int fd, lose, deaf, held = -1;
static char out[TWN_MESSAGE_MAX];

static int post(uint32_t port, uint32_t sequence, const void *data, uint32_t length)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = port };
	static char packet[TWN_MESSAGE_MAX + NLMSG_HDRLEN];
	struct nlmsghdr *header = (void *)packet;

	*header = (struct nlmsghdr) {
		.nlmsg_len = NLMSG_LENGTH(length), .nlmsg_type = TWN_TYPE, .nlmsg_seq = sequence,
	};
	memcpy(NLMSG_DATA(header), data, length);
	return sendto(fd, packet, header->nlmsg_len, MSG_DONTWAIT, (void *)&to, sizeof(to));
}

static struct registration *of_tag(uint16_t tag)
{
	for (int i = 0; i < REGISTRATIONS; i++)
		if (registrations[i].session && registrations[i].tag == tag)
			return &registrations[i];
	return NULL;
}

static struct task *of_tid(uint32_t tid, uint64_t start)
{
	for (int i = 0; i < TASKS; i++)
		if (tasks[i].there && tasks[i].about.tid == tid &&
		    (!start || tasks[i].about.start_time == start))
			return &tasks[i];
	return NULL;
}

/* ------------------------------------------------------------------ feed */

static void flush(struct registration *registration)
{
	struct twn_feed *feed = (void *)out;
	uint32_t length = sizeof(*feed) + registration->filled;

	if (!registration->records)
		return;
	*feed = (struct twn_feed) {
		.answer = { TWN_MAGIC, TWN_FEED, TWN_VERSION, registration->tag, TWN_OK, length,
			    registration->session },
		.sequence = ++registration->sequence,
		.count = registration->records,
		.lost = registration->lost,
		.notices_lost = registration->notices_lost,
	};
	memcpy(feed + 1, registration->batch, registration->filled);
	registration->filled = registration->records = 0;
	if (lose > 0)
		lose--;
	else
		post(registration->port, 0, out, length);
}

static void record(struct task *task, struct twn_record *record, uint16_t kind, uint16_t size)
{
	struct registration *registration = of_tag(task->about.tag);

	if (!registration)
		return;
	record->size = size;
	record->kind = kind;
	record->tid = task->about.tid;
	record->tgid = task->about.tgid;
	record->start_time = task->about.start_time;
	record->sequence = task->about.sequence;
	record->time_ns = clock_ns;
	if (registration->filled + size > sizeof(registration->batch))
		flush(registration);
	memcpy(registration->batch + registration->filled, record, size);
	registration->filled += size;
	registration->records++;
	if (kind != TWN_RECORD_EVENT)
		flush(registration);
}

static void start(struct twn_task about)
{
	struct twn_start start = {
		.leader_start = about.leader_start, .parent_start = about.parent_start,
		.parent_tid = about.parent_tid, .tag = about.tag, .origin = about.origin,
	};

	for (int i = 0; i < TASKS; i++) {
		if (tasks[i].there)
			continue;
		tasks[i] = (struct task) { .about = about, .there = 1 };
		tasks[i].about.size = sizeof(about);
		tasks[i].about.time_ns = clock_ns;
		totals.tasks++;
		record(&tasks[i], &start.record, TWN_RECORD_START, sizeof(start));
		return;
	}
	abort();
}

static void event(struct task *task, uint16_t hook)
{
	struct registration *registration = of_tag(task->about.tag);
	struct { struct twn_record record; uint16_t features[4]; } event = { };
	uint64_t sequence = ++task->about.sequence;
	struct slot *slot = &task->ring[sequence % TWN_RING_SLOTS];

	clock_ns += 1000;
	*slot = (struct slot) { clock_ns, hook, { sequence & 0xffff, hook } };
	task->about.time_ns = clock_ns;
	totals.emitted++;
	if (registration && registration->mode == TWN_MODE_LIVE) {
		totals.settled += sequence - task->about.settled;
		task->about.settled = sequence;
		event.record.hook = hook;
		event.record.features = FEATURES;
		memcpy(event.features, slot->features, sizeof(slot->features));
		record(task, &event.record, TWN_RECORD_EVENT, sizeof(event));
	} else if (registration && registration->ready_slots && !task->ready &&
		   sequence - task->about.settled >= registration->ready_slots) {
		struct twn_record ready = { };

		task->ready = 1;
		record(task, &ready, TWN_RECORD_READY, sizeof(ready));
	}
}

/* --------------------------------------------------------------- requests */

static struct {
	uint32_t port, sequence;
	const struct twn_request *request;
} call;

static void answer(uint32_t reason, uint32_t detail, uint64_t session, void *into, uint32_t length)
{
	*(struct twn_answer *)into = (struct twn_answer) {
		TWN_MAGIC, call.request->op, TWN_VERSION, call.request->tag, reason, length,
		session, detail,
	};
	post(call.port, call.sequence, into, length);
}

static void plain(uint32_t reason, uint32_t detail)
{
	struct twn_answer into;

	answer(reason, detail, call.request->session, &into, sizeof(into));
}

static void hello(void)
{
	struct twn_hello into = {
		.domain = 0xd0, .vocabulary = 1, .hooks = 300, .ring_slots = TWN_RING_SLOTS,
		.slot_features = FEATURES, .verdicts = 0x1e,
	};

	answer(TWN_OK, 0, 0, &into, sizeof(into));
}

static void enroll(void)
{
	const struct twn_register *request = (const void *)call.request;
	struct registration *registration = of_tag(call.request->tag);
	struct twn_registered into = {
		.domain = 0xd0, .expiry_seconds = 3, .keep_alive_seconds = 1, .counters = totals,
	};

	for (int i = 0; i < TWN_KEY_SIZE; i++)
		if (request->key[i] != i)
			return plain(TWN_BAD_KEY, 0);
	if (held == call.request->tag)
		return plain(TWN_TAG_HELD, 4711);
	/* a closed socket gives its tag back; here a new port simply takes it over */
	for (int i = 0; !registration && i < REGISTRATIONS; i++)
		if (!registrations[i].session)
			registration = &registrations[i];
	memset(registration, 0, sizeof(*registration));
	registration->session = 0x5e55000 + ++sessions;
	registration->port = call.port;
	registration->tag = call.request->tag;
	registration->mode = TWN_MODE_SNAPSHOT;
	registration->ready_slots = request->ready_slots;
	answer(TWN_OK, 0, registration->session, &into, sizeof(into));
}

static void keep_alive(struct registration *registration)
{
	struct twn_status into = {
		.sequence = registration->sequence, .mode = registration->mode, .counters = totals,
	};

	answer(TWN_OK, 0, registration->session, &into, sizeof(into));
}

static void image(struct registration *registration)
{
	const struct twn_image_request *request = (const void *)call.request;
	struct task *task = of_tid(request->tid, request->start_time);
	int fetch = request->flags & TWN_IMAGE_FETCH;
	struct twn_image *into = (void *)out;
	uint64_t count, first;

	if (!task)
		return plain(TWN_NO_TASK, 0);
	if (task->about.tag != registration->tag)
		return plain(TWN_OTHER_TAG, 0);
	count = task->about.sequence - (fetch ? task->about.settled : 0);
	if (count > TWN_RING_SLOTS)
		count = TWN_RING_SLOTS;
	first = task->about.sequence - count + 1;
	memset(into, 0, sizeof(*into) + count * SLOT);
	into->task = task->about;
	into->count = count;
	into->slot_size = SLOT;
	into->slot_features = FEATURES;
	for (uint64_t i = 0; i < count; i++) {
		struct slot *from = &task->ring[(first + i) % TWN_RING_SLOTS];
		struct twn_slot *slot = (void *)((char *)(into + 1) + i * SLOT);

		slot->time_ns = from->time;
		slot->hook = from->hook;
		memcpy(slot + 1, from->features, sizeof(from->features));
	}
	answer(TWN_OK, 0, registration->session, into, sizeof(*into) + count * SLOT);
	if (fetch) {
		totals.settled += task->about.sequence - task->about.settled;
		task->about.settled = task->about.sequence;
		task->ready = 0;
		if (task->about.flags & TWN_TASK_EXITED)
			task->there = 0;
	}
}

/* Three to a page, so that there are pages. */
static void list_tasks(struct registration *registration)
{
	const struct twn_page_request *request = (const void *)call.request;
	struct { struct twn_page page; struct twn_task tasks[3]; } into = { };
	uint64_t i;

	for (i = request->cursor; i < TASKS && into.page.count < 3; i++) {
		struct task *task = &tasks[i];

		if (!task->there || task->about.tag != registration->tag ||
		    (request->flags & TWN_PAGE_NEWS && task->about.sequence == task->about.settled &&
		     !(task->about.flags & TWN_TASK_EXITED)))
			continue;
		into.tasks[into.page.count++] = task->about;
	}
	into.page.cursor = i < TASKS ? i : 0;
	answer(TWN_OK, 0, registration->session, &into,
	       sizeof(into.page) + into.page.count * sizeof(struct twn_task));
}

static void decide(void)
{
	const struct twn_verdict_request *request = (const void *)call.request;
	struct task *task = of_tid(request->tid, request->start_time);

	if (request->tid == 1)
		return plain(TWN_UNTOUCHABLE, 0);
	if (!task)
		return plain(TWN_NO_TASK, 0);
	verdict = *request;
	if (request->kind == TWN_VERDICT_RELEASE)
		verdict.tid = 0;
	plain(TWN_OK, 1);
}

static void list_verdicts(struct registration *registration)
{
	struct { struct twn_page page; struct twn_verdict verdict; } into = { };

	if (verdict.tid) {
		into.page.count = 1;
		into.verdict = (struct twn_verdict) {
			.size = sizeof(into.verdict), .kind = verdict.kind, .scope = verdict.scope,
			.tgid = verdict.tid, .start_time = verdict.start_time, .since_ns = 99,
			.origin_tgid = verdict.tid, .origin_start = verdict.start_time,
		};
	}
	answer(TWN_OK, 0, registration->session, &into,
	       sizeof(into.page) + into.page.count * sizeof(into.verdict));
}

/* 300 hooks with two features each, 50 to a page. */
static void list_hooks(void)
{
	const struct twn_page_request *request = (const void *)call.request;
	struct { struct twn_hook hook; struct twn_feature features[FEATURES]; } *hook;
	struct twn_page *page = (void *)out;

	memset(out, 0, sizeof(out));
	hook = (void *)(page + 1);
	for (int i = request->cursor; i < 300 && page->count < 50; i++, page->count++, hook++) {
		hook->hook.size = sizeof(*hook);
		hook->hook.id = i;
		hook->hook.flags = i % 2 ? TWN_HOOK_CAN_DENY : 0;
		hook->hook.features = FEATURES;
		snprintf(hook->hook.name, sizeof(hook->hook.name), "hook_%d", i);
		hook->features[0].type = TWN_FEATURE_COMMAND;
		strcpy(hook->features[0].name, "count.low");
		hook->features[1].type = 99;
		strcpy(hook->features[1].name, "own.id");
	}
	page->cursor = request->cursor + page->count < 300 ? request->cursor + page->count : 0;
	answer(TWN_OK, 0, 0, page, (char *)hook - out);
}

static void dispatch(void)
{
	struct registration *registration = of_tag(call.request->tag);

	switch (call.request->op) {
	case TWN_HELLO:
		return hello();
	case TWN_REGISTER:
		return enroll();
	case TWN_HOOKS:
		return list_hooks();
	}
	if (!registration || registration->session != call.request->session)
		return plain(TWN_NOT_REGISTERED, 0);
	switch (call.request->op) {
	case TWN_UNREGISTER:
		plain(TWN_OK, 0);
		registration->session = 0;
		return;
	case TWN_KEEP_ALIVE:
		return keep_alive(registration);
	case TWN_MODE:
		registration->mode = ((struct twn_mode_request *)call.request)->mode;
		return plain(TWN_OK, 0);
	case TWN_IMAGE:
		return image(registration);
	case TWN_VERDICT:
		return decide();
	case TWN_TASKS:
		return list_tasks(registration);
	case TWN_VERDICTS:
		return list_verdicts(registration);
	}
	plain(TWN_UNKNOWN_OP, 0);
}

static void receive(void)
{
	static char packet[65536] __attribute__((aligned(8)));
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(fd, packet, sizeof(packet), 0, (void *)&from, &size);
	struct nlmsghdr *header = (void *)packet;

	if (length < (ssize_t)NLMSG_LENGTH(sizeof(struct twn_request)))
		return;
	call.port = from.nl_pid;
	call.sequence = header->nlmsg_seq;
	call.request = NLMSG_DATA(header);
	if (call.request->magic != TWN_MAGIC || header->nlmsg_type != TWN_TYPE ||
	    call.request->length != length - NLMSG_HDRLEN)
		return plain(TWN_INVALID, 0);
	if (deaf > 0) {
		deaf--;
		return;
	}
	dispatch();
}

/* --------------------------------------------------------------- commands */

static struct task *named(const char *line, const char *format, void *more, void *most)
{
	unsigned tid = 0;
	struct task *task;

	sscanf(line, format, &tid, more, most);
	task = of_tid(tid, 0);
	if (!task) {
		printf("no task %u\n", tid);
		exit(1);
	}
	return task;
}

static void end(struct task *task)
{
	task->about.flags |= TWN_TASK_EXITED;
	if (task->about.settled >= task->about.sequence)
		task->there = 0;
}

static void command(char *line)
{
	char path[TWN_PATH_MAX] = "";
	unsigned count, hook;
	struct task *task;

	if (!strncmp(line, "start", 5)) {
		struct twn_task about = { };
		unsigned long long start_time, leader, parent;
		unsigned tag, origin;

		sscanf(line, "start %u %llu %u %llu %u %llu %u %u", &about.tid, &start_time, &about.tgid,
		       &leader, &about.parent_tid, &parent, &tag, &origin);
		about.start_time = start_time;
		about.leader_start = leader;
		about.parent_start = parent;
		about.tag = tag;
		about.origin = origin;
		start(about);
	} else if (!strncmp(line, "events", 6)) {
		task = named(line, "events %u %u %u", &count, &hook);
		while (count--)
			event(task, hook);
	} else if (!strncmp(line, "execs", 5)) {
		struct twn_exec exec = { };

		task = named(line, "execs %u %127s", path, NULL);
		snprintf(exec.path, sizeof(exec.path), "%s", path);
		record(task, &exec.record, TWN_RECORD_EXEC, sizeof(exec));
	} else if (!strncmp(line, "take", 4)) {
		struct twn_exec exec = { };
		struct task *leader;
		struct twn_task about;

		task = named(line, "take %u %u %127s", &count, path);
		leader = of_tid(count, 0);
		about = task->about;
		if (leader) {
			totals.evicted += leader->about.sequence - leader->about.settled;
			totals.settled += leader->about.sequence - leader->about.settled;
			leader->there = 0;
		}
		about.tid = count;
		about.start_time = about.leader_start;
		about.sequence = about.settled = 0;
		about.origin = TWN_ORIGIN_EXECUTED;
		about.parent_tid = task->about.tid;
		about.parent_start = task->about.start_time;
		start(about);
		exec.old_tid = task->about.tid;
		exec.old_start = task->about.start_time;
		exec.old_sequence = task->about.sequence;
		snprintf(exec.path, sizeof(exec.path), "%s", path);
		record(of_tid(count, 0), &exec.record, TWN_RECORD_EXEC, sizeof(exec));
		end(task);
	} else if (!strncmp(line, "exit", 4)) {
		struct twn_record exit = { };

		task = named(line, "exit %u", NULL, NULL);
		record(task, &exit, TWN_RECORD_EXIT, sizeof(exit));
		end(task);
	} else if (!strncmp(line, "evict", 5)) {
		task = named(line, "evict %u", NULL, NULL);
		totals.evicted += task->about.sequence - task->about.settled;
		totals.settled += task->about.sequence - task->about.settled;
		task->there = 0;
	} else if (!strncmp(line, "flush", 5)) {
		for (int i = 0; i < REGISTRATIONS; i++)
			flush(&registrations[i]);
	} else if (!strncmp(line, "expire", 6)) {
		memset(registrations, 0, sizeof(registrations));
	} else if (sscanf(line, "lose %d", &lose) == 1 || sscanf(line, "deaf %d", &deaf) == 1 ||
		   sscanf(line, "held %d", &held) == 1) {
		/* the number is all there is to it */
	} else if (!strncmp(line, "verdict", 7)) {
		printf("%u %u %u %llu\n", verdict.kind, verdict.scope, verdict.tid,
		       (unsigned long long)verdict.hooks[0]);
		fflush(stdout);
		return;
	} else {
		printf("unknown command: %s\n", line);
		exit(1);
	}
	puts("ok");
	fflush(stdout);
}

int main(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	socklen_t size = sizeof(self);
	int room = 4 << 20;
	char line[1024];
	size_t filled = 0;

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) ||
	    getsockname(fd, (void *)&self, &size)) {
		perror("netlink");
		return 1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	printf("%u\n", self.nl_pid);
	fflush(stdout);
	for (;;) {
		struct pollfd both[] = { { fd, POLLIN }, { 0, POLLIN } };

		poll(both, 2, -1);
		if (both[0].revents)
			receive();
		if (!both[1].revents)
			continue;
		ssize_t got = read(0, line + filled, sizeof(line) - 1 - filled);

		if (got <= 0)
			return 0;
		filled += got;
		for (;;) {
			char *stop = memchr(line, '\n', filled);

			if (!stop)
				break;
			*stop++ = 0;
			command(line);
			filled -= stop - line;
			memmove(line, stop, filled);
		}
	}
}
