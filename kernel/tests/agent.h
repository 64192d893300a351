/* SPDX-License-Identifier: GPL-2.0 */
/* The smallest agent: one socket, one request at a time, what is unasked is kept for later. */
#ifndef TAGWATCH_AGENT_H
#define TAGWATCH_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../uapi/tagwatch_netlink.h"

#define RECORDS_MAX 65536

struct agent {
	int socket;
	uint16_t tag;
	uint64_t session;
	uint32_t sequence; /* of requests */
	uint32_t feed_sequence;
	uint32_t feed_gaps;
	/* what the feed brought and nobody has taken yet */
	uint8_t *records;
	size_t filled;
	union {
		uint8_t bytes[TWN_MESSAGE_MAX];
		struct twn_answer answer;
		struct twn_hello hello;
		struct twn_registered registered;
		struct twn_status status;
		struct twn_image image;
		struct twn_page page;
	} reply;
	size_t reply_size;
};

bool agent_open(struct agent *agent, uint16_t tag);
void agent_close(struct agent *agent);

/* Sends the payload with its head filled in and waits for the answer. The reason, or -1 if there is none. */
int agent_ask(struct agent *agent, uint8_t op, void *payload, size_t size);
int agent_hello(struct agent *agent);
/* key NULL: the one that the kernel shows to root. */
int agent_register(struct agent *agent, const uint8_t *key, uint16_t expiry, uint16_t ready);
int agent_simple(struct agent *agent, uint8_t op);
int agent_mode(struct agent *agent, uint16_t mode, uint16_t ready);
int agent_image(struct agent *agent, uint32_t tid, uint64_t start, uint32_t flags);
int agent_page(struct agent *agent, uint8_t op, uint64_t cursor, uint32_t flags);
/* hook: the only one that is denied; 0: all */
int agent_verdict(struct agent *agent, uint32_t tid, uint64_t start, uint16_t kind, uint16_t scope,
		  uint16_t hook);

/*
 * The next record of that kind and, if tid is not 0, of that task; records before it are dropped.
 * NULL if none comes within that many milliseconds. Good until the next call.
 */
const struct twn_record *agent_next(struct agent *agent, uint16_t kind, uint32_t tid, int milliseconds);
void agent_forget(struct agent *agent);

bool read_key(uint8_t *key);

/* The kernel module of the tests. 0, or what errno is. */
int module_load(const char *parameters);
int module_unload(void);

/* A client of 2020: its requests as that one's library sends them, 292 bytes of which 12 are meant. */
bool old_send(int socket, uint32_t key, uint8_t id, uint16_t tag, int32_t pid);
/* Size of the payload, -1 if nothing comes in time. */
int old_receive(int socket, void *payload, size_t size, int milliseconds);
int netlink_open(void);

#endif
