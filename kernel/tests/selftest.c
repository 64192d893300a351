// SPDX-License-Identifier: GPL-2.0
/* What the kernel side must show, seen from user space. Each test draws its processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "agent.h"
#include "check.h"

#define TAG_SUBJECT 13107
#define TAG_OTHER 4242
#define BUILD_KEY 0x5eed1234

/* From the table of stable ids. */
#define HOOK_FILE_OPEN 79
#define HOOK_MAX 512

bool test_failed;

/* --- the watched processes ------------------------------------------------------------------- */

struct subject {
	pid_t pid;
	int orders, answers;
	uint64_t start;
};

static struct subject subject_start(const char *program)
{
	struct subject subject = {};
	int orders[2], answers[2];

	if (pipe2(orders, O_CLOEXEC) || pipe2(answers, O_CLOEXEC))
		exit(3);
	subject.pid = fork();
	if (!subject.pid) {
		dup2(orders[0], 0);
		dup2(answers[1], 1);
		execl(program, program, NULL);
		_exit(9);
	}
	close(orders[0]);
	close(answers[1]);
	subject.orders = orders[1];
	subject.answers = answers[0];
	return subject;
}

/* What it answers; -1: it is gone. */
static int tell(const struct subject *subject, char order)
{
	char line[32] = {};
	size_t at = 0;

	if (write(subject->orders, &order, 1) != 1)
		return -1;
	while (at < sizeof(line) - 1 && read(subject->answers, line + at, 1) == 1)
		if (line[at++] == '\n')
			return atoi(line);
	return -1;
}

static int subject_end(struct subject *subject)
{
	int status = -1;

	close(subject->orders);
	close(subject->answers);
	waitpid(subject->pid, &status, 0);
	return status;
}

/* A subject whose start the agent has seen. */
static struct subject watched(struct agent *agent, const char *program)
{
	struct subject subject = subject_start(program);
	const struct twn_record *start = agent_next(agent, TWN_RECORD_START, subject.pid, 5000);

	CHECK(start, "no start of %d", subject.pid);
	subject.start = start ? start->start_time : 0;
	CHECK_EQUAL(tell(&subject, 'p'), subject.pid);
	return subject;
}

static struct agent registered(uint16_t tag)
{
	struct agent agent;

	CHECK(agent_open(&agent, tag));
	CHECK_EQUAL(agent_register(&agent, NULL, 60, 0), TWN_OK);
	return agent;
}

static const struct twn_slot *slot(const struct agent *agent, int index)
{
	return (const void *)(agent->reply.bytes + sizeof(struct twn_image) +
			      index * agent->reply.image.slot_size);
}

static bool image_shows(const struct agent *agent, uint16_t hook)
{
	int i;

	for (i = 0; i < agent->reply.image.count; i++)
		if (slot(agent, i)->hook == hook)
			return true;
	return false;
}

/* --- coming to terms ------------------------------------------------------------------------- */

/* agent */
static void hello_tells_what_there_is(void)
{
	struct agent agent;

	CHECK(agent_open(&agent, 0));
	CHECK_EQUAL(agent_hello(&agent), TWN_OK);
	CHECK_EQUAL(agent.reply_size, sizeof(struct twn_hello));
	CHECK(agent.reply.hello.domain);
	CHECK(agent.reply.hello.hooks > 200, "%d hooks", agent.reply.hello.hooks);
	CHECK_EQUAL(agent.reply.hello.ring_slots, TWN_RING_SLOTS);
	CHECK_EQUAL(agent.reply.hello.verdicts, 0x1e);
	agent_close(&agent);
}

/* agent */
static void every_hook_is_listed_once(void)
{
	static bool seen[HOOK_MAX];
	struct agent agent;
	int hooks = 0, features = 0, open_features = -1;
	uint64_t cursor = 0;

	CHECK(agent_open(&agent, 0));
	CHECK_EQUAL(agent_hello(&agent), TWN_OK);
	int expected = agent.reply.hello.hooks;

	do {
		const uint8_t *at = agent.reply.bytes + sizeof(struct twn_page);
		unsigned int i;

		CHECK_EQUAL(agent_page(&agent, TWN_HOOKS, cursor, 0), TWN_OK);
		for (i = 0; i < agent.reply.page.count; i++) {
			const struct twn_hook *hook = (const void *)at;

			CHECK(hook->id > 2 && hook->id < HOOK_MAX && !seen[hook->id],
			      "%s has id %d", hook->name, hook->id);
			seen[hook->id % HOOK_MAX] = true;
			hooks++;
			features += hook->features;
			if (!strcmp(hook->name, "file_open")) {
				open_features = hook->features;
				CHECK_EQUAL(hook->id, HOOK_FILE_OPEN);
				CHECK_EQUAL(hook->flags, TWN_HOOK_CAN_DENY);
			}
			at += hook->size;
		}
		cursor = agent.reply.page.cursor;
	} while (cursor);
	CHECK_EQUAL(hooks, expected);
	CHECK_EQUAL(open_features, 5);
	CHECK(features > 1000, "%d features", features);
	printf("# %d hooks with %d features\n", hooks, features);
	agent_close(&agent);
}

/* agent, another agent */
static void registration_needs_the_key_and_a_free_tag(void)
{
	uint8_t wrong[TWN_KEY_SIZE] = { 1 };
	struct agent agent, second;

	CHECK(agent_open(&agent, TAG_SUBJECT));
	CHECK(agent_open(&second, TAG_SUBJECT));
	CHECK_EQUAL(agent_register(&agent, wrong, 0, 0), TWN_BAD_KEY);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_NOT_REGISTERED);
	CHECK_EQUAL(agent_register(&agent, NULL, 0, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.registered.expiry_seconds, 15);
	CHECK_EQUAL(agent.reply.registered.keep_alive_seconds, 5);
	CHECK_EQUAL(agent_register(&second, NULL, 0, 0), TWN_TAG_HELD);
	CHECK(second.reply.answer.detail, "whose tag it is was not told");
	second.tag = TAG_OTHER;
	CHECK_EQUAL(agent_register(&second, NULL, 0, 0), TWN_OK);
	CHECK_EQUAL(agent_simple(&second, TWN_KEEP_ALIVE), TWN_OK);
	agent_close(&agent);
	second.tag = TAG_SUBJECT;
	CHECK_EQUAL(agent_register(&second, NULL, 0, 0), TWN_OK);
	CHECK_EQUAL(agent_simple(&second, TWN_UNREGISTER), TWN_OK);
	CHECK_EQUAL(agent_simple(&second, TWN_KEEP_ALIVE), TWN_NOT_REGISTERED);
	agent_close(&second);
}

/* agent, silent for more than its expiry */
static void registration_expires(void)
{
	struct agent agent;

	CHECK(agent_open(&agent, TAG_SUBJECT));
	CHECK_EQUAL(agent_register(&agent, NULL, 3, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.registered.expiry_seconds, 3);
	CHECK_EQUAL(agent.reply.registered.keep_alive_seconds, 1);
	sleep(2);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	sleep(5);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_NOT_REGISTERED);
	agent_close(&agent);
}

/* agent */
static void bad_requests_are_refused_with_a_reason(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct twn_request request = {};
	struct twn_mode_request mode = { .mode = 7 };

	CHECK_EQUAL(agent_ask(&agent, 0xee, &request, sizeof(request)), TWN_UNKNOWN_OP);
	CHECK_EQUAL(agent_ask(&agent, TWN_IMAGE, &request, sizeof(request)), TWN_BAD_LENGTH);
	CHECK_EQUAL(agent.reply.answer.detail, sizeof(struct twn_image_request));
	CHECK_EQUAL(agent_ask(&agent, TWN_MODE, &mode, sizeof(mode)), TWN_INVALID);
	CHECK_EQUAL(agent.reply.answer.detail, offsetof(struct twn_mode_request, mode));
	CHECK_EQUAL(agent_image(&agent, 1, 0, 0), TWN_NO_TASK);
	CHECK_EQUAL(agent_verdict(&agent, 1, 0, TWN_VERDICT_KILL, 0, 0), TWN_UNTOUCHABLE);
	agent_close(&agent);
}

/* --- what is recorded ------------------------------------------------------------------------ */

/*
 * agent
 * subject ── child
 */
static void starts_and_ends_are_told(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = subject_start("/tests/subject");
	const struct twn_start *start = (const void *)agent_next(&agent, TWN_RECORD_START, subject.pid, 5000);
	const struct twn_exec *exec;
	const struct twn_record *end;
	int child;

	CHECK(start && start->origin == TWN_ORIGIN_EXECUTED && start->tag == TAG_SUBJECT);
	CHECK(start && start->record.tgid == (uint32_t)subject.pid && !start->parent_tid);
	uint64_t started = start ? start->record.start_time : 0;

	exec = (const void *)agent_next(&agent, TWN_RECORD_EXEC, subject.pid, 5000);
	CHECK(exec && !strcmp(exec->path, "/tests/subject"), "path %s", exec ? exec->path : "none");
	child = tell(&subject, 'F');
	start = (const void *)agent_next(&agent, TWN_RECORD_START, child, 5000);
	CHECK(start && start->origin == TWN_ORIGIN_FORKED);
	CHECK(start && start->parent_tid == (uint32_t)subject.pid && start->parent_start == started);
	end = agent_next(&agent, TWN_RECORD_EXIT, child, 5000);
	CHECK(end && end->sequence > 0);
	subject_end(&subject);
	CHECK(agent_next(&agent, TWN_RECORD_EXIT, subject.pid, 5000));
	agent_close(&agent);
}

/*
 * agent
 * subject
 */
static void image_shows_the_last_hooks_once(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	uint64_t sequence;
	int i;

	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK(image_shows(&agent, HOOK_FILE_OPEN));
	sequence = agent.reply.image.task.sequence;
	CHECK(sequence > 5);
	CHECK_EQUAL(agent.reply.image.task.settled, 0);
	CHECK_EQUAL(tell(&subject, 'm'), 100);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent.reply.image.count, TWN_RING_SLOTS);
	CHECK_EQUAL(agent.reply.image.task.settled, sequence);
	CHECK(agent.reply.image.task.sequence > sequence + TWN_RING_SLOTS);
	for (i = 1; i < agent.reply.image.count; i++)
		CHECK(slot(&agent, i)->time_ns >= slot(&agent, i - 1)->time_ns, "slot %d", i);
	/* It waits in read(): there is nothing new. */
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent.reply.image.count, 0);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.image.count, TWN_RING_SLOTS);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start + 1, 0), TWN_NO_TASK);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject ── child, which has exited
 */
static void image_of_an_exited_task_stays_until_it_is_fetched(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	int child = tell(&subject, 'F');
	const struct twn_record *end = agent_next(&agent, TWN_RECORD_EXIT, child, 5000);
	uint64_t start = end ? end->start_time : 0, sequence = end ? end->sequence : 0;

	CHECK_EQUAL(agent_image(&agent, child, start, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.image.task.flags, TWN_TASK_EXITED);
	CHECK_EQUAL(agent_image(&agent, child, start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent.reply.image.task.sequence, sequence);
	CHECK(image_shows(&agent, HOOK_FILE_OPEN));
	CHECK_EQUAL(agent_image(&agent, child, start, 0), TWN_NO_TASK);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject, started before the agent
 */
static void tasks_are_found_again(void)
{
	struct subject subject = subject_start("/tests/subject");
	struct agent agent;
	bool found = false;
	uint64_t cursor = 0;

	CHECK_EQUAL(tell(&subject, 'o'), 0);
	agent = registered(TAG_SUBJECT);
	do {
		const struct twn_task *task = (const void *)(agent.reply.bytes + sizeof(struct twn_page));
		unsigned int i;

		CHECK_EQUAL(agent_page(&agent, TWN_TASKS, cursor, 0), TWN_OK);
		for (i = 0; i < agent.reply.page.count; i++, task++)
			found |= task->tid == (uint32_t)subject.pid && task->sequence > 0;
		cursor = agent.reply.page.cursor;
	} while (cursor);
	CHECK(found);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject ── child
 */
static void live_mode_tells_every_hook_with_its_features(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_record *record;
	uint64_t sequence = 0;
	bool opened = false;

	CHECK_EQUAL(agent_mode(&agent, TWN_MODE_LIVE, 0), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	while ((record = agent_next(&agent, TWN_RECORD_EVENT, subject.pid, 500))) {
		const uint16_t *features = (const void *)(record + 1);

		CHECK(!sequence || record->sequence == sequence + 1, "%llu after %llu",
		      (unsigned long long)record->sequence, (unsigned long long)sequence);
		sequence = record->sequence;
		if (record->hook == HOOK_FILE_OPEN) {
			opened = true;
			CHECK_EQUAL(record->features, 5);
			CHECK_EQUAL(features[0], 5); /* credentials: /etc/passwd */
			CHECK_EQUAL(features[1] & 0170000, 0100000); /* a regular file */
			CHECK_EQUAL(features[2] & 3, 0); /* O_RDONLY */
			CHECK_EQUAL(features[3], 0); /* of root */
		}
	}
	CHECK(opened);
	CHECK(sequence);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	CHECK_EQUAL(agent.reply.status.mode, TWN_MODE_LIVE);
	CHECK_EQUAL(agent.reply.status.counters.lost, 0);
	CHECK_EQUAL(agent_mode(&agent, TWN_MODE_SNAPSHOT, 0), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK(!agent_next(&agent, TWN_RECORD_EVENT, subject.pid, 300));
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK(agent.reply.image.task.settled >= sequence);
	CHECK_EQUAL(agent.feed_gaps, 0);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject
 */
static void agent_is_told_when_a_task_is_ready(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_record *ready;

	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent_mode(&agent, TWN_MODE_SNAPSHOT, 32), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'm'), 100);
	ready = agent_next(&agent, TWN_RECORD_READY, subject.pid, 2000);
	CHECK(ready);
	CHECK(!agent_next(&agent, TWN_RECORD_READY, subject.pid, 200), "told twice");
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'm'), 100);
	CHECK(agent_next(&agent, TWN_RECORD_READY, subject.pid, 2000));
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject, which becomes a program without a tag
 */
static void first_tag_stays_for_life(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_exec *exec;

	agent_forget(&agent);
	CHECK(write(subject.orders, "e", 1) == 1);
	exec = (const void *)agent_next(&agent, TWN_RECORD_EXEC, subject.pid, 5000);
	CHECK(exec && !strcmp(exec->path, "/tests/untagged"));
	CHECK(exec && !exec->old_tid);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, 0), TWN_OK);
	CHECK(image_shows(&agent, HOOK_FILE_OPEN));
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject ══ thread, which runs the program anew and takes the leader's name over
 */
static void exec_of_a_thread_is_told_with_its_old_name(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_record *record;
	const struct twn_exec *exec;
	uint32_t thread = 0;

	agent_forget(&agent);
	CHECK(write(subject.orders, "T", 1) == 1);
	record = agent_next(&agent, TWN_RECORD_START, 0, 5000);
	if (record)
		thread = record->tid;
	CHECK(thread && thread != (uint32_t)subject.pid && record->tgid == (uint32_t)subject.pid);
	exec = (const void *)agent_next(&agent, TWN_RECORD_EXEC, subject.pid, 5000);
	CHECK(exec && exec->old_tid == thread);
	CHECK(exec && exec->old_sequence > 0);
	CHECK(exec && exec->record.start_time == subject.start);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.image.task.flags, 0);
	CHECK(image_shows(&agent, HOOK_FILE_OPEN));
	CHECK_EQUAL(agent_image(&agent, thread, 0, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.image.task.flags, TWN_TASK_EXITED);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject, its events counted from its start to its end
 */
static void every_event_is_accounted_for(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct twn_counters before = agent.reply.registered.counters, after;
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_record *end;
	uint64_t sequence = 0;

	CHECK_EQUAL(tell(&subject, 'm'), 100);
	subject_end(&subject);
	end = agent_next(&agent, TWN_RECORD_EXIT, subject.pid, 5000);
	CHECK(end);
	if (end)
		sequence = end->sequence;
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	after = agent.reply.status.counters;
	CHECK_EQUAL(after.emitted - before.emitted, sequence);
	CHECK_EQUAL(after.settled - before.settled, sequence);
	CHECK_EQUAL(after.tasks - before.tasks, 1);
	agent_close(&agent);
}

/* --- verdicts -------------------------------------------------------------------------------- */

/*
 * agent
 * subject ── child
 */
static void killed_process_dies_with_its_children(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	int child = tell(&subject, 'f'), status;

	CHECK(child > 0);
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_KILL,
				  TWN_SCOPE_SUBTREE, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.answer.detail, 2);
	status = subject_end(&subject);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "status %x", status);
	CHECK(agent_next(&agent, TWN_RECORD_EXIT, child, 5000));
	agent_close(&agent);
}

/*
 * agent
 * subject, which may not open files
 */
static void denied_hook_answers_eperm_until_released(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");

	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_DENY,
				  TWN_SCOPE_PROCESS, HOOK_FILE_OPEN), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), EPERM);
	CHECK_EQUAL(tell(&subject, 's'), 0);
	CHECK_EQUAL(agent_page(&agent, TWN_VERDICTS, 0, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.page.count, 1);
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_RELEASE,
				  TWN_SCOPE_PROCESS, 0), TWN_OK);
	CHECK_EQUAL(agent.reply.answer.detail, 1);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	CHECK(agent.reply.status.counters.verdict_hits > 0);
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent
 * subject ── child of a denied process
 */
static void verdict_is_inherited_and_outlives_the_agent(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	const struct twn_record *end;
	int child;

	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_DENY,
				  TWN_SCOPE_SUBTREE, HOOK_FILE_OPEN), TWN_OK);
	agent_close(&agent);
	CHECK_EQUAL(tell(&subject, 'o'), EPERM);
	agent = registered(TAG_SUBJECT);
	child = tell(&subject, 'F');
	CHECK(child > 0);
	end = agent_next(&agent, TWN_RECORD_EXIT, child, 5000);
	CHECK(end);
	CHECK_EQUAL(tell(&subject, 'o'), EPERM);
	subject_end(&subject);
	agent_close(&agent);
}

static char state_of(pid_t pid)
{
	char path[64], line[256] = {}, *end;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	if (read(fd, line, sizeof(line) - 1) < 0)
		line[0] = 0;
	close(fd);
	end = strrchr(line, ')');
	return end ? end[2] : 0;
}

/*
 * agent, somebody who sends SIGCONT
 * subject, suspended
 */
static void suspended_process_stands_still_until_released(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");

	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_SUSPEND,
				  TWN_SCOPE_PROCESS, 0), TWN_OK);
	usleep(200000);
	CHECK_EQUAL(state_of(subject.pid), 'T');
	CHECK(kill(subject.pid, SIGCONT) && errno == EPERM, "SIGCONT was let through");
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_RELEASE,
				  TWN_SCOPE_PROCESS, 0), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	CHECK_EQUAL(state_of(subject.pid), 'S');
	subject_end(&subject);
	agent_close(&agent);
}

/*
 * agent of the subject's tag
 * subject
 * other, with another tag
 */
static void verdicts_reach_only_the_agents_tag(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct agent second = registered(TAG_OTHER);
	struct subject subject = watched(&agent, "/tests/subject");
	struct subject other = watched(&second, "/tests/other");

	CHECK_EQUAL(agent_verdict(&agent, other.pid, other.start, TWN_VERDICT_KILL, 0, 0), TWN_OTHER_TAG);
	CHECK_EQUAL(agent_image(&agent, other.pid, other.start, 0), TWN_OTHER_TAG);
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_DENY, TWN_SCOPE_TAG,
				  HOOK_FILE_OPEN), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), EPERM);
	CHECK_EQUAL(tell(&other, 'o'), 0);
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, subject.start, TWN_VERDICT_RELEASE,
				  TWN_SCOPE_TAG, 0), TWN_OK);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	subject_end(&subject);
	subject_end(&other);
	agent_close(&agent);
	agent_close(&second);
}

/* --- clients of 2020 ------------------------------------------------------------------------- */

static void set_build_key(unsigned int key);

/*
 * client of 2020
 * subject
 */
static void client_of_2020_registers_fetches_and_blocks(void)
{
	struct subject before = subject_start("/tests/subject"), subject;
	struct twn_2020_reply reply;
	char ack[8] = {};
	int s, size, i, status, pid = 0;

	CHECK_EQUAL(tell(&before, 'o'), 0);
	s = netlink_open();
	CHECK(old_send(s, 77, TWN_2020_REGISTRATION, TAG_SUBJECT, 0));
	CHECK_EQUAL(old_receive(s, ack, sizeof(ack), 300), -1);
	CHECK(old_send(s, BUILD_KEY, TWN_2020_REGISTRATION, TAG_SUBJECT, 0));
	CHECK_EQUAL(old_receive(s, ack, sizeof(ack), 2000), TWN_2020_ACK_SIZE);
	CHECK(!memcmp(ack, TWN_2020_ACK, TWN_2020_ACK_SIZE));
	/* what ran before */
	CHECK_EQUAL(old_receive(s, &reply, sizeof(reply), 2000), sizeof(reply));
	CHECK_EQUAL(reply.id, TWN_2020_ADD_PROCESS);
	CHECK_EQUAL(reply.pid, before.pid);
	subject = subject_start("/tests/subject");
	CHECK_EQUAL(tell(&subject, 'm'), 100);
	CHECK_EQUAL(old_receive(s, &reply, sizeof(reply), 2000), sizeof(reply));
	CHECK_EQUAL(reply.id, TWN_2020_ADD_PROCESS);
	memcpy(&pid, reply.payload, sizeof(pid));
	CHECK_EQUAL(pid, subject.pid);
	CHECK_EQUAL(reply.seed, 0);
	CHECK(old_send(s, BUILD_KEY, TWN_2020_KEEP_ALIVE, TAG_SUBJECT, 0));
	CHECK(old_send(s, BUILD_KEY, TWN_2020_IMAGE, TAG_SUBJECT, subject.pid));
	size = old_receive(s, &reply, sizeof(reply), 2000);
	CHECK_EQUAL(size, sizeof(reply));
	CHECK_EQUAL(reply.id, TWN_2020_FEED);
	CHECK_EQUAL(reply.pid, subject.pid);
	for (i = 0; i < TWN_2020_RING; i++)
		CHECK(reply.payload[i], "zero at %d", i);
	/* shorter than the ring: zeros in front */
	CHECK(old_send(s, BUILD_KEY, TWN_2020_BLOCK, 0, subject.pid));
	status = subject_end(&subject);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	CHECK_EQUAL(old_receive(s, &reply, sizeof(reply), 2000), sizeof(reply));
	CHECK_EQUAL(reply.id, TWN_2020_DELETE_PROCESS);
	memcpy(&pid, reply.payload, sizeof(pid));
	CHECK_EQUAL(pid, subject.pid);
	/* a process that is not of its tag */
	CHECK(old_send(s, BUILD_KEY, TWN_2020_BLOCK, 0, getpid()));
	subject_end(&before);
	close(s);
}

/* client of 2020, the module has no build key */
static void clients_of_2020_are_off_by_default(void)
{
	char ack[8];
	int s = netlink_open();

	CHECK(old_send(s, 0, TWN_2020_REGISTRATION, TAG_SUBJECT, 0));
	CHECK_EQUAL(old_receive(s, ack, sizeof(ack), 300), -1);
	close(s);
}

/* --- those who may not ----------------------------------------------------------------------- */

static void try_everything(int expected, const struct subject *victim, uint64_t session)
{
	uint8_t key[TWN_KEY_SIZE] = {};
	struct agent agent;

	CHECK(!read_key(key), "the key can be read");
	if (!agent_open(&agent, TAG_SUBJECT))
		return;
	agent.session = session;
	CHECK_EQUAL(agent_hello(&agent), expected);
	CHECK_EQUAL(agent_register(&agent, key, 0, 0), expected);
	CHECK_EQUAL(agent_verdict(&agent, victim->pid, 0, TWN_VERDICT_KILL, 0, 0), expected);
	CHECK_EQUAL(agent_image(&agent, victim->pid, 0, TWN_IMAGE_FETCH), expected);
	CHECK_EQUAL(agent_mode(&agent, TWN_MODE_LIVE, 0), expected);
	CHECK_EQUAL(agent_page(&agent, TWN_HOOKS, 0, 0), expected);
	CHECK_EQUAL(agent_simple(&agent, TWN_UNREGISTER), expected);
	CHECK(old_send(agent.socket, BUILD_KEY, TWN_2020_REGISTRATION, TAG_SUBJECT, 0));
	CHECK(old_send(agent.socket, BUILD_KEY, TWN_2020_BLOCK, TAG_SUBJECT, victim->pid));
	agent_close(&agent);
}

static void in_child(void (*run)(const struct subject *victim, uint64_t session),
		     const struct subject *victim, uint64_t session)
{
	pid_t child;
	int status = -1;

	fflush(stdout);
	child = fork();
	if (!child) {
		test_failed = false;
		run(victim, session);
		fflush(stdout);
		_exit(test_failed);
	}
	waitpid(child, &status, 0);
	CHECK(!status, "status %x", status);
}

static void as_nobody(const struct subject *victim, uint64_t session)
{
	CHECK(!setresgid(65534, 65534, 65534) && !setresuid(65534, 65534, 65534));
	try_everything(TWN_NOT_CAPABLE, victim, session);
}

static void as_root_of_a_namespace(const struct subject *victim, uint64_t session)
{
	CHECK(!setresgid(1000, 1000, 1000) && !setresuid(1000, 1000, 1000));
	CHECK(!prctl(PR_SET_DUMPABLE, 1));
	CHECK(!unshare(CLONE_NEWUSER), "unshare: %s", strerror(errno));
	try_everything(TWN_NOT_CAPABLE, victim, session);
}

static void in_another_network(const struct subject *victim, uint64_t session)
{
	struct agent agent;

	(void)victim;
	(void)session;
	CHECK(!unshare(CLONE_NEWNET));
	/* No kernel side is there to be asked. */
	if (agent_open(&agent, TAG_SUBJECT))
		CHECK_EQUAL(agent_hello(&agent), -1);
	agent_close(&agent);
}

static void in_another_pid_namespace(const struct subject *victim, uint64_t session)
{
	struct agent agent;
	pid_t child;
	int status = -1;

	(void)victim;
	(void)session;
	CHECK(!unshare(CLONE_NEWPID));
	fflush(stdout);
	child = fork();
	if (!child) {
		CHECK(agent_open(&agent, TAG_SUBJECT));
		CHECK_EQUAL(agent_hello(&agent), TWN_BAD_NAMESPACE);
		fflush(stdout);
		_exit(test_failed);
	}
	waitpid(child, &status, 0);
	CHECK(!status, "status %x", status);
}

/*
 * agent
 * subject, whose death is wished by
 * nobody, root of a user name space, root of another network, root among other pids
 */
static void hostile_clients_change_nothing(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");
	struct twn_counters before, after;

	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	before = agent.reply.status.counters;
	in_child(as_nobody, &subject, agent.session);
	in_child(as_root_of_a_namespace, &subject, agent.session);
	in_child(in_another_network, &subject, agent.session);
	in_child(in_another_pid_namespace, &subject, agent.session);
	CHECK_EQUAL(agent_simple(&agent, TWN_KEEP_ALIVE), TWN_OK);
	after = agent.reply.status.counters;
	CHECK_EQUAL(after.settled, before.settled);
	CHECK_EQUAL(agent.reply.status.mode, TWN_MODE_SNAPSHOT);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	/* with the right, but without the session */
	agent.session ^= 1;
	CHECK_EQUAL(agent_verdict(&agent, subject.pid, 0, TWN_VERDICT_KILL, 0, 0), TWN_NOT_REGISTERED);
	CHECK_EQUAL(tell(&subject, 'o'), 0);
	subject_end(&subject);
	agent_close(&agent);
}

/* --- the module ------------------------------------------------------------------------------ */

static void set_build_key(unsigned int key)
{
	char parameters[32];

	snprintf(parameters, sizeof(parameters), "build_key=%u", key);
	CHECK_EQUAL(module_unload(), 0);
	CHECK_EQUAL(module_load(parameters), 0);
}

/*
 * agent, whose socket holds the module
 * subject, which lives on without it
 */
static void module_goes_and_comes_back(void)
{
	struct agent agent = registered(TAG_SUBJECT);
	struct subject subject = watched(&agent, "/tests/subject");

	CHECK_EQUAL(module_unload(), EAGAIN);
	agent_close(&agent);
	CHECK_EQUAL(module_unload(), 0);
	CHECK_EQUAL(netlink_open(), -1);
	CHECK_EQUAL(tell(&subject, 'm'), 100);
	CHECK_EQUAL(module_load(""), 0);
	agent = registered(TAG_SUBJECT);
	CHECK_EQUAL(agent_image(&agent, subject.pid, subject.start, TWN_IMAGE_FETCH), TWN_OK);
	CHECK_EQUAL(agent.reply.image.count, TWN_RING_SLOTS);
	subject_end(&subject);
	agent_close(&agent);
}

static void client_of_2020(void)
{
	set_build_key(BUILD_KEY);
	client_of_2020_registers_fetches_and_blocks();
	set_build_key(0);
}

static const struct test tests[] = {
	{ "hello tells what there is", hello_tells_what_there_is },
	{ "every hook is listed once", every_hook_is_listed_once },
	{ "registration needs the key and a free tag", registration_needs_the_key_and_a_free_tag },
	{ "registration expires", registration_expires },
	{ "bad requests are refused with a reason", bad_requests_are_refused_with_a_reason },
	{ "starts and ends are told", starts_and_ends_are_told },
	{ "image shows the last hooks, once", image_shows_the_last_hooks_once },
	{ "image of an exited task stays until it is fetched",
	  image_of_an_exited_task_stays_until_it_is_fetched },
	{ "tasks are found again", tasks_are_found_again },
	{ "live mode tells every hook with its features", live_mode_tells_every_hook_with_its_features },
	{ "agent is told when a task is ready", agent_is_told_when_a_task_is_ready },
	{ "first tag stays for life", first_tag_stays_for_life },
	{ "exec of a thread is told with its old name", exec_of_a_thread_is_told_with_its_old_name },
	{ "every event is accounted for", every_event_is_accounted_for },
	{ "killed process dies with its children", killed_process_dies_with_its_children },
	{ "denied hook answers EPERM until released", denied_hook_answers_eperm_until_released },
	{ "verdict is inherited and outlives the agent", verdict_is_inherited_and_outlives_the_agent },
	{ "suspended process stands still until released", suspended_process_stands_still_until_released },
	{ "verdicts reach only the agent's tag", verdicts_reach_only_the_agents_tag },
	{ "clients of 2020 are off by default", clients_of_2020_are_off_by_default },
	{ "client of 2020 registers, fetches and blocks", client_of_2020 },
	{ "hostile clients change nothing", hostile_clients_change_nothing },
	{ "module goes and comes back", module_goes_and_comes_back },
};

void check_failed(const char *file, int line, const char *condition, const char *format, ...)
{
	va_list arguments;

	test_failed = true;
	printf("# %s:%d: %s", file, line, condition);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
}

int run_tests(const struct test *list, int count, const char *only)
{
	int i, failed = 0;

	printf("TAP version 13\n1..%d\n", count);
	for (i = 0; i < count; i++) {
		if (only && !strstr(list[i].name, only))
			continue;
		test_failed = false;
		list[i].run();
		failed += test_failed;
		printf("%s %d - %s\n", test_failed ? "not ok" : "ok", i + 1, list[i].name);
		fflush(stdout);
	}
	return failed;
}

int main(int count, char **arguments)
{
	int error = module_load("");

	signal(SIGPIPE, SIG_IGN);
	if (error && error != EEXIST) {
		printf("Bail out! cannot load the module: %s\n", strerror(error));
		return 2;
	}
	return run_tests(tests, sizeof(tests) / sizeof(*tests), count > 1 ? arguments[1] : NULL) != 0;
}
