/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which agent gets what is recorded for which tag. All functions may sleep; tw_lock() makes that
 * one request is dealt with at a time.
 */
#ifndef _TAGWATCH_REGISTRATION_H
#define _TAGWATCH_REGISTRATION_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include "../feed.h"
#include "../tag.h"

struct tw_group;

struct tw_registration {
	struct list_head entry;
	struct tw_tag *tag;
	struct tw_group *spared; /* the agent's own process, if it has a tag */
	struct tw_feed feed;
	struct delayed_work send;
	u64 session; /* random; 0: a client of 2020 */
	u32 port;
	u16 expiry_seconds;
	bool introduced; /* 2020: what ran before has been told */
	unsigned long heard; /* jiffies */
	u32 sequence; /* of the last feed message */
	u64 losses; /* told so far */
};

#define TW_REGISTRATIONS_MAX 64
#define TW_EXPIRY_DEFAULT 15
#define TW_EXPIRY_MIN 3
#define TW_EXPIRY_MAX 3600

void tw_lock(void);
void tw_unlock(void);

/* Under the lock. Those that have expired are gone. */
struct tw_registration *tw_by_session(u16 tag, u64 session);
struct tw_registration *tw_by_port(u16 tag, u32 port);
struct tw_registration *tw_next_of_port(struct tw_registration *before, u32 port);

/* Under the lock. TWN_OK and *made, or the reason and *detail. session 0: a client of 2020. */
u32 tw_register(u16 tag, u32 port, u64 session, u16 expiry_seconds, struct tw_registration **made,
		u32 *detail);
void tw_unregister(struct tw_registration *registration);
void tw_heard(struct tw_registration *registration);

void tw_port_released(u32 port);
void tw_end_registrations(void);

#endif
