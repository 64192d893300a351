// SPDX-License-Identifier: GPL-2.0
/* The first process of a guest without a root file system: runs one program, says how it ended. */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	ioctl(s, SIOCGIFFLAGS, &request);
	request.ifr_flags |= IFF_UP;
	ioctl(s, SIOCSIFFLAGS, &request);
	close(s);
}

int main(void)
{
	int status = -1;
	pid_t child;

	setvbuf(stdout, NULL, _IONBF, 0);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("security", "/sys/kernel/security", "securityfs", 0, NULL);
	mount("tmp", "/tmp", "tmpfs", 0, NULL);
	loopback_up();
	child = fork();
	if (!child) {
		execl("/tests/selftest", "selftest", NULL);
		_exit(127);
	}
	while (wait(&status) != child)
		;
	printf("guest: ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status));
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
