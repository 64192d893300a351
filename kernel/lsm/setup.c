// SPDX-License-Identifier: GPL-2.0
#define pr_fmt(fmt) "tagwatch: " fmt

#include <linux/init.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include "key.h"
#include "setup.h"
#include "task.h"

struct lsm_blob_sizes tw_blob_sizes __ro_after_init = {
	.lbs_task = sizeof(struct tw_blob),
};

/* "tw": no number has been assigned, and this is far from those that are. */
static const struct lsm_id tw_id = {
	.name = "tagwatch",
	.id = 0x7477,
};

static bool active __ro_after_init;

bool tw_active(void)
{
	return active;
}
EXPORT_SYMBOL_GPL(tw_active);

static int __init tw_init(void)
{
	tw_add_hooks(&tw_id);
	active = true;
	pr_info("active\n");
	return 0;
}

DEFINE_LSM(tagwatch) = {
	.name = "tagwatch",
	.init = tw_init,
	.blobs = &tw_blob_sizes,
};

static int stock_show(struct seq_file *file, void *unused)
{
	struct tw_stock stock = tw_stock();

	seq_printf(file, "tasks %d\ngroups %d\n", stock.tasks, stock.groups);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stock);

static int __init tw_show(void)
{
	struct dentry *folder = securityfs_create_dir("tagwatch", NULL);
	struct dentry *file;

	if (IS_ERR(folder))
		return PTR_ERR(folder);
	file = securityfs_create_file("stock", 0400, folder, NULL, &stock_fops);
	if (IS_ERR(file))
		return PTR_ERR(file);
	return tw_show_key(folder);
}

/*
 * Files and tracepoints are not there yet when security modules start. Before the first program
 * of user space runs there is no tag, so nothing is missed.
 */
static int __init tw_late_init(void)
{
	int error;

	if (!active)
		return 0;
	error = tw_watch_tasks();
	if (error) {
		pr_err("cannot watch tasks start and end: %d\n", error);
		return error;
	}
	error = tw_show();
	if (error)
		pr_err("no files in securityfs, no agent will find the key: %d\n", error);
	return error;
}
fs_initcall(tw_late_init);
