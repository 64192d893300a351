// SPDX-License-Identifier: GPL-2.0
/* The first tag that a task gets is its tag for life, and that of what it forks. */
#include <linux/binfmts.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sched/signal.h>
#include "elf.h"
#include "exec.h"
#include "feed.h"
#include "task.h"

static void drop_prepared(struct tw_blob *blob)
{
	if (blob->prepared)
		tw_task_put(blob->prepared);
	blob->prepared = NULL;
}

/*
 * Called once for each "#!": the interpreter's answer is the last one. A file that cannot be read
 * or is no ELF file has no tag; the kernel itself will refuse it, or another format's loader run it.
 */
int tw_exec_check(struct linux_binprm *bprm)
{
	struct tw_blob *blob = tw_blob(current);
	struct tw_task *task = tw_current();
	u16 tag = 0;

	drop_prepared(blob);
	if (task) {
		/* It will take its leader's name over. */
		if (!thread_group_leader(current)) {
			blob->prepared = tw_task_sibling(task);
			return blob->prepared ? 0 : -ENOMEM;
		}
		return 0;
	}
	if (memcmp(bprm->buf, ELFMAG, SELFMAG) || tw_elf_file_tag(bprm->file, &tag) || !tag)
		return 0;
	blob->prepared = tw_task_make(tag);
	return blob->prepared ? 0 : -ENOMEM;
}

static void tell(const struct linux_binprm *bprm, const struct tw_task *task,
		 const struct tw_task *old)
{
	char *buffer = __getname();
	const char *path = buffer ? d_path(&bprm->file->f_path, buffer, PATH_MAX) : NULL;

	tw_feed_exec(task, old, IS_ERR_OR_NULL(path) ? bprm->filename : path);
	if (buffer)
		__putname(buffer);
}

void tw_exec_commit(const struct linux_binprm *bprm)
{
	struct tw_blob *blob = tw_blob(current);
	struct tw_task *old = tw_current();
	struct tw_task *task = blob->prepared;

	blob->prepared = NULL;
	if (!task) {
		if (old)
			tell(bprm, old, NULL);
		return;
	}
	tw_task_appear(task, current, old, TWN_ORIGIN_EXECUTED);
	rcu_assign_pointer(blob->task, task);
	tell(bprm, task, old);
	if (old) {
		tw_task_end(old);
		tw_task_put(old);
	}
}
