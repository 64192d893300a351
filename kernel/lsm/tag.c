// SPDX-License-Identifier: GPL-2.0
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/hashtable.h>
#include <linux/slab.h>
#include "tag.h"

static DEFINE_HASHTABLE(tags, 6);
static DEFINE_SPINLOCK(tags_lock);

static struct tw_tag *find(u16 value)
{
	struct tw_tag *tag;

	hash_for_each_possible(tags, tag, node, value)
		if (tag->value == value)
			return tag;
	return NULL;
}

struct tw_tag *tw_tag_find(u16 value)
{
	struct tw_tag *tag;
	unsigned long flags;

	spin_lock_irqsave(&tags_lock, flags);
	tag = find(value);
	if (tag)
		refcount_inc(&tag->users);
	spin_unlock_irqrestore(&tags_lock, flags);
	return tag;
}
EXPORT_SYMBOL_GPL(tw_tag_find);

struct tw_tag *tw_tag_get(u16 value)
{
	struct tw_tag *made = kzalloc(sizeof(*made), GFP_KERNEL);
	struct tw_tag *tag;
	unsigned long flags;

	if (!made)
		return NULL;
	refcount_set(&made->users, 1);
	made->value = value;
	spin_lock_init(&made->lock);
	INIT_LIST_HEAD(&made->tasks);
	INIT_LIST_HEAD(&made->groups);
	made->next_serial = 1;

	spin_lock_irqsave(&tags_lock, flags);
	tag = find(value);
	if (tag) {
		refcount_inc(&tag->users);
	} else {
		hash_add(tags, &made->node, value);
		swap(tag, made);
	}
	spin_unlock_irqrestore(&tags_lock, flags);
	kfree(made);
	return tag;
}
EXPORT_SYMBOL_GPL(tw_tag_get);

void tw_tag_hold(struct tw_tag *tag)
{
	refcount_inc(&tag->users);
}

void tw_tag_put(struct tw_tag *tag)
{
	unsigned long flags;
	bool last;

	/* The last user must not go while another finds the tag in the table. */
	spin_lock_irqsave(&tags_lock, flags);
	last = refcount_dec_and_test(&tag->users);
	if (last)
		hash_del(&tag->node);
	spin_unlock_irqrestore(&tags_lock, flags);
	if (last)
		kfree_rcu(tag, rcu);
}
EXPORT_SYMBOL_GPL(tw_tag_put);
