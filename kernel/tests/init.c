// SPDX-License-Identifier: GPL-2.0
/* The first process of a guest: runs one program, says how it ended. */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
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

/* The word of the kernel's command line that starts so; NULL if there is none. */
static char *told(const char *name)
{
	static char line[1024];
	FILE *file = fopen("/proc/cmdline", "r");
	char *at = NULL;

	if (file && fgets(line, sizeof(line), file))
		at = strstr(line, name);
	if (file)
		fclose(file);
	if (!at)
		return NULL;
	at += strlen(name);
	at[strcspn(at, " \n")] = 0;
	return at;
}

static int mount_at(const char *what, const char *where, const char *type, unsigned long flags,
		    const char *options)
{
	mkdir(where, 0755);
	if (!mount(what, where, type, flags, options))
		return 0;
	fprintf(stderr, "guest: cannot mount %s at %s: %s\n", type, where, strerror(errno));
	return -1;
}

/*
 * The folder of the host that is a Debian, with memory laid over it, so that it stays as it is;
 * /tagwatch is this tree, /results takes what the host is to find afterwards.
 */
static int enter_root(void)
{
	const char *shared = "trans=virtio,version=9p2000.L,cache=loose,msize=262144";

	if (mount_at("root", "/lower", "9p", MS_RDONLY, shared) ||
	    mount_at("upper", "/upper", "tmpfs", 0, NULL) || mkdir("/upper/data", 0755) ||
	    mkdir("/upper/work", 0755) ||
	    mount_at("root", "/root", "overlay", 0, "lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work") ||
	    mount_at("tagwatch", "/root/tagwatch", "9p", MS_RDONLY, shared) ||
	    mount_at("results", "/root/results", "9p", 0, "trans=virtio,version=9p2000.L,msize=262144") ||
	    mount_at("proc", "/root/proc", "proc", 0, NULL) ||
	    mount_at("sys", "/root/sys", "sysfs", 0, NULL) ||
	    mount_at("security", "/root/sys/kernel/security", "securityfs", 0, NULL) ||
	    mount_at("dev", "/root/dev", "devtmpfs", 0, NULL) ||
	    mount_at("shm", "/root/dev/shm", "tmpfs", 0, NULL) ||
	    mount_at("tmp", "/root/tmp", "tmpfs", 0, NULL) ||
	    mount_at("/tests", "/root/tests", NULL, MS_BIND, NULL))
		return -1;
	return chroot("/root") || chdir("/");
}

/* What the kernel was told as run=PROGRAM,ARGUMENT... */
static void run(void)
{
	char *words[8] = { "selftest" }, *line = told("run="), *word;
	int count = 1;

	if (line) {
		count = 0;
		for (word = strtok(line, ","); word && count < 7; word = strtok(NULL, ","))
			words[count++] = word;
	}
	words[count] = NULL;
	if (!chdir("/tests"))
		execv(words[0], words);
	perror(words[0]);
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
	/* What the firmware wrote ends without a new line. */
	puts("");
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	mount("security", "/sys/kernel/security", "securityfs", 0, NULL);
	mount("tmp", "/tmp", "tmpfs", 0, NULL);
	loopback_up();
	if (told("root=") && enter_root())
		reboot(RB_POWER_OFF);
	setenv("PATH", "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", 1);
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
