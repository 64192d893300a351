/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_EXEC_H
#define _TAGWATCH_EXEC_H

struct linux_binprm;

/* Reads the tag, if there may be one, and allocates what it needs: an exec can still fail here. */
int tw_exec_check(struct linux_binprm *bprm);
/* The task runs the new program from here on: nothing may fail any more. */
void tw_exec_commit(const struct linux_binprm *bprm);

#endif
