// SPDX-License-Identifier: Apache-2.0
/*
 * A small server with a real hole, for the attack suite: one request a connection.
 *   GET name\n            sends the file of that name from the folder
 *   PUT name length\n...  keeps that many bytes under that name
 * put() believes the length it is told: a longer content overwrites its own return address.
 * Built without stack protector, PIE and CET, as much device software still is.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What arrived; page-aligned, so that an attacker can have the page made executable. */
static char request[8192] __attribute__((aligned(4096)));

/*
 * Every C library holds sequences like these somewhere; here they stand in the open, so that the
 * attack does not depend on the library's version. Nobody calls them.
 */
__asm__(".text\n"
	"gadget: pop %rdi; pop %rsi; pop %rdx; ret\n");
extern char gadget[];

static void get(int client, const char *name)
{
	char buffer[512];
	ssize_t got;
	int file = open(name, O_RDONLY);

	if (file < 0) {
		dprintf(client, "no such file\n");
		return;
	}
	while ((got = read(file, buffer, sizeof(buffer))) > 0)
		if (write(client, buffer, got) < 0)
			break;
	close(file);
}

static __attribute__((noinline)) void put(int client, const char *name, const char *content, long length)
{
	char copy[64];
	int file;

	/* The hole: length comes from the network. */
	for (long i = 0; i < length; i++)
		((volatile char *)copy)[i] = content[i];
	file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (file >= 0 && write(file, copy, length < 64 ? length : 64) >= 0)
		dprintf(client, "kept\n");
	close(file);
}

static void serve(int client)
{
	char name[64];
	long length;
	char *content;
	ssize_t size = read(client, request, sizeof(request) - 1);

	if (size <= 0)
		return;
	request[size] = 0;
	content = strchr(request, '\n');
	if (!content)
		return;
	if (sscanf(request, "GET %63[a-z0-9.]", name) == 1)
		get(client, name);
	else if (sscanf(request, "PUT %63[a-z0-9.] %ld", name, &length) == 2)
		put(client, name, content + 1, length);
	else
		dprintf(client, "what?\n");
}

int main(int count, char **arguments)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int yes = 1;

	if (count != 3 || chdir(arguments[2]))
		return 2;
	address.sin_port = htons(atoi(arguments[1]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 16))
		return 1;
	/* Who has the file can read these from it; here they are said, so that no tool is needed. */
	printf("%lx %lx %lx\n", (long)request, (long)gadget, (long)mprotect);
	fflush(stdout);
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0)
			return 1;
		serve(client);
		close(client);
	}
}
