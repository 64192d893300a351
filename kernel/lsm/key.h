/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_KEY_H
#define _TAGWATCH_KEY_H

#include <linux/types.h>

struct dentry;

/* Puts the file with the key into the module's folder of securityfs. */
int tw_show_key(struct dentry *folder);

/* Takes the same time whatever the bytes are. */
bool tw_is_key(const u8 *key);

/* Random, one a boot: sequences can be compared only within it. */
u64 tw_domain(void);

#endif
