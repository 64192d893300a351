/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_NETLINK_EXTENDED_H
#define _TAGWATCH_NETLINK_EXTENDED_H

struct tw_sender;

/* payload holds at least a struct twn_request. */
void tw_extended(const struct tw_sender *sender, const void *payload, int size);

#endif
