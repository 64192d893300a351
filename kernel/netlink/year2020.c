// SPDX-License-Identifier: GPL-2.0
/*
 * Clients of 2020. Their key is a number that is built into them, so this is off unless the
 * module is told that number. All else that is demanded of others is demanded of them.
 */
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/netlink.h>
#include <uapi/linux/tagwatch_netlink.h>
#include "../task.h"
#include "../verdict.h"
#include "registration.h"
#include "socket.h"
#include "year2020.h"

#define CHUNK 4096

static unsigned int build_key;
/* Whoever can read it can kill: not for the eyes of all, not even after it was set. */
module_param(build_key, uint, 0);
MODULE_PARM_DESC(build_key, "Key of clients of 2020; 0, as it is by default: none is let in");

static struct twn_2020_reply *reply(struct sk_buff **skb, u16 id, s32 pid)
{
	struct twn_2020_reply *into;

	*skb = tw_message(NLMSG_DONE, 0, sizeof(*into), (void **)&into);
	if (!*skb)
		return NULL;
	into->id = id;
	into->pid = pid;
	return into;
}

static void acknowledge(const struct tw_sender *sender)
{
	void *into;
	struct sk_buff *skb = tw_message(NLMSG_DONE, 0, TWN_2020_ACK_SIZE, &into);

	if (!skb)
		return;
	memcpy(into, TWN_2020_ACK, TWN_2020_ACK_SIZE);
	tw_send(skb, sender->port, false);
}

static void do_register(const struct tw_sender *sender, u16 tag)
{
	struct tw_registration *made;
	u32 detail;

	if (tw_register(tag, sender->port, 0, 0, &made, &detail) == TWN_OK)
		acknowledge(sender);
}

/* Of any tag that the sender holds: in 2020 the tag of BLOCK means nothing. */
static struct tw_task *own_task(const struct tw_sender *sender, s32 pid,
				struct tw_registration **of)
{
	struct tw_registration *registration = NULL;
	struct tw_task *task;
	bool other_tag;

	while ((registration = tw_next_of_port(registration, sender->port))) {
		task = tw_task_find(registration->tag, pid, 0, &other_tag);
		if (task) {
			*of = registration;
			tw_heard(registration);
			return task;
		}
	}
	return NULL;
}

static void block(const struct tw_sender *sender, s32 pid)
{
	struct tw_registration *registration;
	struct tw_task *task = own_task(sender, pid, &registration);

	if (!task)
		return;
	tw_decide(registration->tag, task, TWN_VERDICT_KILL, TWN_SCOPE_PROCESS, NULL);
	tw_task_put(task);
}

static void image(const struct tw_sender *sender, s32 pid)
{
	struct tw_registration *registration;
	struct tw_task *task = own_task(sender, pid, &registration);
	struct twn_2020_reply *into;
	struct tw_snapshot *ring;
	struct sk_buff *skb;

	if (!task)
		return;
	ring = kmalloc(sizeof(*ring), GFP_KERNEL);
	into = ring ? reply(&skb, TWN_2020_FEED, pid) : NULL;
	if (into) {
		tw_task_image(task, ring);
		memcpy(into->payload + TWN_2020_RING - ring->count, ring->hook,
		       ring->count * sizeof(*ring->hook));
		into->sequence = ++registration->sequence;
		if (!tw_send(skb, sender->port, false))
			tw_task_settle(task, ring->sequence);
	}
	kfree(ring);
	tw_task_put(task);
}

void tw_2020(const struct tw_sender *sender, const struct twn_2020_request *request)
{
	struct tw_registration *registration;

	if (tw_sender_reason(sender) != TWN_OK || !build_key || request->key != build_key)
		return;
	tw_lock();
	switch (request->id) {
	case TWN_2020_REGISTRATION:
		do_register(sender, request->tag);
		break;
	case TWN_2020_KEEP_ALIVE:
		registration = tw_by_port(request->tag, sender->port);
		if (registration)
			tw_heard(registration);
		break;
	case TWN_2020_BLOCK:
		block(sender, request->pid);
		break;
	case TWN_2020_IMAGE:
		image(sender, request->pid);
		break;
	}
	tw_unlock();
}

static int tell_process(struct tw_registration *registration, u16 id, s32 pid)
{
	struct sk_buff *skb;
	struct twn_2020_reply *into = reply(&skb, id, pid);

	if (!into)
		return -ENOMEM;
	into->sequence = ++registration->sequence;
	memcpy(into->payload, &pid, sizeof(pid));
	return tw_send(skb, registration->port, true);
}

static int tell_event(struct tw_registration *registration, const struct twn_record *record)
{
	u32 words = TWN_2020_LIVE_HEAD + record->features + 1;
	struct sk_buff *skb;
	u16 *into;

	skb = tw_message(NLMSG_DONE, 0, words * sizeof(*into), (void **)&into);
	if (!skb)
		return -ENOMEM;
	into[0] = TWN_2020_LIVE_MAGIC;
	into[1] = record->features;
	into[2] = record->tid;
	into[3] = record->hook;
	into[5] = record->features;
	memcpy(into + TWN_2020_LIVE_HEAD, record + 1, record->features * sizeof(*into));
	into[words - 1] = ++registration->sequence;
	return tw_send(skb, registration->port, true);
}

static int tell(struct tw_registration *registration, const struct twn_record *record)
{
	switch (record->kind) {
	case TWN_RECORD_START:
		return tell_process(registration, TWN_2020_ADD_PROCESS, record->tid);
	case TWN_RECORD_EXIT:
		return tell_process(registration, TWN_2020_DELETE_PROCESS, record->tid);
	case TWN_RECORD_EVENT:
		return tell_event(registration, record);
	default:
		return 0;
	}
}

/* What ran before the registration; a process that starts meanwhile may be told twice. */
static int introduce(struct tw_registration *registration, void *room)
{
	struct twn_task *tasks = room;
	unsigned int count, i;
	u64 cursor = 0;
	int error;

	do {
		count = tw_tasks(registration->tag, &cursor, false, tasks, CHUNK / sizeof(*tasks));
		for (i = 0; i < count; i++) {
			if (tasks[i].flags & TWN_TASK_EXITED)
				continue;
			error = tell_process(registration, TWN_2020_ADD_PROCESS, tasks[i].tid);
			if (error)
				return error;
		}
	} while (cursor);
	registration->introduced = true;
	return 0;
}

int tw_2020_send(struct tw_registration *registration)
{
	u8 *room = kmalloc(CHUNK, GFP_KERNEL);
	u32 taken, records, at = 0;
	int error = 0;

	if (!room)
		return -ENOMEM;
	if (!registration->introduced)
		error = introduce(registration, room);
	taken = error ? 0 : tw_feed_peek(&registration->feed, room, CHUNK, &records);
	while (at < taken && !error) {
		const struct twn_record *record = (const void *)(room + at);

		error = tell(registration, record);
		if (!error)
			at += record->size;
	}
	tw_feed_drop(&registration->feed, at);
	kfree(room);
	return error ? error : at > 0;
}
