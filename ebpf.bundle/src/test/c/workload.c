// SPDX-License-Identifier: Apache-2.0
// The programs that the tests watch; the first argument selects one.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *line)
{
	if (write(1, line, strlen(line)) < 0)
		exit(9);
}

static void wait_for_go(void)
{
	char c;

	if (read(0, &c, 1) != 1)
		exit(0);
}

static void calls(long n)
{
	for (long i = 0; i < n; i++)
		syscall(SYS_getppid);
}

static void *calling_thread(void *n)
{
	calls((long)n);
	return NULL;
}

static void *waiting_thread(void *stop)
{
	while (!*(volatile int *)stop) {
		syscall(SYS_getppid);
		usleep(1000);
	}
	return NULL;
}

// main with two threads, a child whose child outlives it, and a vfork child that runs another program
static int tree(const char *other)
{
	pthread_t threads[2];
	pid_t child;

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, calling_thread, (void *)100L);
	child = fork();
	if (child == 0) {
		calls(10);
		if (fork() == 0) {
			usleep(50000);
			calls(20);
			_exit(0);
		}
		_exit(0);
	}
	waitpid(child, NULL, 0);
	child = vfork();
	if (child == 0) {
		execl(other, other, NULL);
		_exit(1);
	}
	waitpid(child, NULL, 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	usleep(100000);
	return 0;
}

// two threads run before anybody watches; goes on when told
static int before(void)
{
	static int stop;
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, waiting_thread, &stop);
	say("ready\n");
	wait_for_go();
	calls(50);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static void *executing_thread(void *path)
{
	execl(path, path, NULL);
	exit(1);
}

static int exec_from_thread(char *path)
{
	pthread_t thread;

	pthread_create(&thread, NULL, executing_thread, path);
	pthread_join(thread, NULL);
	return 1;
}

// a parent and a child of it, both in an endless loop of calls
static int busy(void)
{
	if (fork() == 0)
		for (;;) {
			syscall(SYS_getppid);
			usleep(1000);
		}
	say("ready\n");
	for (;;) {
		syscall(SYS_getppid);
		usleep(1000);
	}
}

static int spin(void)
{
	say("ready\n");
	for (;;)
		syscall(SYS_getppid);
}

// stays in one blocking call, then makes another
static int blocked(void)
{
	say("ready\n");
	wait_for_go();
	calls(1);
	say("went on\n");
	return 0;
}

// forks n children, one after the other, that make ten calls each, whenever told
static int spawn(long n)
{
	say("ready\n");
	wait_for_go();
	for (long i = 0; i < n; i++) {
		pid_t child = fork();

		if (child == 0) {
			calls(10);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	say("done\n");
	wait_for_go();
	return 0;
}

static int abis(void)
{
	long result;

	/* i386 20 is getpid, x86_64 20 is writev; both tables have 0x200 free */
	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
	syscall(0x200);
	syscall(0x1000200);
	syscall(0x40000000 | 39);
	return 0;
}

static int features(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(4919) };
	char far_path[] = "/etc/passwd";
	int fd;

	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	syscall(SYS_openat, AT_FDCWD, far_path, O_RDONLY | O_CLOEXEC);
	syscall(SYS_openat, AT_FDCWD, strdup("/tmp/tagwatch-no-such"), O_WRONLY | O_TRUNC);
	syscall(SYS_openat, AT_FDCWD, strdup("../up"), O_RDONLY);
	syscall(SYS_openat, AT_FDCWD, strdup("/etcetera"), O_RDONLY);
	syscall(SYS_openat, AT_FDCWD, (char *)16, O_RDONLY);
	syscall(SYS_unlink, strdup("/dev/shm/tagwatch-no-such"));
	syscall(SYS_rename, strdup("/home/a"), strdup("/usr/share/b"));
	fd = socket(AF_INET, SOCK_STREAM, 0);
	connect(fd, (struct sockaddr *)&address, sizeof(address));
	address.sin_port = htons(443);
	address.sin_addr.s_addr = htonl(0x0a000001);
	syscall(SYS_sendto, fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL, &address, sizeof(address));
	mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	syscall(SYS_kill, 0, 0);
	syscall(SYS_chmod, strdup("/sys/none"), 04755);
	syscall(SYS_setuid, -1);
	return 0;
}

static int uring(unsigned flags)
{
	struct io_uring_params params = { .flags = flags };
	int fd = syscall(SYS_io_uring_setup, 8, &params);
	struct io_uring_sqe *entries;
	char *ring;
	unsigned *tail, *array;

	if (fd < 0) {
		perror("io_uring_setup");
		return 3;
	}
	ring = mmap(NULL, params.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    IORING_OFF_SQ_RING);
	entries = mmap(NULL, 8 * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		       IORING_OFF_SQES);
	tail = (unsigned *)(ring + params.sq_off.tail);
	array = (unsigned *)(ring + params.sq_off.array);
	for (int i = 0; i < 3; i++) {
		memset(&entries[i], 0, sizeof(entries[i]));
		entries[i].opcode = IORING_OP_NOP;
		array[i] = i;
	}
	__atomic_store_n(tail, 3, __ATOMIC_RELEASE);
	if (flags & IORING_SETUP_SQPOLL) {
		if (*(volatile unsigned *)(ring + params.sq_off.flags) & IORING_SQ_NEED_WAKEUP)
			syscall(SYS_io_uring_enter, fd, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
		usleep(100000);
	} else {
		syscall(SYS_io_uring_enter, fd, 3, 3, IORING_ENTER_GETEVENTS, NULL, 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "calls")) {
		calls(atol(argv[2]));
		return 0;
	}
	if (!strcmp(what, "tree"))
		return tree(argv[2]);
	if (!strcmp(what, "before"))
		return before();
	if (!strcmp(what, "exec-from-thread"))
		return exec_from_thread(argv[2]);
	if (!strcmp(what, "busy"))
		return busy();
	if (!strcmp(what, "spin"))
		return spin();
	if (!strcmp(what, "blocked"))
		return blocked();
	if (!strcmp(what, "spawn"))
		return spawn(atol(argv[2]));
	if (!strcmp(what, "abis"))
		return abis();
	if (!strcmp(what, "features"))
		return features();
	if (!strcmp(what, "uring"))
		return uring(0);
	if (!strcmp(what, "uring-sqpoll"))
		return uring(IORING_SETUP_SQPOLL);
	if (!strcmp(what, "exec"))
		execv(argv[2], argv + 2);
	return 2;
}
