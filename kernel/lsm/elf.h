/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TAGWATCH_ELF_H
#define _TAGWATCH_ELF_H

#include <linux/types.h>

#define TW_ELF_SECTION ".exein"

/* Where the bytes of a file come from; reads all of them or fails. */
struct tw_elf_source {
	int (*read)(const struct tw_elf_source *source, void *into, size_t size, loff_t at);
};

/*
 * The tag in the section .exein: 0 and *tag, -ENOENT if the file has none, another error if it
 * cannot be read or is no ELF file of this machine's byte order.
 */
int tw_elf_tag(const struct tw_elf_source *source, u16 *tag);

struct file;
int tw_elf_file_tag(struct file *file, u16 *tag);

#endif
