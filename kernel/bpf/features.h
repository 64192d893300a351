/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Argument features. User memory is read without faulting a page in: a string that the program has
 * not touched yet is unreadable, which is a class of its own. What is read here may be changed by
 * another thread before the kernel reads it: a feature is evidence, not a guard.
 */
#ifndef TAGWATCH_FEATURES_H
#define TAGWATCH_FEATURES_H

#include "../uapi/tagwatch_event.h"

/* Longest prefix that tells two classes apart is "/usr/local/bin/". */
#define TW_PATH_PREFIX 24
/* x32 has the highest numbers, 547 */
#define TW_SHAPES 576

enum tw_extract {
	TW_EXTRACT_END,
	TW_EXTRACT_PATH_CLASS,
	TW_EXTRACT_OPEN_FLAGS,
	TW_EXTRACT_OPEN_HOW,
	TW_EXTRACT_DOMAIN,
	TW_EXTRACT_ADDRESS_FAMILY,
	TW_EXTRACT_PORT_CLASS,
	TW_EXTRACT_PROTECTION,
	TW_EXTRACT_MAP_PROTECTION,
	TW_EXTRACT_SIZE_CLASS,
	TW_EXTRACT_MODE,
	TW_EXTRACT_UID_CLASS,
	TW_EXTRACT_FLAGS,
	TW_EXTRACT_COMMAND,
};

struct tw_shape {
	struct {
		__u8 extract;
		__u8 argument;
	} slots[TW_FEATURES];
};

union tw_path {
	char bytes[TW_PATH_PREFIX];
	__u64 words[TW_PATH_PREFIX / 8];
};

/*
 * A literal as little-endian words and the mask of the bytes that it has, both folded by the
 * compiler: a comparison costs three exclusive-ors instead of a branch for each byte.
 */
#define TW_BYTE(s, i) \
	((i) < sizeof(s) - 1 ? (__u64)(__u8)(s)[(i) < sizeof(s) - 1 ? (i) : 0] << 8 * ((i) % 8) : 0)
#define TW_MASK_BYTE(s, i) ((i) < sizeof(s) - 1 ? 0xffull << 8 * ((i) % 8) : 0)
#define TW_EIGHT(byte, s, i)                                                                        \
	(byte(s, i) | byte(s, i + 1) | byte(s, i + 2) | byte(s, i + 3) | byte(s, i + 4) |           \
	 byte(s, i + 5) | byte(s, i + 6) | byte(s, i + 7))
#define TW_DIFFERS(path, s, w) \
	(((path)->words[w] ^ TW_EIGHT(TW_BYTE, s, 8 * (w))) & TW_EIGHT(TW_MASK_BYTE, s, 8 * (w)))

#define BEGINS(path, prefix) \
	(!(TW_DIFFERS(path, prefix, 0) | TW_DIFFERS(path, prefix, 1) | TW_DIFFERS(path, prefix, 2)))

/* True if the path is the directory or lies in it: "/etc" must not match "/etcetera". */
#define WITHIN(path, directory)                                \
	(BEGINS(path, directory) &&                            \
	 ((path)->bytes[sizeof(directory) - 1] == '/' || (path)->bytes[sizeof(directory) - 1] == '\0'))

static __always_inline __u16 path_below_usr(const union tw_path *path)
{
	if (WITHIN(path, "/usr/bin") || WITHIN(path, "/usr/sbin") || WITHIN(path, "/usr/local/bin") ||
	    WITHIN(path, "/usr/local/sbin"))
		return TW_PATH_BIN;
	if (BEGINS(path, "/usr/lib") || WITHIN(path, "/usr/local/lib"))
		return TW_PATH_LIB;
	if (WITHIN(path, "/usr/share"))
		return TW_PATH_USR_SHARE;
	return TW_PATH_OTHER;
}

static __always_inline __u16 path_below_etc(const union tw_path *path)
{
	if (!WITHIN(path, "/etc"))
		return TW_PATH_OTHER;
	if (BEGINS(path, "/etc/passwd") || BEGINS(path, "/etc/shadow") || BEGINS(path, "/etc/gshadow") ||
	    BEGINS(path, "/etc/sudoers") || WITHIN(path, "/etc/ssh"))
		return TW_PATH_CREDENTIALS;
	return TW_PATH_ETC;
}

static __always_inline __u16 path_class(const union tw_path *path)
{
	if (path->bytes[0] == '\0')
		return TW_PATH_NONE;
	if (path->bytes[0] != '/')
		return WITHIN(path, "..") ? TW_PATH_RELATIVE_PARENT : TW_PATH_RELATIVE;
	switch (path->bytes[1]) {
	case '\0':
		return TW_PATH_ROOT;
	case 'b':
		if (WITHIN(path, "/bin"))
			return TW_PATH_BIN;
		return WITHIN(path, "/boot") ? TW_PATH_BOOT : TW_PATH_OTHER;
	case 'd':
		if (WITHIN(path, "/dev/shm"))
			return TW_PATH_DEV_SHM;
		return WITHIN(path, "/dev") ? TW_PATH_DEV : TW_PATH_OTHER;
	case 'e':
		return path_below_etc(path);
	case 'h':
		return WITHIN(path, "/home") ? TW_PATH_HOME : TW_PATH_OTHER;
	case 'l':
		return BEGINS(path, "/lib") ? TW_PATH_LIB : TW_PATH_OTHER;
	case 'p':
		if (WITHIN(path, "/proc/self") || WITHIN(path, "/proc/thread-self"))
			return TW_PATH_PROC_SELF;
		return WITHIN(path, "/proc") ? TW_PATH_PROC : TW_PATH_OTHER;
	case 'r':
		if (WITHIN(path, "/root"))
			return TW_PATH_HOME;
		return WITHIN(path, "/run") ? TW_PATH_RUN : TW_PATH_OTHER;
	case 's':
		if (WITHIN(path, "/sbin"))
			return TW_PATH_BIN;
		return WITHIN(path, "/sys") ? TW_PATH_SYS : TW_PATH_OTHER;
	case 't':
		return WITHIN(path, "/tmp") ? TW_PATH_TMP : TW_PATH_OTHER;
	case 'u':
		return path_below_usr(path);
	case 'v':
		if (WITHIN(path, "/var/tmp"))
			return TW_PATH_TMP;
		if (WITHIN(path, "/var/run"))
			return TW_PATH_RUN;
		return WITHIN(path, "/var") ? TW_PATH_VAR : TW_PATH_OTHER;
	}
	return TW_PATH_OTHER;
}

/* Functions of the next kind are global so that the verifier checks each of them only once. */
__noinline int path_class_of_user(__u64 address)
{
	union tw_path path = {};

	if (!address)
		return TW_PATH_NONE;
	if (bpf_probe_read_user_str(path.bytes, sizeof(path), (void *)address) < 0)
		return TW_PATH_UNREADABLE;
	return path_class(&path);
}

static __always_inline int path_class_of_kernel(const char *kernel_path)
{
	union tw_path path = {};

	if (bpf_probe_read_kernel_str(path.bytes, sizeof(path), kernel_path) < 0)
		return TW_PATH_UNREADABLE;
	return path_class(&path);
}

/* Linux keeps these flag values on x86 since the first ABI: uapi/asm-generic/fcntl.h. */
__noinline int fold_open_flags(__u64 flags)
{
	int folded = flags & 3;

	if (flags & 00000100)
		folded |= TW_OPEN_CREAT;
	if (flags & 00000200)
		folded |= TW_OPEN_EXCL;
	if (flags & 00001000)
		folded |= TW_OPEN_TRUNC;
	if (flags & 00002000)
		folded |= TW_OPEN_APPEND;
	if (flags & 00004000)
		folded |= TW_OPEN_NONBLOCK;
	if (flags & 04010000)
		folded |= TW_OPEN_SYNC;
	if (flags & 00040000)
		folded |= TW_OPEN_DIRECT;
	if (flags & 00200000)
		folded |= TW_OPEN_DIRECTORY;
	if (flags & 00400000)
		folded |= TW_OPEN_NOFOLLOW;
	if (flags & 01000000)
		folded |= TW_OPEN_NOATIME;
	if (flags & 02000000)
		folded |= TW_OPEN_CLOEXEC;
	if (flags & 010000000)
		folded |= TW_OPEN_PATH;
	if (flags & 020000000)
		folded |= TW_OPEN_TMPFILE;
	return folded;
}

__noinline int open_how_flags(__u64 address)
{
	__u64 flags;

	if (bpf_probe_read_user(&flags, sizeof(flags), (void *)address))
		return TW_OPEN_UNREADABLE;
	return fold_open_flags(flags);
}

__noinline int address_family(__u64 address)
{
	__u16 family;

	if (!address)
		return 0;
	if (bpf_probe_read_user(&family, sizeof(family), (void *)address))
		return TW_FAMILY_UNREADABLE;
	return family;
}

static __always_inline int port_class(__u16 port, bool loopback)
{
	switch (port) {
	case 0:
		return TW_PORT_ZERO;
	case 53:
		return TW_PORT_DNS;
	case 80:
	case 8080:
		return TW_PORT_HTTP;
	case 443:
	case 8443:
		return TW_PORT_HTTPS;
	case 22:
	case 23:
		return TW_PORT_SSH_TELNET;
	}
	if (port < 1024)
		return TW_PORT_SYSTEM;
	if (loopback)
		return TW_PORT_LOOPBACK_USER;
	/* from here the kernel chooses ports itself: net.ipv4.ip_local_port_range */
	return port < 32768 ? TW_PORT_USER : TW_PORT_DYNAMIC;
}

__noinline int port_class_of_user(__u64 address)
{
	struct {
		__u16 family;
		__u8 port[2];
		__u8 ip4[4];
		__u32 ip6[4];
	} socket = {};
	bool loopback;

	if (!address || bpf_probe_read_user(&socket, 8, (void *)address))
		return TW_PORT_NONE;
	if (socket.family == 2) {
		loopback = socket.ip4[0] == 127;
	} else if (socket.family == 10) {
		if (bpf_probe_read_user(&socket, sizeof(socket), (void *)address))
			return TW_PORT_NONE;
		loopback = !socket.ip6[0] && !socket.ip6[1] && !socket.ip6[2] &&
			   socket.ip6[3] == __builtin_bswap32(1);
	} else {
		return TW_PORT_NONE;
	}
	return port_class(socket.port[0] << 8 | socket.port[1], loopback);
}

__noinline int size_class(__u64 size)
{
	int bits = 0;

	if (size >> 32) {
		bits += 32;
		size >>= 32;
	}
	if (size >> 16) {
		bits += 16;
		size >>= 16;
	}
	if (size >> 8) {
		bits += 8;
		size >>= 8;
	}
	if (size >> 4) {
		bits += 4;
		size >>= 4;
	}
	if (size >> 2) {
		bits += 2;
		size >>= 2;
	}
	if (size >> 1) {
		bits += 1;
		size >>= 1;
	}
	return bits + (int)size;
}

static __always_inline __u16 uid_class(__u32 uid)
{
	if (uid == 0)
		return TW_UID_ROOT;
	if (uid == (__u32)-1)
		return TW_UID_UNCHANGED;
	if (uid == 65534)
		return TW_UID_NOBODY;
	return uid < 1000 ? TW_UID_SYSTEM : TW_UID_USER;
}

static __always_inline __u16 map_protection(__u64 prot, __u64 flags)
{
	__u16 bits = prot & 7;

	if ((flags & 3) != 2) /* MAP_PRIVATE */
		bits |= TW_PROT_SHARED;
	if (flags & 0x20)
		bits |= TW_PROT_ANONYMOUS;
	if (flags & 0x100010) /* MAP_FIXED, MAP_FIXED_NOREPLACE */
		bits |= TW_PROT_FIXED;
	return bits;
}

static __always_inline __u16 extract(__u8 what, __u64 value, __u64 next)
{
	switch (what) {
	case TW_EXTRACT_PATH_CLASS:
		return path_class_of_user(value);
	case TW_EXTRACT_OPEN_FLAGS:
		return fold_open_flags(value);
	case TW_EXTRACT_OPEN_HOW:
		return open_how_flags(value);
	case TW_EXTRACT_ADDRESS_FAMILY:
		return address_family(value);
	case TW_EXTRACT_PORT_CLASS:
		return port_class_of_user(value);
	case TW_EXTRACT_PROTECTION:
		return value & 7;
	case TW_EXTRACT_MAP_PROTECTION:
		return map_protection(value, next);
	case TW_EXTRACT_SIZE_CLASS:
		return size_class(value);
	case TW_EXTRACT_UID_CLASS:
		return uid_class(value);
	}
	return value; /* DOMAIN, MODE, FLAGS, COMMAND: the low 16 bits */
}

#endif
