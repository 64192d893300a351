// SPDX-License-Identifier: Apache-2.0
/*
 * workload getppid N        N times one cheap system call
 * workload mix N FILE...    about N system calls of a program that reads files, over and over
 * workload never N          N times a call that the two above never make
 * workload sleep N          N children that sleep, until this process ends
 *
 * The loops print "calls=<made in the loop> ns=<taken>". The clock is read twice only, so that the
 * count is exact even where reading it is a system call.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static long repeat(long number, long calls)
{
	for (long i = 0; i < calls; i++)
		syscall(number);
	return calls;
}

static long read_file(const char *path, unsigned int reads)
{
	static char buffer[512];
	struct stat status;
	long calls = 4;
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);

	if (file < 0) {
		perror(path);
		exit(1);
	}
	fstat(file, &status);
	for (unsigned int i = 0; i < reads; i++, calls++)
		syscall(SYS_read, file, buffer, sizeof(buffer));
	syscall(SYS_lseek, file, 0, SEEK_SET);
	syscall(SYS_close, file);
	return calls;
}

static long mix(long wanted, char **files, int count)
{
	uint32_t random = 2463534242u;
	long calls = 0;

	while (calls < wanted) {
		random ^= random << 13;
		random ^= random >> 17;
		random ^= random << 5;
		calls += read_file(files[random % (unsigned int)count], 1 + (random >> 8) % 4);
		calls += repeat(SYS_getppid, 1 + (random >> 16) % 2);
		if ((random >> 24) % 8 == 0)
			calls += repeat(SYS_getuid, 1);
	}
	return calls;
}

static int sleepers(long count)
{
	char byte;

	for (long i = 0; i < count; i++) {
		pid_t child = fork();

		if (child < 0) {
			perror("fork");
			return 1;
		}
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
	puts("asleep");
	fflush(stdout);
	/* the end of the input is the order to go */
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	/* the children get SIGKILL from the kernel */
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	long wanted = argc > 2 ? atol(argv[2]) : 0;
	uint64_t begin;
	long calls;

	if (strcmp(what, "sleep") == 0)
		return sleepers(wanted);
	begin = now_ns();
	if (strcmp(what, "getppid") == 0) {
		calls = repeat(SYS_getppid, wanted);
	} else if (strcmp(what, "never") == 0) {
		calls = repeat(SYS_getsid, wanted);
	} else if (strcmp(what, "mix") == 0 && argc > 3) {
		calls = mix(wanted, argv + 3, argc - 3);
	} else {
		fprintf(stderr, "usage: workload getppid|never|sleep N, or mix N FILE...\n");
		return 2;
	}
	printf("calls=%ld ns=%llu\n", calls, (unsigned long long)(now_ns() - begin));
	return 0;
}
