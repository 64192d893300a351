/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_KEY_H
#define _TAGWATCH_KEY_H

#include <linux/types.h>

/* Puts the file with the key into securityfs. */
int tw_show_key(void);

/* Takes the same time whatever the bytes are. */
bool tw_is_key(const u8 *key);

/* Random, one a boot: sequences can be compared only within it. */
u64 tw_domain(void);

#endif
