// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once, for so many seconds: processes that fork, run programs, make threads and end;
 * agents that register, fetch, decide, change the mode and are killed; the module unloaded and
 * loaded. What the kernel says about it is the result; and what it allocated is there no more.
 *
 *   storm ─┬─ watched ── children, which come and go     (4 times)
 *          ├─ agent, killed at random and started anew   (2 times, one for each tag)
 *          └─ loader, which unloads the module whenever it can
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "agent.h"

#define TAG_SUBJECT 13107
#define TAG_OTHER 4242

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void nap(int milliseconds)
{
	usleep(1000 * milliseconds);
}

/* Feeds a subject with random orders until it dies of a verdict or has done enough. */
static void keep_busy(const char *program)
{
	static const char orders[] = "omsFFeTpoF";
	int pipe_in[2], pipe_out[2], i;
	char line[64];
	pid_t child;

	if (pipe2(pipe_in, O_CLOEXEC) || pipe2(pipe_out, O_CLOEXEC))
		return;
	child = fork();
	if (!child) {
		dup2(pipe_in[0], 0);
		dup2(pipe_out[1], 1);
		execl(program, program, NULL);
		_exit(9);
	}
	close(pipe_in[0]);
	close(pipe_out[1]);
	fcntl(pipe_out[0], F_SETFL, O_NONBLOCK);
	for (i = 0; i < 20 + rand() % 60; i++) {
		if (write(pipe_in[1], &orders[rand() % (sizeof(orders) - 1)], 1) != 1)
			break;
		nap(rand() % 8);
		while (read(pipe_out[0], line, sizeof(line)) > 0)
			;
	}
	close(pipe_in[1]);
	close(pipe_out[0]);
	nap(20);
	/* Suspended ones would never end by themselves. */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void look_around(struct agent *agent)
{
	const struct twn_task *task = (const void *)(agent->reply.bytes + sizeof(struct twn_page));
	struct twn_task some;

	if (agent_page(agent, TWN_TASKS, 0, rand() % 2) || !agent->reply.page.count)
		return;
	some = task[rand() % agent->reply.page.count];
	if (rand() % 8)
		agent_image(agent, some.tid, some.start_time, rand() % 2);
	else
		agent_verdict(agent, some.tid, some.start_time, 1 + rand() % 4, rand() % 3,
			      rand() % 2 ? 79 : 0);
}

static void be_agent(uint16_t tag)
{
	struct agent agent;

	for (;;) {
		if (agent_open(&agent, tag) && !agent_register(&agent, NULL, 3 + rand() % 5, rand() % 64)) {
			int i;

			for (i = 0; i < 50 + rand() % 200; i++) {
				look_around(&agent);
				if (rand() % 20 == 0)
					agent_mode(&agent, rand() % 2, rand() % 64);
				if (rand() % 4 == 0)
					agent_simple(&agent, TWN_KEEP_ALIVE);
			}
			if (rand() % 2)
				agent_simple(&agent, TWN_UNREGISTER);
		}
		agent_close(&agent);
		nap(rand() % 30);
	}
}

static void be_loader(void)
{
	int unloads = 0;

	for (;;) {
		if (!module_unload()) {
			if (++unloads % 50 == 0) {
				printf("# unloaded %d times\n", unloads);
				fflush(stdout);
			}
			nap(rand() % 50);
		}
		module_load("");
		nap(rand() % 20);
	}
}

static pid_t start(int role)
{
	pid_t child = fork();

	/* A group of its own, so that all that it leaves behind can be found; both say so, or one is late. */
	setpgid(child, child);
	if (child)
		return child;
	srand(getpid() ^ time(NULL));
	switch (role) {
	case 0:
		be_agent(TAG_SUBJECT);
		break;
	case 1:
		be_agent(TAG_OTHER);
		break;
	case 2:
		be_loader();
		break;
	default:
		for (;;)
			keep_busy(role % 2 ? "/tests/subject" : "/tests/other");
	}
	_exit(0);
}

static int stock(void)
{
	char text[128] = {};
	int fd = open("/sys/kernel/security/tagwatch/stock", O_RDONLY | O_CLOEXEC), tasks = -1;

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		sscanf(text, "tasks %d", &tasks);
	close(fd);
	return tasks;
}

/* Images wait for whoever fetches them: so they are. */
static void fetch_all(uint16_t tag)
{
	struct agent agent;
	int rounds;

	if (!agent_open(&agent, tag) || agent_register(&agent, NULL, 60, 0))
		return;
	for (rounds = 0; rounds < 100; rounds++) {
		struct twn_task tasks[256];
		unsigned int count, i;

		if (agent_page(&agent, TWN_TASKS, 0, 0))
			break;
		count = agent.reply.page.count;
		if (!count)
			break;
		memcpy(tasks, agent.reply.bytes + sizeof(struct twn_page), count * sizeof(*tasks));
		for (i = 0; i < count; i++)
			agent_image(&agent, tasks[i].tid, tasks[i].start_time, TWN_IMAGE_FETCH);
	}
	agent_close(&agent);
}

/* Who runs or is stuck in the kernel, threads of the kernel too. */
static void show_survivors(void)
{
	char path[64], text[512], *state;
	ssize_t got;
	int pid, fd;

	for (pid = 1; pid < 32768; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		got = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[got < 0 ? 0 : got] = 0;
		state = strrchr(text, ')');
		if (state && !strchr("SI", state[2]))
			printf("# %s", text);
	}
}

/* Whether all children are gone within so many seconds. */
static int all_gone(int seconds)
{
	long long end = now() + seconds;

	while (now() < end) {
		pid_t child = waitpid(-1, NULL, WNOHANG);

		if (child < 0)
			return 1;
		if (!child)
			nap(20);
	}
	show_survivors();
	return 0;
}

#define ROLES 7

int main(int count, char **arguments)
{
	long long end = now() + (count > 1 ? atoi(arguments[1]) : 60);
	int before, after, role, kills = 0, waits;
	pid_t children[ROLES];

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	module_load("");
	before = stock();
	for (role = 0; role < ROLES; role++)
		children[role] = start(role);
	while (now() < end) {
		nap(200 + rand() % 800);
		role = rand() % 2;
		kill(children[role], SIGKILL);
		waitpid(children[role], NULL, 0);
		children[role] = start(role);
		kills++;
	}
	for (role = 0; role < ROLES; role++)
		kill(-children[role], SIGKILL);
	if (!all_gone(30)) {
		printf("not ok 1 - storm leaves nothing behind\n");
		return 1;
	}
	module_load("");
	for (waits = 0; waits < 50; waits++) {
		fetch_all(TAG_SUBJECT);
		fetch_all(TAG_OTHER);
		after = stock();
		if (after <= before)
			break;
		nap(200);
	}
	printf("# agents killed %d times, rings before %d, after %d\n", kills, before, after);
	printf("%s 1 - storm leaves nothing behind\n", before >= 0 && after <= before ? "ok" : "not ok");
	return before < 0 || after > before;
}
