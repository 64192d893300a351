// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the tag of an executable. The file is an attacker's: every number in it is checked before
 * it is used, and the work for one file is bounded. Only what is asked for is read, one header at
 * a time, so that a large table of sections needs no large allocation.
 */
#include <linux/container_of.h>
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/string.h>
#include "elf.h"

/* Executables have some 30 sections; debug builds of large programs, a few hundred. */
#define SECTIONS_MAX 1024

#ifdef __BIG_ENDIAN
#define DATA_HERE ELFDATA2MSB
#else
#define DATA_HERE ELFDATA2LSB
#endif

struct sections {
	u64 table; /* offset of the section headers */
	u64 names; /* offset and size of their names */
	u64 names_size;
	unsigned int count;
	unsigned int names_index;
	bool wide; /* ELFCLASS64 */
};

struct section {
	u32 name;
	u32 type;
	u64 offset;
	u64 size;
};

static int read_at(const struct tw_elf_source *source, void *into, size_t size, u64 at)
{
	if (at > S64_MAX - size)
		return -ENOEXEC;
	return source->read(source, into, size, at);
}

static int read_header(const struct tw_elf_source *source, struct sections *sections)
{
	union {
		unsigned char ident[EI_NIDENT];
		struct elf32_hdr narrow;
		struct elf64_hdr wide;
	} header;
	unsigned int entry_size;
	int error;

	error = read_at(source, header.ident, sizeof(header.ident), 0);
	if (error)
		return error;
	if (memcmp(header.ident, ELFMAG, SELFMAG) || header.ident[EI_DATA] != DATA_HERE)
		return -ENOEXEC;
	sections->wide = header.ident[EI_CLASS] == ELFCLASS64;
	if (!sections->wide && header.ident[EI_CLASS] != ELFCLASS32)
		return -ENOEXEC;
	error = read_at(source, &header,
			sections->wide ? sizeof(header.wide) : sizeof(header.narrow), 0);
	if (error)
		return error;
	if (sections->wide) {
		sections->table = header.wide.e_shoff;
		sections->count = header.wide.e_shnum;
		sections->names_index = header.wide.e_shstrndx;
		entry_size = header.wide.e_shentsize;
	} else {
		sections->table = header.narrow.e_shoff;
		sections->count = header.narrow.e_shnum;
		sections->names_index = header.narrow.e_shstrndx;
		entry_size = header.narrow.e_shentsize;
	}
	if (!sections->table || !sections->count)
		return -ENOENT;
	if (entry_size != (sections->wide ? sizeof(struct elf64_shdr) : sizeof(struct elf32_shdr)) ||
	    sections->count > SECTIONS_MAX || sections->names_index >= sections->count)
		return -ENOEXEC;
	return 0;
}

static int read_section(const struct tw_elf_source *source, const struct sections *sections,
			unsigned int index, struct section *section)
{
	union {
		struct elf32_shdr narrow;
		struct elf64_shdr wide;
	} entry;
	size_t size = sections->wide ? sizeof(entry.wide) : sizeof(entry.narrow);
	int error;

	/* SECTIONS_MAX headers behind any offset that is left cannot overflow. */
	if (sections->table > S64_MAX / 2)
		return -ENOEXEC;
	error = read_at(source, &entry, size, sections->table + index * size);
	if (error)
		return error;
	if (sections->wide) {
		section->name = entry.wide.sh_name;
		section->type = entry.wide.sh_type;
		section->offset = entry.wide.sh_offset;
		section->size = entry.wide.sh_size;
	} else {
		section->name = entry.narrow.sh_name;
		section->type = entry.narrow.sh_type;
		section->offset = entry.narrow.sh_offset;
		section->size = entry.narrow.sh_size;
	}
	return 0;
}

/* With its terminator, so that ".exeinx" is another section. */
static bool has_our_name(const struct tw_elf_source *source, const struct sections *sections,
			 const struct section *section)
{
	char name[sizeof(TW_ELF_SECTION)];

	if (sections->names_size < sizeof(name) ||
	    section->name > sections->names_size - sizeof(name) ||
	    sections->names > S64_MAX - section->name)
		return false;
	return !read_at(source, name, sizeof(name), sections->names + section->name) &&
	       !memcmp(name, TW_ELF_SECTION, sizeof(name));
}

int tw_elf_tag(const struct tw_elf_source *source, u16 *tag)
{
	struct sections sections = {};
	struct section section;
	unsigned int i;
	int error;

	error = read_header(source, &sections);
	if (error)
		return error;
	error = read_section(source, &sections, sections.names_index, &section);
	if (error)
		return error;
	sections.names = section.offset;
	sections.names_size = section.size;
	for (i = 1; i < sections.count; i++) {
		error = read_section(source, &sections, i, &section);
		if (error)
			return error;
		if (section.type == SHT_NOBITS || section.size < sizeof(*tag) ||
		    !has_our_name(source, &sections, &section))
			continue;
		return read_at(source, tag, sizeof(*tag), section.offset);
	}
	return -ENOENT;
}

struct file_source {
	struct tw_elf_source source;
	struct file *file;
};

static int read_file(const struct tw_elf_source *source, void *into, size_t size, loff_t at)
{
	const struct file_source *from = container_of(source, struct file_source, source);
	ssize_t got = kernel_read(from->file, into, size, &at);

	if (got < 0)
		return got;
	return got == size ? 0 : -ENOEXEC;
}

int tw_elf_file_tag(struct file *file, u16 *tag)
{
	struct file_source from = { .source.read = read_file, .file = file };

	return tw_elf_tag(&from.source, tag);
}
