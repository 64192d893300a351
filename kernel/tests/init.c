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

/* What the kernel was told as run=PROGRAM,ARGUMENT... */
static void run(void)
{
	static char line[1024];
	char *words[8] = { "selftest" }, *at, *word;
	FILE *file = fopen("/proc/cmdline", "r");
	int count = 1;

	if (file && fgets(line, sizeof(line), file)) {
		at = strstr(line, "run=");
		if (at) {
			at[strcspn(at, " \n")] = 0;
			count = 0;
			for (word = strtok(at + 4, ","); word && count < 7; word = strtok(NULL, ","))
				words[count++] = word;
		}
	}
	words[count] = NULL;
	if (!chdir("/tests"))
		execv(words[0], words);
	_exit(127);
}

/* What kmemleak has found, if this kernel has it. */
static void show_leaks(void)
{
	FILE *leaks;
	char line[256];
	int i;

	if (mount("debug", "/sys/kernel/debug", "debugfs", 0, NULL))
		return;
	/* The first scan only marks: what is reported was not reachable in two. */
	for (i = 0; i < 2; i++) {
		leaks = fopen("/sys/kernel/debug/kmemleak", "w");
		if (!leaks)
			return;
		fputs("scan", leaks);
		fclose(leaks);
		sleep(6);
	}
	leaks = fopen("/sys/kernel/debug/kmemleak", "r");
	while (leaks && fgets(line, sizeof(line), leaks))
		fputs(line, stdout);
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
	if (!child)
		run();
	while (wait(&status) != child)
		;
	show_leaks();
	printf("guest: ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status));
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
