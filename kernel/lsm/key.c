// SPDX-License-Identifier: GPL-2.0
/*
 * The key by which agents prove that root let them read it. It is made when it is first asked for:
 * at boot there may be no randomness yet. It is never printed and never sent.
 */
#include <linux/capability.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/tagwatch_netlink.h>
#include "key.h"

static DEFINE_MUTEX(lock);
static u8 secret[TWN_KEY_SIZE];
static u64 domain;
static bool made;

static int make(void)
{
	int error = 0;

	mutex_lock(&lock);
	if (!made) {
		error = wait_for_random_bytes();
		if (!error) {
			get_random_bytes(secret, sizeof(secret));
			domain = get_random_u64() | 1;
			made = true;
		}
	}
	mutex_unlock(&lock);
	return error;
}

u64 tw_domain(void)
{
	return make() ? 0 : domain;
}
EXPORT_SYMBOL_GPL(tw_domain);

bool tw_is_key(const u8 *key)
{
	u8 differs = 0;
	int i;

	if (make())
		return false;
	for (i = 0; i < TWN_KEY_SIZE; i++) {
		differs |= key[i] ^ secret[i];
		OPTIMIZER_HIDE_VAR(differs);
	}
	return !differs;
}
EXPORT_SYMBOL_GPL(tw_is_key);

/* A file descriptor may be handed on: who opens it has to have the right himself. */
static int open_key(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_ADMIN) ? make() : -EPERM;
}

static ssize_t read_key(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	char text[2 * TWN_KEY_SIZE + 1];
	ssize_t result;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	bin2hex(text, secret, sizeof(secret));
	text[sizeof(text) - 1] = '\n';
	result = simple_read_from_buffer(buffer, size, position, text, sizeof(text));
	memzero_explicit(text, sizeof(text));
	return result;
}

static const struct file_operations key_operations = {
	.open = open_key,
	.read = read_key,
	.llseek = default_llseek,
};

int tw_show_key(struct dentry *folder)
{
	return PTR_ERR_OR_ZERO(securityfs_create_file("key", 0400, folder, NULL, &key_operations));
}
