// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <uapi/linux/tagwatch_netlink.h>
#include "../verdict.h"
#include "registration.h"
#include "socket.h"
#include "year2020.h"

#define RETRY msecs_to_jiffies(20)
/* So long may an event wait for others that go into the same message. */
#define GATHER msecs_to_jiffies(2)
#define FEED_MESSAGE 16384

static unsigned int queue_kib = 256;
module_param(queue_kib, uint, 0644);
MODULE_PARM_DESC(queue_kib, "Room for what waits to be sent, for each registration, in KiB (256)");

static DEFINE_MUTEX(lock);
static LIST_HEAD(registrations);
static unsigned int count;
static bool ending;

static void expire(struct work_struct *work);
static DECLARE_DELAYED_WORK(expiry, expire);

void tw_lock(void)
{
	mutex_lock(&lock);
}

void tw_unlock(void)
{
	mutex_unlock(&lock);
}

static void wake(struct tw_feed *feed, bool urgent)
{
	struct tw_registration *registration = container_of(feed, struct tw_registration, feed);

	mod_delayed_work(system_unbound_wq, &registration->send, urgent ? 0 : GATHER);
}

/* Returns whether there may be more. */
static int send_feed(struct tw_registration *registration)
{
	u32 taken, records;
	struct twn_feed *feed;
	struct sk_buff *skb;
	u64 lost, notices;
	int error;

	skb = tw_message(TWN_TYPE, 0, FEED_MESSAGE, (void **)&feed);
	if (!skb)
		return -ENOMEM;
	taken = tw_feed_peek(&registration->feed, (u8 *)(feed + 1), FEED_MESSAGE - sizeof(*feed),
			     &records);
	tw_feed_losses(&registration->feed, &lost, &notices);
	if (!taken && lost + notices == registration->losses) {
		kfree_skb(skb);
		return 0;
	}
	tw_message_trim(skb, sizeof(*feed) + taken);
	*feed = (struct twn_feed) {
		.answer = {
			.magic = TWN_MAGIC,
			.op = TWN_FEED,
			.version = TWN_VERSION,
			.tag = registration->tag->value,
			.length = sizeof(*feed) + taken,
			.session = registration->session,
		},
		/* What found no room counts as a message of its own, so that the gap is seen. */
		.sequence = registration->sequence + 1 + (lost + notices != registration->losses),
		.count = records,
		.lost = lost,
		.notices_lost = notices,
	};
	registration->losses = lost + notices;
	registration->sequence = feed->sequence;
	error = tw_send(skb, registration->port, true);
	if (!error)
		tw_feed_drop(&registration->feed, taken);
	return error ? error : 1;
}

static void send(struct work_struct *work)
{
	struct tw_registration *registration =
		container_of(to_delayed_work(work), struct tw_registration, send);
	int result;

	do {
		result = registration->session ? send_feed(registration) :
						 tw_2020_send(registration);
	} while (result > 0);
	/* Whoever is gone is unregistered when his socket is released. */
	if (result < 0 && result != -ECONNREFUSED)
		mod_delayed_work(system_unbound_wq, &registration->send, RETRY);
}

static bool expired(const struct tw_registration *registration)
{
	return time_after(jiffies, registration->heard +
			  (unsigned long)registration->expiry_seconds * HZ);
}

void tw_unregister(struct tw_registration *registration)
{
	list_del(&registration->entry);
	count--;
	tw_feed_close(registration->tag, &registration->feed);
	cancel_delayed_work_sync(&registration->send);
	tw_feed_free(&registration->feed);
	tw_spare_no_more(registration->spared);
	kfree(registration);
}

static void unregister_expired(void)
{
	struct tw_registration *registration, *next;

	list_for_each_entry_safe(registration, next, &registrations, entry)
		if (expired(registration))
			tw_unregister(registration);
}

static void expire(struct work_struct *work)
{
	tw_lock();
	unregister_expired();
	if (count && !ending)
		schedule_delayed_work(&expiry, HZ);
	tw_unlock();
}

struct tw_registration *tw_by_session(u16 tag, u64 session)
{
	struct tw_registration *registration;

	unregister_expired();
	list_for_each_entry(registration, &registrations, entry)
		if (registration->session && registration->session == session &&
		    registration->tag->value == tag)
			return registration;
	return NULL;
}

struct tw_registration *tw_by_port(u16 tag, u32 port)
{
	struct tw_registration *registration;

	unregister_expired();
	list_for_each_entry(registration, &registrations, entry)
		if (registration->port == port && registration->tag->value == tag)
			return registration;
	return NULL;
}

struct tw_registration *tw_next_of_port(struct tw_registration *before, u32 port)
{
	struct tw_registration *registration = before;

	if (!before) {
		unregister_expired();
		registration = list_entry(&registrations, struct tw_registration, entry);
	}
	list_for_each_entry_continue(registration, &registrations, entry)
		if (registration->port == port)
			return registration;
	return NULL;
}

void tw_heard(struct tw_registration *registration)
{
	registration->heard = jiffies;
}

static struct tw_registration *holder(u16 tag)
{
	struct tw_registration *registration;

	list_for_each_entry(registration, &registrations, entry)
		if (registration->tag->value == tag)
			return registration;
	return NULL;
}

/* The tag stays for the rest of the boot: an agent that comes back goes on where it was. */
static struct tw_tag *keep_tag(u16 value)
{
	struct tw_tag *tag = tw_tag_get(value);

	if (tag && tag->known)
		tw_tag_put(tag);
	return tag;
}

u32 tw_register(u16 value, u32 port, u64 session, u16 expiry_seconds, struct tw_registration **made,
		u32 *detail)
{
	u32 size = roundup_pow_of_two(clamp(queue_kib, 16u, 65536u) * 1024);
	struct tw_registration *registration;

	unregister_expired();
	registration = holder(value);
	if (registration && registration->port != port) {
		*detail = registration->port;
		return TWN_TAG_HELD;
	}
	if (registration)
		tw_unregister(registration);
	if (ending || count >= TW_REGISTRATIONS_MAX)
		return TWN_FULL;
	registration = kzalloc(sizeof(*registration), GFP_KERNEL);
	if (!registration)
		return TWN_NO_MEMORY;
	registration->session = session;
	registration->port = port;
	registration->expiry_seconds = expiry_seconds ?
		clamp_t(u16, expiry_seconds, TW_EXPIRY_MIN, TW_EXPIRY_MAX) : TW_EXPIRY_DEFAULT;
	tw_heard(registration);
	INIT_DELAYED_WORK(&registration->send, send);
	registration->feed.wake = wake;
	registration->tag = keep_tag(value);
	if (!registration->tag || tw_feed_open(registration->tag, &registration->feed, size)) {
		kfree(registration);
		return TWN_NO_MEMORY;
	}
	registration->spared = tw_spare_current();
	list_add(&registration->entry, &registrations);
	if (!count++)
		schedule_delayed_work(&expiry, HZ);
	if (!session)
		wake(&registration->feed, true);
	*made = registration;
	return TWN_OK;
}

void tw_port_released(u32 port)
{
	struct tw_registration *registration, *next;

	tw_lock();
	list_for_each_entry_safe(registration, next, &registrations, entry)
		if (registration->port == port)
			tw_unregister(registration);
	tw_unlock();
}

void tw_end_registrations(void)
{
	struct tw_registration *registration, *next;

	tw_lock();
	ending = true;
	list_for_each_entry_safe(registration, next, &registrations, entry)
		tw_unregister(registration);
	tw_unlock();
	cancel_delayed_work_sync(&expiry);
}
