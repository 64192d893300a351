// SPDX-License-Identifier: GPL-2.0
/*
 * Messages between the behaviour recorder and agents. The wire format is that of
 * uapi/linux/tagwatch_netlink.h.
 */
#define pr_fmt(fmt) "tagwatch: " fmt

#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/pid_namespace.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>
#include <uapi/linux/tagwatch_netlink.h>
#include "../task.h"
#include "extended.h"
#include "registration.h"
#include "socket.h"
#include "year2020.h"

/* A slow agent holds the sender of its own feed up for so long before it is told of a loss. */
#define SEND_PATIENCE (HZ / 5)

static unsigned int protocol = TWN_NETLINK;
module_param(protocol, uint, 0444);
MODULE_PARM_DESC(protocol, "Number of the netlink protocol (31)");

static struct sock *kernel_socket;

u32 tw_sender_reason(const struct tw_sender *sender)
{
	if (!netlink_capable(sender->skb, CAP_SYS_ADMIN))
		return TWN_NOT_CAPABLE;
	if (current_user_ns() != &init_user_ns || task_active_pid_ns(current) != &init_pid_ns ||
	    sock_net(NETLINK_CB(sender->skb).sk) != &init_net)
		return TWN_BAD_NAMESPACE;
	return TWN_OK;
}

struct sk_buff *tw_message(u16 type, u32 sequence, u32 size, void **data)
{
	struct sk_buff *skb = nlmsg_new(size, GFP_KERNEL);
	struct nlmsghdr *header;

	if (!skb)
		return NULL;
	header = nlmsg_put(skb, 0, sequence, type, size, 0);
	if (!header) {
		nlmsg_free(skb);
		return NULL;
	}
	*data = nlmsg_data(header);
	/* Whatever nobody fills in must not show what lay in this memory before. */
	memset(*data, 0, NLMSG_ALIGN(size));
	return skb;
}

void tw_message_trim(struct sk_buff *skb, u32 size)
{
	struct nlmsghdr *header = nlmsg_hdr(skb);

	skb_trim(skb, NLMSG_SPACE(size));
	header->nlmsg_len = NLMSG_LENGTH(size);
}

int tw_send(struct sk_buff *skb, u32 port, bool wait)
{
	int result = netlink_unicast(kernel_socket, skb, port, !wait);

	return min(result, 0);
}

static void receive_one(struct sk_buff *skb, const struct nlmsghdr *header)
{
	struct tw_sender sender = {
		.skb = skb,
		.port = NETLINK_CB(skb).portid,
		.sequence = header->nlmsg_seq,
	};
	const void *payload = nlmsg_data(header);
	int size = nlmsg_len(header);

	if (size >= (int)sizeof(struct twn_request) &&
	    ((const struct twn_request *)payload)->magic == TWN_MAGIC)
		tw_extended(&sender, payload, size);
	else if (size >= (int)sizeof(struct twn_2020_request))
		tw_2020(&sender, payload);
}

/* In the sender's own context: what it costs, the sender pays. */
static void receive(struct sk_buff *skb)
{
	while (skb->len >= NLMSG_HDRLEN) {
		const struct nlmsghdr *header = nlmsg_hdr(skb);

		if (header->nlmsg_len < NLMSG_HDRLEN || skb->len < header->nlmsg_len)
			return;
		receive_one(skb, header);
		skb_pull(skb, min(NLMSG_ALIGN(header->nlmsg_len), skb->len));
		cond_resched();
	}
}

static int on_release(struct notifier_block *block, unsigned long event, void *about)
{
	const struct netlink_notify *notify = about;

	if (event == NETLINK_URELEASE && notify->protocol == protocol &&
	    net_eq(notify->net, &init_net))
		tw_port_released(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block release_notifier = {
	.notifier_call = on_release,
};

static int __init start(void)
{
	struct netlink_kernel_cfg configuration = { .input = receive };
	int error;

	if (!tw_active()) {
		pr_err("the security module is not active: name it in lsm= or CONFIG_LSM\n");
		return -ENODEV;
	}
	error = netlink_register_notifier(&release_notifier);
	if (error)
		return error;
	kernel_socket = netlink_kernel_create(&init_net, protocol, &configuration);
	if (!kernel_socket) {
		pr_err("netlink protocol %u cannot be had: protocol= chooses another\n", protocol);
		netlink_unregister_notifier(&release_notifier);
		return -EADDRINUSE;
	}
	kernel_socket->sk_sndtimeo = SEND_PATIENCE;
	return 0;
}

/* First nobody can ask for anything more, then what was asked for ends. */
static void __exit stop(void)
{
	struct sock *socket = kernel_socket;

	netlink_unregister_notifier(&release_notifier);
	tw_end_registrations();
	netlink_kernel_release(socket);
}

module_init(start);
module_exit(stop);
MODULE_DESCRIPTION("Tagwatch messages over netlink");
MODULE_LICENSE("GPL");
