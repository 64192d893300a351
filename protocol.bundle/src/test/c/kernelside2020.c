// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's side of 2020 as a process, on NETLINK_USERSOCK, with that system's habits: whatever
 * it does not understand, a wrong key included, is acknowledged too; an image is that of whichever
 * process runs next, not of the one that was asked for. On standard input:
 *
 *   add PID    delete PID    events PID COUNT HOOK    next PID (0: the one that is asked for)
 *   live PID HOOK            seen (prints registrations, keep-alives, pid of the last block, others)
 */
#include <linux/netlink.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tagwatch_netlink.h"

#define KEY 0x01020304
#define TASKS 64

static struct {
	int pid;
	unsigned count;
	uint16_t ring[TWN_2020_RING];
} tasks[TASKS];
static unsigned registrations, keep_alives, blocked, others, next;
static uint32_t agent;
static uint16_t sequence;
static int fd;

static void post(uint32_t port, const void *data, uint32_t length)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = port };
	static char packet[1024];
	struct nlmsghdr *header = (void *)packet;

	*header = (struct nlmsghdr) { .nlmsg_len = NLMSG_LENGTH(length), .nlmsg_type = NLMSG_DONE };
	memcpy(NLMSG_DATA(header), data, length);
	sendto(fd, packet, header->nlmsg_len, 0, (void *)&to, sizeof(to));
}

static int slot(int pid)
{
	int i, free = 0;

	for (i = 0; i < TASKS; i++) {
		if (tasks[i].pid == pid)
			return i;
		if (!tasks[i].pid)
			free = i;
	}
	tasks[free].pid = pid;
	tasks[free].count = 0;
	return free;
}

static void notice(uint16_t id, int pid)
{
	struct twn_2020_reply reply = {
		.id = id, .seed = KEY, .sequence = ++sequence,
		.pid = id == TWN_2020_ADD_PROCESS ? pid : (int)agent,
	};

	memcpy(reply.payload, &pid, sizeof(pid));
	post(agent, &reply, sizeof(reply));
}

static void image(uint32_t port, int pid)
{
	struct twn_2020_reply reply = {
		.id = TWN_2020_FEED, .seed = KEY, .sequence = ++sequence, .pid = pid,
	};
	int at = slot(pid);
	unsigned kept = tasks[at].count < TWN_2020_RING ? tasks[at].count : TWN_2020_RING;

	for (unsigned i = 0; i < kept; i++)
		reply.payload[TWN_2020_RING - kept + i] =
			tasks[at].ring[(tasks[at].count - kept + i) % TWN_2020_RING];
	post(port, &reply, sizeof(reply));
}

static void receive(void)
{
	static char packet[65536] __attribute__((aligned(8)));
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	struct twn_2020_request *request = NLMSG_DATA((struct nlmsghdr *)packet);

	if (recvfrom(fd, packet, sizeof(packet), 0, (void *)&from, &size) <= 0)
		return;
	if (request->key != KEY || request->id > TWN_2020_DELETE_PROCESS) {
		others++;
		post(from.nl_pid, TWN_2020_ACK, TWN_2020_ACK_SIZE);
		return;
	}
	switch (request->id) {
	case TWN_2020_REGISTRATION:
		registrations++;
		agent = from.nl_pid;
		post(agent, TWN_2020_ACK, TWN_2020_ACK_SIZE);
		break;
	case TWN_2020_KEEP_ALIVE:
		keep_alives++;
		break;
	case TWN_2020_BLOCK:
		blocked = request->pid;
		break;
	case TWN_2020_IMAGE:
		image(from.nl_pid, next ? (int)next : request->pid);
		break;
	}
}

static void command(const char *line)
{
	unsigned pid, count, hook;
	int at;

	if (sscanf(line, "add %u", &pid) == 1) {
		slot(pid);
		notice(TWN_2020_ADD_PROCESS, pid);
	} else if (sscanf(line, "delete %u", &pid) == 1) {
		tasks[slot(pid)].pid = 0;
		notice(TWN_2020_DELETE_PROCESS, pid);
	} else if (sscanf(line, "events %u %u %u", &pid, &count, &hook) == 3) {
		at = slot(pid);
		for (; count; count--, tasks[at].count++)
			/* each with an id of its own, as far as that goes */
			tasks[at].ring[tasks[at].count % TWN_2020_RING] =
				hook ? hook : 3 + (tasks[at].count + 1) % 199;
	} else if (sscanf(line, "live %u %u", &pid, &hook) == 2) {
		uint16_t record[] = { TWN_2020_LIVE_MAGIC, 90, pid, hook, 10, 12, 7, 8, ++sequence };

		post(agent, record, sizeof(record));
	} else if (sscanf(line, "next %u", &next) != 1 && strncmp(line, "seen", 4)) {
		exit(1);
	}
	printf("%u %u %u %u\n", registrations, keep_alives, blocked, others);
	fflush(stdout);
}

int main(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	socklen_t size = sizeof(self);
	char line[256];

	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) ||
	    getsockname(fd, (void *)&self, &size)) {
		perror("netlink");
		return 1;
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	printf("%u\n", self.nl_pid);
	fflush(stdout);
	for (;;) {
		struct pollfd both[] = { { .fd = fd, .events = POLLIN }, { .events = POLLIN } };

		poll(both, 2, -1);
		if (both[0].revents)
			receive();
		if (both[1].revents) {
			if (!fgets(line, sizeof(line), stdin))
				return 0;
			command(line);
		}
	}
}
