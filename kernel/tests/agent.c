// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "agent.h"

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int module_load(const char *parameters)
{
	int fd = open("/tests/tagwatch_netlink.ko", O_RDONLY | O_CLOEXEC);
	int error = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;

	close(fd);
	return error;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "tagwatch_netlink", O_NONBLOCK) ? errno : 0;
}

int netlink_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, TWN_NETLINK);

	if (s >= 0 && bind(s, (struct sockaddr *)&address, sizeof(address))) {
		close(s);
		return -1;
	}
	return s;
}

static bool send_payload(int s, uint16_t type, uint32_t sequence, const void *payload, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	uint8_t bytes[NLMSG_SPACE(TWN_MESSAGE_MAX)];
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;

	memset(bytes, 0, NLMSG_SPACE(size));
	header->nlmsg_len = NLMSG_LENGTH(size);
	header->nlmsg_type = type;
	header->nlmsg_flags = type ? NLM_F_REQUEST : 0;
	header->nlmsg_seq = sequence;
	memcpy(NLMSG_DATA(header), payload, size);
	return sendto(s, bytes, NLMSG_SPACE(size), 0, (struct sockaddr *)&kernel, sizeof(kernel)) > 0;
}

/* Size of the payload; -1: nothing came. */
static int receive_payload(int s, uint32_t *sequence, void *payload, size_t size, int milliseconds)
{
	static uint8_t bytes[NLMSG_SPACE(TWN_MESSAGE_MAX)];
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;
	struct pollfd ready = { .fd = s, .events = POLLIN };
	struct sockaddr_nl from;
	socklen_t from_size = sizeof(from);
	ssize_t got;
	size_t length;

	if (poll(&ready, 1, milliseconds) <= 0)
		return -1;
	got = recvfrom(s, bytes, sizeof(bytes), MSG_DONTWAIT, (struct sockaddr *)&from, &from_size);
	/* Other processes may write to this socket: only the kernel is believed. */
	if (got < (ssize_t)sizeof(*header) || from.nl_pid)
		return -1;
	length = header->nlmsg_len - NLMSG_HDRLEN;
	if (length > size)
		length = size;
	memcpy(payload, NLMSG_DATA(header), length);
	if (sequence)
		*sequence = header->nlmsg_seq;
	return length;
}

bool agent_open(struct agent *agent, uint16_t tag)
{
	int room = 4 << 20;

	memset(agent, 0, sizeof(*agent));
	agent->tag = tag;
	agent->records = malloc(RECORDS_MAX);
	agent->socket = netlink_open();
	if (agent->socket >= 0)
		setsockopt(agent->socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	return agent->records && agent->socket >= 0;
}

void agent_close(struct agent *agent)
{
	if (agent->socket >= 0)
		close(agent->socket);
	free(agent->records);
	agent->socket = -1;
	agent->records = NULL;
}

static void keep_feed(struct agent *agent, const uint8_t *payload, size_t size)
{
	const struct twn_feed *feed = (const void *)payload;

	if (feed->sequence != agent->feed_sequence + 1)
		agent->feed_gaps++;
	agent->feed_sequence = feed->sequence;
	size -= sizeof(*feed);
	if (agent->filled + size > RECORDS_MAX)
		agent->filled = 0;
	memcpy(agent->records + agent->filled, payload + sizeof(*feed), size);
	agent->filled += size;
}

/* 1: an answer, 0: something else, -1: nothing came. */
static int pump(struct agent *agent, int milliseconds)
{
	static uint8_t payload[TWN_MESSAGE_MAX];
	const struct twn_answer *answer = (const void *)payload;
	uint32_t sequence;
	int size = receive_payload(agent->socket, &sequence, payload, sizeof(payload), milliseconds);

	if (size < (int)sizeof(*answer))
		return size < 0 ? -1 : 0;
	if (answer->op == TWN_FEED) {
		keep_feed(agent, payload, size);
		return 0;
	}
	if (sequence != agent->sequence)
		return 0;
	memcpy(agent->reply.bytes, payload, size);
	agent->reply_size = size;
	return 1;
}

int agent_ask(struct agent *agent, uint8_t op, void *payload, size_t size)
{
	struct twn_request *request = payload;
	long long end = now_ms() + 5000;

	request->magic = TWN_MAGIC;
	request->op = op;
	request->version = TWN_VERSION;
	request->tag = agent->tag;
	request->length = size;
	request->session = agent->session;
	if (!send_payload(agent->socket, TWN_TYPE, ++agent->sequence, payload, size))
		return -1;
	while (now_ms() < end)
		if (pump(agent, end - now_ms()) == 1)
			return agent->reply.answer.reason;
	return -1;
}

int agent_simple(struct agent *agent, uint8_t op)
{
	struct twn_request request = {};

	return agent_ask(agent, op, &request, sizeof(request));
}

int agent_hello(struct agent *agent)
{
	return agent_simple(agent, TWN_HELLO);
}

bool read_key(uint8_t *key)
{
	char text[2 * TWN_KEY_SIZE];
	int fd = open(TWN_KEY_PATH, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && read(fd, text, sizeof(text)) == sizeof(text);
	int i;

	for (i = 0; ok && i < TWN_KEY_SIZE; i++)
		ok = sscanf(text + 2 * i, "%2hhx", &key[i]) == 1;
	if (fd >= 0)
		close(fd);
	return ok;
}

int agent_register(struct agent *agent, const uint8_t *key, uint16_t expiry, uint16_t ready)
{
	struct twn_register request = { .expiry_seconds = expiry, .ready_slots = ready };
	int reason;

	if (key)
		memcpy(request.key, key, sizeof(request.key));
	else if (!read_key(request.key))
		return -1;
	reason = agent_ask(agent, TWN_REGISTER, &request, sizeof(request));
	if (!reason)
		agent->session = agent->reply.answer.session;
	agent->feed_sequence = 0;
	return reason;
}

int agent_mode(struct agent *agent, uint16_t mode, uint16_t ready)
{
	struct twn_mode_request request = { .mode = mode, .ready_slots = ready };

	return agent_ask(agent, TWN_MODE, &request, sizeof(request));
}

int agent_image(struct agent *agent, uint32_t tid, uint64_t start, uint32_t flags)
{
	struct twn_image_request request = { .tid = tid, .start_time = start, .flags = flags };

	return agent_ask(agent, TWN_IMAGE, &request, sizeof(request));
}

int agent_page(struct agent *agent, uint8_t op, uint64_t cursor, uint32_t flags)
{
	struct twn_page_request request = { .cursor = cursor, .flags = flags };

	return agent_ask(agent, op, &request, sizeof(request));
}

int agent_verdict(struct agent *agent, uint32_t tid, uint64_t start, uint16_t kind, uint16_t scope,
		  uint16_t hook)
{
	struct twn_verdict_request request = {
		.tid = tid, .start_time = start, .kind = kind, .scope = scope,
	};

	if (hook)
		request.hooks[hook / 64] = 1ull << hook % 64;
	return agent_ask(agent, TWN_VERDICT, &request, sizeof(request));
}

void agent_forget(struct agent *agent)
{
	while (pump(agent, 50) >= 0)
		;
	agent->filled = 0;
}

const struct twn_record *agent_next(struct agent *agent, uint16_t kind, uint32_t tid, int milliseconds)
{
	static uint8_t found[512];
	long long end = now_ms() + milliseconds;

	for (;;) {
		const struct twn_record *record = (const void *)agent->records;

		while (agent->filled) {
			uint16_t size = record->size;
			bool wanted = record->kind == kind && (!tid || record->tid == tid);

			memcpy(found, record, size);
			agent->filled -= size;
			memmove(agent->records, agent->records + size, agent->filled);
			if (wanted)
				return (const void *)found;
		}
		if (now_ms() >= end)
			return NULL;
		pump(agent, end - now_ms());
	}
}

bool old_send(int s, uint32_t key, uint8_t id, uint16_t tag, int32_t pid)
{
	uint8_t stack[TWN_2020_REQUEST_SENT];
	struct twn_2020_request request = { .key = key, .id = id, .tag = tag, .pid = pid };

	memset(stack, 0xa5, sizeof(stack));
	memcpy(stack, &request, sizeof(request));
	return send_payload(s, 0, 0, stack, sizeof(stack));
}

int old_receive(int s, void *payload, size_t size, int milliseconds)
{
	return receive_payload(s, NULL, payload, size, milliseconds);
}
