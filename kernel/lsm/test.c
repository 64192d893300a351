// SPDX-License-Identifier: GPL-2.0
/* KUnit tests: what can be shown without a boot. Compiled into one object with what it tests. */
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/elf.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/tagwatch_event.h>
#include "elf.h"
#include "features.h"
#include "hooks.h"
#include "ids.h"
#include "ring.h"

/* --- ring ------------------------------------------------------------------------------------ */

static struct tw_ring *new_ring(struct kunit *test)
{
	return kunit_kzalloc(test, sizeof(struct tw_ring), GFP_KERNEL);
}

static struct tw_snapshot *read_ring(struct kunit *test, const struct tw_ring *ring)
{
	struct tw_snapshot *image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);

	tw_ring_read(ring, image);
	return image;
}

static void ring_that_is_empty_shows_nothing(struct kunit *test)
{
	struct tw_snapshot *image = read_ring(test, new_ring(test));

	KUNIT_EXPECT_EQ(test, image->sequence, 0);
	KUNIT_EXPECT_EQ(test, image->count, 0);
}

static void ring_that_is_not_full_shows_all(struct kunit *test)
{
	struct tw_ring *ring = new_ring(test);
	struct tw_snapshot *image;
	int i;

	for (i = 1; i <= 5; i++)
		tw_ring_put(ring, 100 + i, 1000 + i);
	image = read_ring(test, ring);
	KUNIT_EXPECT_EQ(test, image->sequence, 5);
	KUNIT_ASSERT_EQ(test, image->count, 5);
	KUNIT_EXPECT_EQ(test, image->hook[0], 101);
	KUNIT_EXPECT_EQ(test, image->hook[4], 105);
	KUNIT_EXPECT_EQ(test, image->time_ns[4], 1005);
}

static void ring_that_wrapped_shows_the_last_ones(struct kunit *test)
{
	struct tw_ring *ring = new_ring(test);
	struct tw_snapshot *image;
	int i;

	for (i = 1; i <= 1000; i++)
		tw_ring_put(ring, i % 500, i);
	image = read_ring(test, ring);
	KUNIT_EXPECT_EQ(test, image->sequence, 1000);
	KUNIT_ASSERT_EQ(test, image->count, TW_RING_SLOTS);
	for (i = 0; i < TW_RING_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, image->time_ns[i], 1000 - TW_RING_SLOTS + 1 + i);
}

/* A writer that is for ever in the middle of an event. */
static void slot_that_is_being_written_is_not_shown(struct kunit *test)
{
	struct tw_ring *ring = new_ring(test);
	struct tw_snapshot *image;
	int i;

	for (i = 1; i <= 300; i++)
		tw_ring_put(ring, i, i);
	ring->begun++;
	ring->hook[ring->begun % TW_RING_SLOTS] = 9999;
	image = read_ring(test, ring);
	KUNIT_EXPECT_EQ(test, image->sequence, 300);
	KUNIT_ASSERT_EQ(test, image->count, TW_RING_SLOTS - 1);
	KUNIT_EXPECT_EQ(test, image->time_ns[0], 300 - TW_RING_SLOTS + 2);
	KUNIT_EXPECT_EQ(test, image->time_ns[image->count - 1], 300);
}

/* --- ELF ------------------------------------------------------------------------------------- */

struct memory {
	struct tw_elf_source source;
	const u8 *bytes;
	size_t size;
	int reads;
};

static int read_memory(const struct tw_elf_source *source, void *into, size_t size, loff_t at)
{
	struct memory *memory = container_of((struct tw_elf_source *)source, struct memory, source);

	memory->reads++;
	if (at > memory->size || size > memory->size - at)
		return -ENOEXEC;
	memcpy(into, memory->bytes + at, size);
	return 0;
}

/* null, .text, .exein, .shstrtab; the names, the tag, then the headers */
struct small_elf {
	struct elf64_hdr header;
	char names[32];
	u8 tag[8];
	struct elf64_shdr sections[4];
};

#define NAMES "\0.text\0.exein\0.shstrtab"

static struct small_elf *new_elf(struct kunit *test)
{
	struct small_elf *elf = kunit_kzalloc(test, sizeof(*elf), GFP_KERNEL);

	memcpy(elf->header.e_ident, ELFMAG, SELFMAG);
	elf->header.e_ident[EI_CLASS] = ELFCLASS64;
	elf->header.e_ident[EI_DATA] = IS_ENABLED(CONFIG_CPU_BIG_ENDIAN) ? ELFDATA2MSB : ELFDATA2LSB;
	elf->header.e_shoff = offsetof(struct small_elf, sections);
	elf->header.e_shentsize = sizeof(struct elf64_shdr);
	elf->header.e_shnum = ARRAY_SIZE(elf->sections);
	elf->header.e_shstrndx = 3;
	memcpy(elf->names, NAMES, sizeof(NAMES));
	*(u16 *)elf->tag = 13107;
	elf->sections[1].sh_type = SHT_PROGBITS;
	elf->sections[1].sh_name = 1;
	elf->sections[1].sh_size = 8;
	elf->sections[2].sh_type = SHT_PROGBITS;
	elf->sections[2].sh_name = 7;
	elf->sections[2].sh_size = 2;
	elf->sections[2].sh_offset = offsetof(struct small_elf, tag);
	elf->sections[3].sh_type = SHT_STRTAB;
	elf->sections[3].sh_name = 14;
	elf->sections[3].sh_size = sizeof(NAMES);
	elf->sections[3].sh_offset = offsetof(struct small_elf, names);
	return elf;
}

static int tag_in(const void *bytes, size_t size, u16 *tag)
{
	struct memory memory = { .source.read = read_memory, .bytes = bytes, .size = size };

	return tw_elf_tag(&memory.source, tag);
}

static void tag_is_found(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	u16 tag = 0;

	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), 0);
	KUNIT_EXPECT_EQ(test, tag, 13107);
}

static void file_without_the_section_has_no_tag(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	u16 tag = 0;

	elf->names[8] = 'f';
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOENT);
	/* only the beginning is the same */
	elf = new_elf(test);
	elf->names[13] = 'x';
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOENT);
	/* nothing is stored in the file */
	elf = new_elf(test);
	elf->sections[2].sh_type = SHT_NOBITS;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOENT);
	KUNIT_EXPECT_EQ(test, tag, 0);
}

static void other_files_are_refused(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	u16 tag = 0;

	KUNIT_EXPECT_EQ(test, tag_in("#!/bin/sh\necho some more text\n", 30, &tag), -ENOEXEC);
	elf->header.e_ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOEXEC);
	elf = new_elf(test);
	elf->header.e_ident[EI_CLASS] = 7;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOEXEC);
}

static void cut_file_gives_no_tag(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	size_t size;
	u16 tag;

	for (size = 0; size < sizeof(*elf) - sizeof(elf->sections[3]); size++) {
		tag = 0;
		KUNIT_EXPECT_NE(test, tag_in(elf, size, &tag), 0);
		KUNIT_EXPECT_EQ(test, tag, 0);
	}
}

/* Every bit of the headers in turn: no answer is demanded, only that none is read out of bounds. */
static void flipped_bits_do_no_harm(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	u8 *bytes = (u8 *)elf;
	size_t bit;
	u16 tag;

	for (bit = 0; bit < 8 * sizeof(*elf); bit++) {
		struct memory memory = {
			.source.read = read_memory, .bytes = bytes, .size = sizeof(*elf),
		};

		bytes[bit / 8] ^= 1 << bit % 8;
		tw_elf_tag(&memory.source, &tag);
		KUNIT_EXPECT_LT(test, memory.reads, 20);
		bytes[bit / 8] ^= 1 << bit % 8;
	}
}

static void work_for_one_file_is_bounded(struct kunit *test)
{
	struct small_elf *elf = new_elf(test);
	u16 tag = 0;

	elf->header.e_shnum = 0xffff;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOEXEC);
	elf = new_elf(test);
	elf->header.e_shoff = S64_MAX - 3;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOEXEC);
	elf = new_elf(test);
	elf->sections[3].sh_offset = U64_MAX - 4;
	KUNIT_EXPECT_EQ(test, tag_in(elf, sizeof(*elf), &tag), -ENOENT);
}

/* --- features -------------------------------------------------------------------------------- */

static void paths_are_classed(struct kunit *test)
{
	static const struct {
		const char *path;
		u16 class;
	} cases[] = {
		{ NULL, TW_PATH_NONE },
		{ "", TW_PATH_NONE },
		{ "/", TW_PATH_ROOT },
		{ "/etc/passwd", TW_PATH_CREDENTIALS },
		{ "/etc/ssh/key", TW_PATH_CREDENTIALS },
		{ "/etc/hosts", TW_PATH_ETC },
		{ "/etcetera", TW_PATH_OTHER },
		{ "/usr/bin/id", TW_PATH_BIN },
		{ "/bin", TW_PATH_BIN },
		{ "/binary", TW_PATH_OTHER },
		{ "/lib64/libc.so.6", TW_PATH_LIB },
		{ "/usr/share/zoneinfo", TW_PATH_USR_SHARE },
		{ "/proc/self/maps", TW_PATH_PROC_SELF },
		{ "/proc/1/maps", TW_PATH_PROC },
		{ "/dev/shm/x", TW_PATH_DEV_SHM },
		{ "/dev/null", TW_PATH_DEV },
		{ "/var/tmp/x", TW_PATH_TMP },
		{ "/var/run/x", TW_PATH_RUN },
		{ "/var/www/x", TW_PATH_VAR },
		{ "index.html", TW_PATH_RELATIVE },
		{ "../../etc/passwd", TW_PATH_RELATIVE_PARENT },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, tw_path_class(cases[i].path), cases[i].class, "%s",
				    cases[i].path);
}

static void numbers_are_classed(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, tw_size_class(0), 0);
	KUNIT_EXPECT_EQ(test, tw_size_class(4096), 13);
	KUNIT_EXPECT_EQ(test, tw_size_class(U64_MAX), 64);
	KUNIT_EXPECT_EQ(test, tw_uid_class(0), TW_UID_ROOT);
	KUNIT_EXPECT_EQ(test, tw_uid_class(33), TW_UID_SYSTEM);
	KUNIT_EXPECT_EQ(test, tw_uid_class(1000), TW_UID_USER);
	KUNIT_EXPECT_EQ(test, tw_uid_class(65534), TW_UID_NOBODY);
	KUNIT_EXPECT_EQ(test, tw_uid_class(-1), TW_UID_UNCHANGED);
	KUNIT_EXPECT_EQ(test, tw_port_class(443, false), TW_PORT_HTTPS);
	KUNIT_EXPECT_EQ(test, tw_port_class(4919, true), TW_PORT_LOOPBACK_USER);
	KUNIT_EXPECT_EQ(test, tw_port_class(40000, false), TW_PORT_DYNAMIC);
	KUNIT_EXPECT_EQ(test, tw_open_flags(O_RDWR | O_CREAT | O_TRUNC),
			2 | TW_OPEN_CREAT | TW_OPEN_TRUNC);
}

static void addresses_are_read_as_far_as_they_go(struct kunit *test)
{
	struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_port = htons(4919), .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(80) };
	u16 slot[3];

	tw_extract_sockaddr(slot, (struct sockaddr *)&v4, sizeof(v4));
	KUNIT_EXPECT_EQ(test, slot[0], AF_INET);
	KUNIT_EXPECT_EQ(test, slot[1], TW_PORT_LOOPBACK_USER);
	KUNIT_EXPECT_EQ(test, slot[2], 2);
	tw_extract_sockaddr(slot, (struct sockaddr *)&v6, sizeof(v6));
	KUNIT_EXPECT_EQ(test, slot[1], TW_PORT_HTTP);
	KUNIT_EXPECT_EQ(test, slot[2], 1);
	tw_extract_sockaddr(slot, (struct sockaddr *)&v4, 4);
	KUNIT_EXPECT_EQ(test, slot[0], AF_INET);
	KUNIT_EXPECT_EQ(test, slot[1], TW_PORT_NONE);
	tw_extract_sockaddr(slot, (struct sockaddr *)&v4, 1);
	KUNIT_EXPECT_EQ(test, slot[0], 0);
	tw_extract_sockaddr(slot, NULL, 16);
	KUNIT_EXPECT_EQ(test, slot[0], 0);
}

#define GUARD 0xbeef

/* NULL, and no more slots than the table says. */
#define EXPECT_SLOTS(test, count, call)							\
	do {										\
		u16 slot[(count) + 1];							\
		int i_;									\
											\
		for (i_ = 0; i_ <= (count); i_++)					\
			slot[i_] = GUARD;						\
		call;									\
		KUNIT_EXPECT_EQ_MSG(test, slot[count], GUARD, "%s: too many", #call);	\
		for (i_ = 0; i_ < (count); i_++)					\
			KUNIT_EXPECT_NE_MSG(test, slot[i_], GUARD, "%s: slot %d", #call, i_); \
	} while (0)

static void extractors_fill_their_slots_from_nothing(struct kunit *test)
{
	EXPECT_SLOTS(test, 5, tw_extract_file(slot, NULL));
	EXPECT_SLOTS(test, 4, tw_extract_path(slot, NULL));
	EXPECT_SLOTS(test, 4, tw_extract_dentry(slot, NULL));
	EXPECT_SLOTS(test, 4, tw_extract_inode(slot, NULL));
	EXPECT_SLOTS(test, 4, tw_extract_iattr(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_super_block(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_vfsmount(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_fs_context(slot, NULL));
	EXPECT_SLOTS(test, 6, tw_extract_cred(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_capabilities(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_user_namespace(slot, NULL));
	EXPECT_SLOTS(test, 4, tw_extract_task(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_siginfo(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_owner_of_file(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_rlimit(slot, NULL));
	EXPECT_SLOTS(test, 6, tw_extract_binprm(slot, NULL));
	EXPECT_SLOTS(test, 3, tw_extract_vma(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_mm(slot, NULL));
	EXPECT_SLOTS(test, 3, tw_extract_ipc_perm(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_msg_msg(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_sembuf(slot, NULL));
	EXPECT_SLOTS(test, 5, tw_extract_socket(slot, NULL));
	EXPECT_SLOTS(test, 5, tw_extract_sock(slot, NULL));
	EXPECT_SLOTS(test, 3, tw_extract_sockaddr(slot, NULL, 0));
	EXPECT_SLOTS(test, 4, tw_extract_msghdr(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_sk_buff(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_request_sock(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_bpf_map(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_bpf_prog(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_io_uring_cmd(slot, NULL));
	EXPECT_SLOTS(test, 1, tw_extract_qstr(slot, NULL));
	EXPECT_SLOTS(test, 2, tw_extract_name(slot, NULL));
}

static void task_is_told_by_its_relation_and_rights(struct kunit *test)
{
	u16 slot[4];

	tw_extract_task(slot, current);
	KUNIT_EXPECT_EQ(test, slot[0] & 3, 3);
	KUNIT_EXPECT_EQ(test, slot[1], TW_UID_ROOT);
	KUNIT_EXPECT_EQ(test, slot[3], CAP_LAST_CAP);
}

/* --- the table of hooks ---------------------------------------------------------------------- */

static void ids_are_the_stable_ones(struct kunit *test)
{
	/* as in the models of 2020 */
	KUNIT_EXPECT_EQ(test, TW_HOOK_ptrace_access_check, 3);
	KUNIT_EXPECT_EQ(test, TW_HOOK_file_open, 79);
	KUNIT_EXPECT_LT(test, TW_HOOK_LAST, TWN_HOOKS_MAX);
}

static void hooks_are_registered_once(struct kunit *test)
{
	DECLARE_BITMAP(seen, TWN_HOOKS_MAX) = {};
	const struct tw_hook *hook;
	unsigned int index;

	for (index = 0; (hook = tw_hook(index)); index++) {
		KUNIT_EXPECT_GT(test, hook->id, 2);
		KUNIT_EXPECT_FALSE_MSG(test, __test_and_set_bit(hook->id, seen), "%s", hook->name);
		KUNIT_EXPECT_LE(test, hook->count, TWN_FEATURES_MAX);
		KUNIT_EXPECT_LT(test, strlen(hook->name), TWN_NAME_MAX);
	}
	KUNIT_EXPECT_GT(test, index, 200);
	KUNIT_EXPECT_NULL(test, tw_hook(index + 1));
}

static void features_have_names_that_fit(struct kunit *test)
{
	const struct tw_hook *hook;
	unsigned int index, i, total = 0;

	for (index = 0; (hook = tw_hook(index)); index++)
		for (i = 0; i < hook->count; i++, total++) {
			KUNIT_EXPECT_LT(test, strlen(hook->features[i].name), TWN_FEATURE_NAME_MAX);
			KUNIT_EXPECT_LE(test, hook->features[i].type, TWN_FEATURE_COMMAND);
		}
	KUNIT_EXPECT_GT(test, total, 1000);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ring_that_is_empty_shows_nothing),
	KUNIT_CASE(ring_that_is_not_full_shows_all),
	KUNIT_CASE(ring_that_wrapped_shows_the_last_ones),
	KUNIT_CASE(slot_that_is_being_written_is_not_shown),
	KUNIT_CASE(tag_is_found),
	KUNIT_CASE(file_without_the_section_has_no_tag),
	KUNIT_CASE(other_files_are_refused),
	KUNIT_CASE(cut_file_gives_no_tag),
	KUNIT_CASE(flipped_bits_do_no_harm),
	KUNIT_CASE(work_for_one_file_is_bounded),
	KUNIT_CASE(paths_are_classed),
	KUNIT_CASE(numbers_are_classed),
	KUNIT_CASE(addresses_are_read_as_far_as_they_go),
	KUNIT_CASE(extractors_fill_their_slots_from_nothing),
	KUNIT_CASE(task_is_told_by_its_relation_and_rights),
	KUNIT_CASE(ids_are_the_stable_ones),
	KUNIT_CASE(hooks_are_registered_once),
	KUNIT_CASE(features_have_names_that_fit),
	{}
};

static struct kunit_suite suite = {
	.name = "tagwatch",
	.test_cases = cases,
};
kunit_test_suite(suite);
