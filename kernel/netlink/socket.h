/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_NETLINK_SOCKET_H
#define _TAGWATCH_NETLINK_SOCKET_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/* Who asks, and which of his messages this is. */
struct tw_sender {
	struct sk_buff *skb;
	u32 port;
	u32 sequence;
};

/* TWN_OK, or why the sender may not ask for anything. */
u32 tw_sender_reason(const struct tw_sender *sender);

/* A message with room for that much, *data points to it; NULL: no memory. May sleep. */
struct sk_buff *tw_message(u16 type, u32 sequence, u32 size, void **data);
/* Cuts what was not used. */
void tw_message_trim(struct sk_buff *skb, u32 size);
/*
 * Takes the message over. Without waiting the answer to a request, else for a moment. Returns 0,
 * -EAGAIN if the receiver has no room, -ECONNREFUSED if he is gone.
 */
int tw_send(struct sk_buff *skb, u32 port, bool wait);

#endif
