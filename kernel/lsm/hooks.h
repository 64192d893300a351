/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_HOOKS_H
#define _TAGWATCH_HOOKS_H

#include <linux/types.h>
#include <uapi/linux/tagwatch_netlink.h>

struct tw_feature {
	u16 type; /* enum twn_feature_type */
	const char *name;
};

/* A hook that this kernel has. */
struct tw_hook {
	u16 id; /* stable: belongs to the name in every kernel */
	bool can_deny;
	u16 count;
	const char *name;
	const struct tw_feature *features; /* in slot order */
};

/* In the order of the kernel's own list; NULL behind the last. */
const struct tw_hook *tw_hook(unsigned int index);
/* Changes when a hook or a feature does. */
u32 tw_vocabulary(void);

#endif
