// SPDX-License-Identifier: GPL-2.0
/*
 * Messages that are wrong in every way, so many of them: from a client without rights, from root
 * without key or session, and from a registered agent whose requests were changed. Nothing may
 * change for the watched process unless somebody with right and key asked for it.
 */
#define _GNU_SOURCE
#include <linux/netlink.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "agent.h"

#define TAG_SUBJECT 13107

static uint64_t state = 88172645463325252ull;

/* xorshift: the same messages in every run */
static uint64_t number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static size_t make_message(uint8_t *bytes, size_t room, uint64_t session)
{
	static const uint16_t sizes[] = { 0, 1, 3, 11, 12, 16, 23, 24, 32, 40, 64, 104, 292, 1000 };
	size_t size = sizes[number() % (sizeof(sizes) / sizeof(*sizes))], i;
	struct nlmsghdr *header = (struct nlmsghdr *)bytes;
	struct twn_request *request = NLMSG_DATA(header);

	if (number() % 4 == 0)
		size = number() % (room - NLMSG_HDRLEN);
	for (i = 0; i < NLMSG_HDRLEN + size; i += 8) {
		uint64_t word = number();

		memcpy(bytes + i, &word, 8);
	}
	/* Most of it has to get past the first look. */
	if (number() % 8) {
		header->nlmsg_len = NLMSG_LENGTH(size);
		header->nlmsg_type = TWN_TYPE;
	}
	if (size >= sizeof(*request) && number() % 8) {
		request->magic = TWN_MAGIC;
		request->op = 0x80 + number() % 12;
		request->version = number() % 16 ? TWN_VERSION : number();
		request->tag = number() % 4 ? TAG_SUBJECT : number();
		request->length = number() % 4 ? size : number();
		request->session = session;
	}
	return NLMSG_HDRLEN + size;
}

static void flood(int count, uint64_t session)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	static uint8_t bytes[4096 + 64], answer[TWN_MESSAGE_MAX];
	int s = netlink_open();

	while (count--) {
		size_t size = make_message(bytes, 4096, session);

		sendto(s, bytes, size, MSG_DONTWAIT, (struct sockaddr *)&kernel, sizeof(kernel));
		while (recv(s, answer, sizeof(answer), MSG_DONTWAIT) > 0)
			;
	}
	close(s);
}

static int in_child(int count, uid_t uid, uint64_t session)
{
	pid_t child = fork();
	int status = -1;

	if (!child) {
		if (uid && (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
			_exit(3);
		flood(count, session);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

static pid_t victim(void)
{
	pid_t child = fork();

	if (!child) {
		execl("/tests/subject", "subject", NULL);
		_exit(9);
	}
	return child;
}

static int result(int number_, int good, const char *name)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", number_, name);
	fflush(stdout);
	return !good;
}

int main(int count, char **arguments)
{
	int messages = count > 1 ? atoi(arguments[1]) : 100000, failed = 0, orders[2], status;
	struct twn_counters before, after;
	struct agent agent;
	pid_t subject;

	signal(SIGPIPE, SIG_IGN);
	module_load("");
	if (pipe(orders) || dup2(orders[0], 0) < 0 || !agent_open(&agent, TAG_SUBJECT) ||
	    agent_register(&agent, NULL, 3600, 0))
		return 2;
	subject = victim();
	agent_next(&agent, TWN_RECORD_START, subject, 5000);
	usleep(300000);
	agent_simple(&agent, TWN_KEEP_ALIVE);
	before = agent.reply.status.counters;
	failed += result(1, !in_child(messages / 2, 65534, agent.session), "flood without rights");
	failed += result(2, !in_child(messages / 4, 0, 0), "flood of root without a session");
	agent_simple(&agent, TWN_KEEP_ALIVE);
	after = agent.reply.status.counters;
	failed += result(3, !memcmp(&before, &after, sizeof(before)) &&
			    agent.reply.status.mode == TWN_MODE_SNAPSHOT && !kill(subject, 0),
			 "nothing has changed");
	/* With its session all may happen, but not to the kernel. */
	failed += result(4, !in_child(messages - messages / 2 - messages / 4, 0, agent.session),
			 "flood of the agent itself");
	agent_close(&agent);
	kill(subject, SIGKILL);
	waitpid(subject, &status, 0);
	failed += result(5, agent_open(&agent, TAG_SUBJECT) && !agent_register(&agent, NULL, 0, 0),
			 "the kernel side still answers");
	agent_close(&agent);
	return failed;
}
