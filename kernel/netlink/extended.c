// SPDX-License-Identifier: GPL-2.0
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netlink.h>
#include <uapi/linux/tagwatch_netlink.h>
#include "../hooks.h"
#include "../key.h"
#include "../task.h"
#include "../verdict.h"
#include "extended.h"
#include "registration.h"
#include "socket.h"

/* Of a page: a small part of an agent's receive buffer. */
#define PAGE_BYTES 16384

#define VERDICTS (BIT(TWN_VERDICT_SUSPEND) | BIT(TWN_VERDICT_DENY) | BIT(TWN_VERDICT_KILL) | \
		  BIT(TWN_VERDICT_RELEASE))

/* A request that is being dealt with. */
struct call {
	const struct tw_sender *sender;
	const struct twn_request *request;
	struct tw_registration *registration; /* NULL where none is needed */
	u32 detail;
};

static void fill(const struct call *call, struct twn_answer *answer, u32 reason, u32 length)
{
	*answer = (struct twn_answer) {
		.magic = TWN_MAGIC,
		.op = call->request->op,
		.version = TWN_VERSION,
		.tag = call->request->tag,
		.reason = reason,
		.length = length,
		.session = call->registration ? call->registration->session : 0,
		.detail = call->detail,
	};
}

static struct sk_buff *message(const struct call *call, u32 size, void *data)
{
	return tw_message(TWN_TYPE, call->sender->sequence, size, data);
}

static int finish(const struct call *call, struct sk_buff *skb, u32 size)
{
	fill(call, nlmsg_data(nlmsg_hdr(skb)), TWN_OK, size);
	tw_message_trim(skb, size);
	return tw_send(skb, call->sender->port, false);
}

static void answer(const struct call *call, u32 reason)
{
	struct twn_answer *into;
	struct sk_buff *skb = message(call, sizeof(*into), &into);

	if (!skb)
		return;
	fill(call, into, reason, sizeof(*into));
	tw_send(skb, call->sender->port, false);
}

/* Each returns TWN_OK if it has answered, else the reason to answer with. */

static u32 hello(struct call *call)
{
	struct twn_hello *into;
	struct sk_buff *skb = message(call, sizeof(*into), &into);
	u16 hooks = 0;

	if (!skb)
		return TWN_NO_MEMORY;
	while (tw_hook(hooks))
		hooks++;
	into->domain = tw_domain();
	into->vocabulary = tw_vocabulary();
	into->hooks = hooks;
	into->ring_slots = TW_RING_SLOTS;
	into->verdicts = VERDICTS;
	finish(call, skb, sizeof(*into));
	return TWN_OK;
}

static u32 do_register(struct call *call)
{
	const struct twn_register *request = (const void *)call->request;
	struct twn_counters totals;
	struct twn_registered *into;
	struct sk_buff *skb;
	struct tw_tag *tag;
	u64 session;
	u32 reason;

	if (!tw_is_key(request->key))
		return TWN_BAD_KEY;
	skb = message(call, sizeof(*into), &into);
	tag = tw_tag_get(call->request->tag);
	if (!skb || !tag) {
		kfree_skb(skb);
		return TWN_NO_MEMORY;
	}
	tw_tag_totals(tag, &totals);
	do {
		session = get_random_u64();
	} while (!session);
	reason = tw_register(call->request->tag, call->sender->port, session,
			     request->expiry_seconds, &call->registration, &call->detail);
	tw_tag_put(tag);
	if (reason != TWN_OK) {
		kfree_skb(skb);
		return reason;
	}
	WRITE_ONCE(call->registration->tag->ready_slots, request->ready_slots);
	into->domain = tw_domain();
	into->expiry_seconds = call->registration->expiry_seconds;
	into->keep_alive_seconds = max(1, call->registration->expiry_seconds / 3);
	into->counters = totals;
	/* An agent that does not get its session could not use it: it asks again. */
	if (finish(call, skb, sizeof(*into)))
		tw_unregister(call->registration);
	return TWN_OK;
}

static u32 unregister(struct call *call)
{
	answer(call, TWN_OK);
	tw_unregister(call->registration);
	return TWN_OK;
}

static void totals_of(const struct tw_registration *registration, struct twn_counters *totals)
{
	struct tw_tag *tag = registration->tag;

	tw_tag_totals(tag, totals);
	tw_feed_losses((struct tw_feed *)&registration->feed, &totals->lost,
		       &totals->notices_lost);
}

static u32 keep_alive(struct call *call)
{
	struct twn_status *into;
	struct sk_buff *skb = message(call, sizeof(*into), &into);

	if (!skb)
		return TWN_NO_MEMORY;
	into->sequence = READ_ONCE(call->registration->sequence);
	into->mode = call->registration->tag->live ? TWN_MODE_LIVE : TWN_MODE_SNAPSHOT;
	totals_of(call->registration, &into->counters);
	finish(call, skb, sizeof(*into));
	return TWN_OK;
}

static u32 set_mode(struct call *call)
{
	const struct twn_mode_request *request = (const void *)call->request;
	struct tw_tag *tag = call->registration->tag;

	if (request->mode != TWN_MODE_LIVE && request->mode != TWN_MODE_SNAPSHOT) {
		call->detail = offsetof(struct twn_mode_request, mode);
		return TWN_INVALID;
	}
	WRITE_ONCE(tag->ready_slots, request->ready_slots);
	WRITE_ONCE(tag->live, request->mode == TWN_MODE_LIVE);
	answer(call, TWN_OK);
	return TWN_OK;
}

static struct tw_task *task_of(const struct call *call, u32 tid, u64 start_time, u32 *reason)
{
	bool other_tag;
	struct tw_task *task = tw_task_find(call->registration->tag, tid, start_time, &other_tag);

	*reason = task ? TWN_OK : other_tag ? TWN_OTHER_TAG : TWN_NO_TASK;
	return task;
}

static u32 image(struct call *call)
{
	const struct twn_image_request *request = (const void *)call->request;
	bool fetch = request->flags & TWN_IMAGE_FETCH;
	struct tw_snapshot *ring;
	unsigned int count, first, i;
	struct twn_image *into;
	struct twn_slot *slots;
	struct tw_task *task;
	struct sk_buff *skb;
	u32 reason, size;

	if (request->flags & ~TWN_IMAGE_FETCH) {
		call->detail = offsetof(struct twn_image_request, flags);
		return TWN_INVALID;
	}
	task = task_of(call, request->tid, request->start_time, &reason);
	if (!task)
		return reason;
	ring = kmalloc(sizeof(*ring), GFP_KERNEL);
	skb = message(call, sizeof(*into) + TW_RING_SLOTS * sizeof(*slots), &into);
	if (!ring || !skb) {
		reason = TWN_NO_MEMORY;
		kfree_skb(skb);
		goto out;
	}
	tw_task_describe(task, &into->task);
	tw_task_image(task, ring);
	into->task.sequence = ring->sequence;
	count = ring->count;
	if (fetch)
		count = min_t(u64, count, ring->sequence - min(into->task.settled, ring->sequence));
	first = ring->count - count;
	if (count)
		into->task.time_ns = ring->time_ns[ring->count - 1];
	into->count = count;
	into->slot_size = sizeof(*slots);
	slots = (struct twn_slot *)(into + 1);
	for (i = 0; i < count; i++) {
		slots[i].time_ns = ring->time_ns[first + i];
		slots[i].hook = ring->hook[first + i];
	}
	size = sizeof(*into) + count * sizeof(*slots);
	if (!finish(call, skb, size) && fetch)
		tw_task_settle(task, ring->sequence);
out:
	kfree(ring);
	tw_task_put(task);
	return reason;
}

static bool any(const u64 *words)
{
	u64 all = 0;
	int i;

	for (i = 0; i < TWN_HOOK_WORDS; i++)
		all |= words[i];
	return all;
}

static u32 verdict(struct call *call)
{
	const struct twn_verdict_request *request = (const void *)call->request;
	u64 hooks[TWN_HOOK_WORDS];
	struct tw_task *task;
	u32 reason;
	int reached;

	if (!request->kind || request->kind > TWN_VERDICT_RELEASE) {
		call->detail = offsetof(struct twn_verdict_request, kind);
		return TWN_INVALID;
	}
	if (request->scope > TWN_SCOPE_TAG) {
		call->detail = offsetof(struct twn_verdict_request, scope);
		return TWN_INVALID;
	}
	if (request->tid == 1)
		return TWN_UNTOUCHABLE;
	task = task_of(call, request->tid, request->start_time, &reason);
	if (!task)
		return reason;
	memcpy(hooks, request->hooks, sizeof(hooks));
	reached = tw_decide(call->registration->tag, task, request->kind, request->scope,
			    any(hooks) ? hooks : NULL);
	tw_task_put(task);
	if (reached < 0)
		return TWN_UNTOUCHABLE;
	call->detail = reached;
	answer(call, TWN_OK);
	return TWN_OK;
}

static u32 tasks(struct call *call)
{
	const struct twn_page_request *request = (const void *)call->request;
	unsigned int room = (PAGE_BYTES - sizeof(struct twn_page)) / sizeof(struct twn_task);
	struct twn_page *into;
	struct sk_buff *skb;

	if (request->flags & ~TWN_PAGE_NEWS) {
		call->detail = offsetof(struct twn_page_request, flags);
		return TWN_INVALID;
	}
	skb = message(call, PAGE_BYTES, &into);
	if (!skb)
		return TWN_NO_MEMORY;
	into->cursor = request->cursor;
	into->count = tw_tasks(call->registration->tag, &into->cursor,
			       request->flags & TWN_PAGE_NEWS, (struct twn_task *)(into + 1), room);
	finish(call, skb, sizeof(*into) + into->count * sizeof(struct twn_task));
	return TWN_OK;
}

static u32 verdicts(struct call *call)
{
	const struct twn_page_request *request = (const void *)call->request;
	unsigned int room = (PAGE_BYTES - sizeof(struct twn_page)) / sizeof(struct twn_verdict);
	struct twn_page *into;
	struct sk_buff *skb = message(call, PAGE_BYTES, &into);

	if (!skb)
		return TWN_NO_MEMORY;
	into->cursor = request->cursor;
	into->count = tw_verdicts(call->registration->tag, &into->cursor,
				  (struct twn_verdict *)(into + 1), room);
	finish(call, skb, sizeof(*into) + into->count * sizeof(struct twn_verdict));
	return TWN_OK;
}

static void describe_hook(const struct tw_hook *hook, struct twn_hook *into)
{
	struct twn_feature *features = (struct twn_feature *)(into + 1);
	unsigned int i;

	into->size = sizeof(*into) + hook->count * sizeof(*features);
	into->id = hook->id;
	into->flags = hook->can_deny ? TWN_HOOK_CAN_DENY : 0;
	into->features = hook->count;
	strscpy(into->name, hook->name, sizeof(into->name));
	for (i = 0; i < hook->count; i++) {
		features[i].type = hook->features[i].type;
		strscpy(features[i].name, hook->features[i].name, sizeof(features[i].name));
	}
}

/* The cursor is the hook's place in the kernel's list. */
static u32 hooks(struct call *call)
{
	const struct twn_page_request *request = (const void *)call->request;
	const struct tw_hook *hook;
	u32 size = sizeof(struct twn_page);
	unsigned int index = min_t(u64, request->cursor, TWN_HOOKS_MAX);
	struct twn_page *into;
	struct sk_buff *skb = message(call, PAGE_BYTES, &into);

	if (!skb)
		return TWN_NO_MEMORY;
	for (hook = tw_hook(index); hook; hook = tw_hook(++index)) {
		u32 more = sizeof(struct twn_hook) + hook->count * sizeof(struct twn_feature);

		if (more > PAGE_BYTES - size)
			break;
		describe_hook(hook, (void *)into + size);
		size += more;
		into->count++;
	}
	into->cursor = hook ? index : 0;
	finish(call, skb, size);
	return TWN_OK;
}

enum need {
	NEEDS_NOTHING,
	NEEDS_SESSION,
};

static const struct operation {
	u32 (*carry_out)(struct call *call);
	u16 size;
	u8 op;
	enum need need;
} operations[] = {
	{ hello, sizeof(struct twn_request), TWN_HELLO, NEEDS_NOTHING },
	{ do_register, sizeof(struct twn_register), TWN_REGISTER, NEEDS_NOTHING },
	{ unregister, sizeof(struct twn_request), TWN_UNREGISTER, NEEDS_SESSION },
	{ keep_alive, sizeof(struct twn_request), TWN_KEEP_ALIVE, NEEDS_SESSION },
	{ set_mode, sizeof(struct twn_mode_request), TWN_MODE, NEEDS_SESSION },
	{ image, sizeof(struct twn_image_request), TWN_IMAGE, NEEDS_SESSION },
	{ verdict, sizeof(struct twn_verdict_request), TWN_VERDICT, NEEDS_SESSION },
	{ tasks, sizeof(struct twn_page_request), TWN_TASKS, NEEDS_SESSION },
	{ verdicts, sizeof(struct twn_page_request), TWN_VERDICTS, NEEDS_SESSION },
	{ hooks, sizeof(struct twn_page_request), TWN_HOOKS, NEEDS_NOTHING },
};

static const struct operation *operation_of(u8 op)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].op == op)
			return &operations[i];
	return NULL;
}

static u32 refusal(struct call *call, const struct operation *operation, int size)
{
	u32 reason = tw_sender_reason(call->sender);

	if (reason != TWN_OK)
		return reason;
	if (!operation)
		return TWN_UNKNOWN_OP;
	if (operation->op != TWN_HELLO && call->request->version != TWN_VERSION) {
		call->detail = TWN_VERSION;
		return TWN_BAD_VERSION;
	}
	if (call->request->length < operation->size || size < operation->size) {
		call->detail = operation->size;
		return TWN_BAD_LENGTH;
	}
	return TWN_OK;
}

void tw_extended(const struct tw_sender *sender, const void *payload, int size)
{
	struct call call = { .sender = sender, .request = payload };
	const struct operation *operation = operation_of(call.request->op);
	u32 reason = refusal(&call, operation, size);

	if (reason != TWN_OK) {
		answer(&call, reason);
		return;
	}
	tw_lock();
	if (operation->need == NEEDS_SESSION) {
		call.registration = tw_by_session(call.request->tag, call.request->session);
		if (!call.registration)
			reason = TWN_NOT_REGISTERED;
		else
			tw_heard(call.registration);
	}
	if (reason == TWN_OK)
		reason = operation->carry_out(&call);
	if (reason != TWN_OK)
		answer(&call, reason);
	tw_unlock();
}
