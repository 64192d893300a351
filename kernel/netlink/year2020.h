/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_NETLINK_YEAR2020_H
#define _TAGWATCH_NETLINK_YEAR2020_H

struct tw_registration;
struct tw_sender;
struct twn_2020_request;

void tw_2020(const struct tw_sender *sender, const struct twn_2020_request *request);
/* Sends some of what waits. Returns 1 if there may be more, 0 if not, or an error. */
int tw_2020_send(struct tw_registration *registration);

#endif
