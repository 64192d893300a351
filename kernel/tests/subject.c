// SPDX-License-Identifier: GPL-2.0
/*
 * The program that is watched. Does what it is told, one letter at a time, and answers with a line
 * of text. With -DTAG=n it carries that tag; without, none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef TAG
__attribute__((section(".exein"), used)) static const uint16_t tag = TAG;
#endif

static char *self;

static void tell(int number)
{
	char line[32];
	int size = snprintf(line, sizeof(line), "%d\n", number);

	if (write(1, line, size) != size)
		_exit(9);
}

/* The answer is 0, or what errno is. */
static int open_file(void)
{
	int fd = open("/etc/passwd", O_RDONLY);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void *exec_in_thread(void *unused)
{
	usleep(20000);
	execl(self, self, NULL);
	_exit(8);
	return unused;
}

static void obey(char order)
{
	pthread_t thread;
	pid_t child;
	int i;

	switch (order) {
	case 'o': /* open a file */
		tell(open_file());
		break;
	case 'm': /* many hooks */
		for (i = 0; i < 100; i++)
			open_file();
		tell(i);
		break;
	case 's': /* sockets */
		i = socket(AF_INET, SOCK_STREAM, 0);
		tell(i < 0 ? errno : 0);
		close(i);
		break;
	case 'f': /* a child that waits for its end */
		child = fork();
		if (!child) {
			for (;;)
				pause();
		}
		tell(child);
		break;
	case 'F': /* a child that works and ends */
		child = fork();
		if (!child)
			_exit(open_file());
		waitpid(child, NULL, 0);
		tell(child);
		break;
	case 'e': /* run the program that has no tag */
		execl("/tests/untagged", "untagged", NULL);
		_exit(8);
	case 'T': /* a thread that is not the leader runs the program anew */
		pthread_create(&thread, NULL, exec_in_thread, NULL);
		pause();
		break;
	case 'p':
		tell(getpid());
		break;
	default:
		_exit(0);
	}
}

int main(int count, char **arguments)
{
	char order;

	(void)count;
	self = arguments[0];
	while (read(0, &order, 1) == 1)
		obey(order);
	return 0;
}
