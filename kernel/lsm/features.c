// SPDX-License-Identifier: GPL-2.0
#include <linux/binfmts.h>
#include <linux/bitops.h>
#include <linux/bpf.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/io_uring/cmd.h>
#include <linux/ipc.h>
#include <linux/kstrtox.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/msg.h>
#include <linux/net.h>
#include <linux/sched/signal.h>
#include <linux/sem.h>
#include <linux/signal.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/request_sock.h>
#include <net/sock.h>
#include <uapi/linux/tagwatch_event.h>
#include "features.h"

/* Longer paths are classed by their end: what tells two classes apart stands in the beginning. */
#define PATH_ROOM 192

static bool within(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static bool begins(const char *path, const char *prefix)
{
	return !strncmp(path, prefix, strlen(prefix));
}

static u16 class_below_etc(const char *path)
{
	if (begins(path, "/etc/passwd") || begins(path, "/etc/shadow") ||
	    begins(path, "/etc/gshadow") || begins(path, "/etc/sudoers") || within(path, "/etc/ssh"))
		return TW_PATH_CREDENTIALS;
	return TW_PATH_ETC;
}

static u16 class_below_usr(const char *path)
{
	if (within(path, "/usr/bin") || within(path, "/usr/sbin") ||
	    within(path, "/usr/local/bin") || within(path, "/usr/local/sbin"))
		return TW_PATH_BIN;
	if (begins(path, "/usr/lib") || within(path, "/usr/local/lib"))
		return TW_PATH_LIB;
	if (within(path, "/usr/share"))
		return TW_PATH_USR_SHARE;
	return TW_PATH_OTHER;
}

/* The most special first. */
static const struct {
	const char *folder;
	u16 class;
} folders[] = {
	{ "/bin", TW_PATH_BIN },
	{ "/sbin", TW_PATH_BIN },
	{ "/boot", TW_PATH_BOOT },
	{ "/dev/shm", TW_PATH_DEV_SHM },
	{ "/dev", TW_PATH_DEV },
	{ "/home", TW_PATH_HOME },
	{ "/root", TW_PATH_HOME },
	{ "/proc/self", TW_PATH_PROC_SELF },
	{ "/proc/thread-self", TW_PATH_PROC_SELF },
	{ "/proc", TW_PATH_PROC },
	{ "/run", TW_PATH_RUN },
	{ "/sys", TW_PATH_SYS },
	{ "/tmp", TW_PATH_TMP },
	{ "/var/tmp", TW_PATH_TMP },
	{ "/var/run", TW_PATH_RUN },
	{ "/var", TW_PATH_VAR },
};

/* The classes of the programs for stock kernels (kernel/bpf), so that a model finds the same. */
u16 tw_path_class(const char *path)
{
	int i;

	if (!path || !*path)
		return TW_PATH_NONE;
	if (*path != '/')
		return within(path, "..") ? TW_PATH_RELATIVE_PARENT : TW_PATH_RELATIVE;
	if (!path[1])
		return TW_PATH_ROOT;
	if (within(path, "/etc"))
		return class_below_etc(path);
	if (within(path, "/usr"))
		return class_below_usr(path);
	if (begins(path, "/lib"))
		return TW_PATH_LIB;
	for (i = 0; i < ARRAY_SIZE(folders); i++)
		if (within(path, folders[i].folder))
			return folders[i].class;
	return TW_PATH_OTHER;
}

u16 tw_port_class(u16 port, bool loopback)
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

u16 tw_size_class(u64 size)
{
	return fls64(size);
}

u16 tw_uid_class(u32 uid)
{
	switch (uid) {
	case 0:
		return TW_UID_ROOT;
	case (u32)-1:
		return TW_UID_UNCHANGED;
	case 65534:
		return TW_UID_NOBODY;
	default:
		return uid < 1000 ? TW_UID_SYSTEM : TW_UID_USER;
	}
}

u16 tw_open_flags(unsigned int flags)
{
	static const struct {
		unsigned int flag;
		u16 bit;
	} bits[] = {
		{ O_CREAT, TW_OPEN_CREAT },
		{ O_EXCL, TW_OPEN_EXCL },
		{ O_TRUNC, TW_OPEN_TRUNC },
		{ O_APPEND, TW_OPEN_APPEND },
		{ O_NONBLOCK, TW_OPEN_NONBLOCK },
		{ O_DSYNC | __O_SYNC, TW_OPEN_SYNC },
		{ O_DIRECT, TW_OPEN_DIRECT },
		{ O_DIRECTORY, TW_OPEN_DIRECTORY },
		{ O_NOFOLLOW, TW_OPEN_NOFOLLOW },
		{ O_NOATIME, TW_OPEN_NOATIME },
		{ O_CLOEXEC, TW_OPEN_CLOEXEC },
		{ O_PATH, TW_OPEN_PATH },
		{ __O_TMPFILE, TW_OPEN_TMPFILE },
	};
	u16 folded = flags & O_ACCMODE;
	int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++)
		if (flags & bits[i].flag)
			folded |= bits[i].bit;
	return folded;
}

/* --- files --------------------------------------------------------------------------------- */

/* What a mount point would tell and a path inside of one file system cannot. */
static u16 class_of_super(const struct super_block *super)
{
	switch (super->s_magic) {
	case PROC_SUPER_MAGIC:
		return TW_PATH_PROC;
	case SYSFS_MAGIC:
	case SECURITYFS_MAGIC:
	case DEBUGFS_MAGIC:
		return TW_PATH_SYS;
	case DEVPTS_SUPER_MAGIC:
		return TW_PATH_DEV;
	default:
		return TW_PATH_NONE;
	}
}

static u16 class_of_dentry(struct dentry *dentry)
{
	u16 class = class_of_super(dentry->d_sb);
	char room[PATH_ROOM];
	char *path;

	if (class != TW_PATH_NONE)
		return class;
	path = dentry_path_raw(dentry, room, sizeof(room));
	return IS_ERR(path) ? TW_PATH_OTHER : tw_path_class(path);
}

static u16 class_of_path(const struct path *path)
{
	char room[PATH_ROOM];
	char *name;

	if (!path->dentry || !path->mnt)
		return TW_PATH_NONE;
	/* Sockets, pipes and their like are nowhere. */
	if (path->dentry->d_op && path->dentry->d_op->d_dname)
		return TW_PATH_NONE;
	name = d_absolute_path(path, room, sizeof(room));
	return IS_ERR(name) ? class_of_dentry(path->dentry) : tw_path_class(name);
}

static void inode_slots(const struct inode *inode, u16 *mode, u16 *owner, u16 *size)
{
	*mode = inode ? inode->i_mode : 0;
	*owner = inode ? tw_uid_class(__kuid_val(inode->i_uid)) : 0;
	*size = inode ? tw_size_class(i_size_read(inode)) : 0;
}

void tw_extract_file(u16 *slot, const struct file *file)
{
	slot[0] = file ? class_of_path(&file->f_path) : 0;
	slot[2] = file ? tw_open_flags(file->f_flags) : 0;
	inode_slots(file ? file_inode(file) : NULL, &slot[1], &slot[3], &slot[4]);
}

void tw_extract_path(u16 *slot, const struct path *path)
{
	slot[0] = path ? class_of_path(path) : 0;
	inode_slots(path && path->dentry ? d_backing_inode(path->dentry) : NULL,
		    &slot[1], &slot[2], &slot[3]);
}

void tw_extract_dentry(u16 *slot, struct dentry *dentry)
{
	slot[0] = dentry ? class_of_dentry(dentry) : 0;
	inode_slots(dentry ? d_backing_inode(dentry) : NULL, &slot[1], &slot[2], &slot[3]);
}

void tw_extract_inode(u16 *slot, const struct inode *inode)
{
	slot[2] = inode ? tw_uid_class(__kgid_val(inode->i_gid)) : 0;
	inode_slots(inode, &slot[0], &slot[1], &slot[3]);
}

/* Only what is valid: the rest was never set. */
void tw_extract_iattr(u16 *slot, const struct iattr *attr)
{
	unsigned int valid = attr ? attr->ia_valid : 0;

	slot[0] = valid;
	slot[1] = valid & ATTR_MODE ? attr->ia_mode : 0;
	slot[2] = valid & ATTR_UID ? tw_uid_class(__kuid_val(attr->ia_uid)) : TW_UID_UNCHANGED;
	slot[3] = valid & ATTR_SIZE ? tw_size_class(attr->ia_size) : 0;
}

void tw_extract_super_block(u16 *slot, const struct super_block *super)
{
	slot[0] = super ? super->s_magic : 0;
	slot[1] = super ? super->s_flags : 0;
}

void tw_extract_vfsmount(u16 *slot, const struct vfsmount *mount)
{
	slot[0] = mount ? mount->mnt_sb->s_magic : 0;
	slot[1] = mount ? mount->mnt_flags : 0;
}

void tw_extract_fs_context(u16 *slot, const struct fs_context *context)
{
	slot[0] = context ? context->purpose : 0;
	slot[1] = context ? context->sb_flags : 0;
}

void tw_extract_owner_of_file(u16 *slot, const struct fown_struct *owner)
{
	slot[0] = owner ? owner->signum : 0;
}

void tw_extract_binprm(u16 *slot, const struct linux_binprm *bprm)
{
	const struct file *file = bprm ? bprm->file : NULL;

	slot[0] = file ? class_of_path(&file->f_path) : 0;
	inode_slots(file ? file_inode(file) : NULL, &slot[1], &slot[2], &slot[3]);
	slot[4] = bprm ? tw_size_class(bprm->argc) : 0;
	slot[5] = bprm ? tw_size_class(bprm->envc) : 0;
}

void tw_extract_name(u16 *slot, const char *name)
{
	slot[0] = tw_path_class(name);
	slot[1] = name ? tw_size_class(strnlen(name, PATH_MAX)) : 0;
}

void tw_extract_qstr(u16 *slot, const struct qstr *name)
{
	slot[0] = name ? tw_size_class(name->len) : 0;
}

/* --- memory -------------------------------------------------------------------------------- */

void tw_extract_vma(u16 *slot, const struct vm_area_struct *vma)
{
	slot[0] = vma && vma->vm_file ? class_of_path(&vma->vm_file->f_path) : 0;
	slot[1] = 0;
	slot[2] = 0;
	if (!vma)
		return;
	slot[1] = (vma->vm_flags & VM_READ ? 1 : 0) | (vma->vm_flags & VM_WRITE ? 2 : 0) |
		  (vma->vm_flags & VM_EXEC ? 4 : 0) |
		  (vma->vm_flags & VM_SHARED ? TW_PROT_SHARED : 0) |
		  (vma->vm_file ? 0 : TW_PROT_ANONYMOUS);
	slot[2] = tw_size_class(vma->vm_end - vma->vm_start);
}

void tw_extract_mm(u16 *slot, const struct mm_struct *mm)
{
	slot[0] = mm ? tw_size_class(READ_ONCE(mm->total_vm)) : 0;
}

/* --- who ----------------------------------------------------------------------------------- */

/* 0xffff: none at all. */
static u16 highest(kernel_cap_t capabilities)
{
	return capabilities.val ? fls64(capabilities.val) - 1 : 0xffff;
}

void tw_extract_capabilities(u16 *slot, const kernel_cap_t *capabilities)
{
	slot[0] = capabilities ? highest(*capabilities) : 0;
	slot[1] = capabilities ? capabilities->val : 0;
}

void tw_extract_cred(u16 *slot, const struct cred *cred)
{
	if (!cred) {
		memset(slot, 0, 6 * sizeof(*slot));
		return;
	}
	slot[0] = tw_uid_class(__kuid_val(cred->uid));
	slot[1] = tw_uid_class(__kuid_val(cred->euid));
	slot[2] = tw_uid_class(__kgid_val(cred->gid));
	slot[3] = highest(cred->cap_effective);
	slot[4] = cred->cap_effective.val;
	slot[5] = cred->securebits;
}

#define RELATION_SELF 0x01
#define RELATION_SAME_PROCESS 0x02
#define RELATION_CHILD 0x04
#define RELATION_PARENT 0x08
#define RELATION_KERNEL 0x10
#define RELATION_INIT 0x20
#define RELATION_TRACED 0x40

static u16 relation(const struct task_struct *task)
{
	return (task == current ? RELATION_SELF : 0) |
	       (same_thread_group((struct task_struct *)task, current) ? RELATION_SAME_PROCESS : 0) |
	       (rcu_access_pointer(task->real_parent) == current->group_leader ? RELATION_CHILD : 0) |
	       (rcu_access_pointer(current->real_parent) == task->group_leader ?
			RELATION_PARENT : 0) |
	       (task->flags & PF_KTHREAD ? RELATION_KERNEL : 0) |
	       (is_global_init((struct task_struct *)task) ? RELATION_INIT : 0) |
	       (task->ptrace ? RELATION_TRACED : 0);
}

void tw_extract_task(u16 *slot, const struct task_struct *task)
{
	const struct cred *cred;

	if (!task) {
		memset(slot, 0, 4 * sizeof(*slot));
		return;
	}
	slot[0] = relation(task);
	rcu_read_lock();
	cred = __task_cred(task);
	slot[1] = tw_uid_class(__kuid_val(cred->uid));
	slot[2] = tw_uid_class(__kuid_val(cred->euid));
	slot[3] = highest(cred->cap_effective);
	rcu_read_unlock();
}

void tw_extract_user_namespace(u16 *slot, const struct user_namespace *space)
{
	slot[0] = space ? space->level : 0;
}

void tw_extract_siginfo(u16 *slot, const struct kernel_siginfo *info)
{
	/* Small numbers stand for "from user space" and "from the kernel". */
	slot[0] = info <= SEND_SIG_PRIV ? (unsigned long)info : info->si_code;
}

void tw_extract_rlimit(u16 *slot, const struct rlimit *limit)
{
	slot[0] = limit ? tw_size_class(limit->rlim_cur) : 0;
	slot[1] = limit ? tw_size_class(limit->rlim_max) : 0;
}

/* --- communication ------------------------------------------------------------------------- */

void tw_extract_ipc_perm(u16 *slot, const struct kern_ipc_perm *perm)
{
	slot[0] = perm ? perm->mode : 0;
	slot[1] = perm ? tw_uid_class(__kuid_val(perm->uid)) : 0;
	slot[2] = perm ? tw_uid_class(__kuid_val(perm->cuid)) : 0;
}

void tw_extract_msg_msg(u16 *slot, const struct msg_msg *message)
{
	slot[0] = message ? message->m_type : 0;
	slot[1] = message ? tw_size_class(message->m_ts) : 0;
}

void tw_extract_sembuf(u16 *slot, const struct sembuf *operation)
{
	slot[0] = operation ? operation->sem_op : 0;
	slot[1] = operation ? operation->sem_flg : 0;
}

static bool loopback4(__be32 address)
{
	return ipv4_is_loopback(address);
}

static u16 port_of_sock(const struct sock *sock)
{
	bool loopback;

	if (sock->sk_family != AF_INET && sock->sk_family != AF_INET6)
		return TW_PORT_NONE;
	loopback = sock->sk_family == AF_INET ? loopback4(sock->sk_rcv_saddr) : false;
#if IS_ENABLED(CONFIG_IPV6)
	if (sock->sk_family == AF_INET6)
		loopback = ipv6_addr_loopback(&sock->sk_v6_rcv_saddr);
#endif
	return tw_port_class(sock->sk_num, loopback);
}

/* Sockets that are not full ones (requests, those that wait for their end) share its beginning. */
void tw_extract_sock(u16 *slot, const struct sock *sock)
{
	if (!sock) {
		memset(slot, 0, 5 * sizeof(*slot));
		return;
	}
	slot[0] = sock->sk_family;
	slot[1] = sk_fullsock(sock) ? sock->sk_type : 0;
	slot[2] = sk_fullsock(sock) ? sock->sk_protocol : 0;
	slot[3] = port_of_sock(sock);
	slot[4] = READ_ONCE(sock->sk_state);
}

void tw_extract_socket(u16 *slot, const struct socket *socket)
{
	tw_extract_sock(slot, socket ? socket->sk : NULL);
	if (socket)
		slot[1] = socket->type;
}

#define SCOPE_NONE 0
#define SCOPE_ANY 1
#define SCOPE_LOOPBACK 2
#define SCOPE_MULTICAST 3
#define SCOPE_LINK 4
#define SCOPE_PRIVATE 5
#define SCOPE_GLOBAL 6

static u16 scope4(__be32 address)
{
	if (ipv4_is_zeronet(address))
		return SCOPE_ANY;
	if (ipv4_is_loopback(address))
		return SCOPE_LOOPBACK;
	if (ipv4_is_multicast(address) || ipv4_is_lbcast(address))
		return SCOPE_MULTICAST;
	if (ipv4_is_linklocal_169(address))
		return SCOPE_LINK;
	if (ipv4_is_private_10(address) || ipv4_is_private_172(address) ||
	    ipv4_is_private_192(address))
		return SCOPE_PRIVATE;
	return SCOPE_GLOBAL;
}

static u16 scope6(const struct in6_addr *address)
{
	if (ipv6_addr_any(address))
		return SCOPE_ANY;
	if (ipv6_addr_loopback(address))
		return SCOPE_LOOPBACK;
	if (ipv6_addr_is_multicast(address))
		return SCOPE_MULTICAST;
	if (ipv6_addr_v4mapped(address))
		return scope4(address->s6_addr32[3]);
	if ((address->s6_addr[0] & 0xfe) == 0xfc)
		return SCOPE_PRIVATE;
	if (address->s6_addr[0] == 0xfe && (address->s6_addr[1] & 0xc0) == 0x80)
		return SCOPE_LINK;
	return SCOPE_GLOBAL;
}

/* The length is the program's: nothing behind it was copied from there. */
void tw_extract_sockaddr(u16 *slot, const struct sockaddr *address, int length)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

	slot[0] = 0;
	slot[1] = TW_PORT_NONE;
	slot[2] = SCOPE_NONE;
	if (!address || length < (int)sizeof(address->sa_family))
		return;
	slot[0] = address->sa_family;
	if (address->sa_family == AF_INET && length >= (int)sizeof(*v4)) {
		slot[2] = scope4(v4->sin_addr.s_addr);
		slot[1] = tw_port_class(ntohs(v4->sin_port), slot[2] == SCOPE_LOOPBACK);
	} else if (address->sa_family == AF_INET6 && length >= SIN6_LEN_RFC2133) {
		slot[2] = scope6(&v6->sin6_addr);
		slot[1] = tw_port_class(ntohs(v6->sin6_port), slot[2] == SCOPE_LOOPBACK);
	}
}

void tw_extract_msghdr(u16 *slot, const struct msghdr *message)
{
	u16 address[3] = {};

	if (message)
		tw_extract_sockaddr(address, message->msg_name, message->msg_namelen);
	slot[0] = address[0];
	slot[1] = address[1];
	slot[2] = message ? tw_size_class(iov_iter_count(&message->msg_iter)) : 0;
	slot[3] = message ? message->msg_flags : 0;
}

void tw_extract_sk_buff(u16 *slot, const struct sk_buff *skb)
{
	slot[0] = skb ? ntohs(skb->protocol) : 0;
	slot[1] = skb ? tw_size_class(skb->len) : 0;
}

void tw_extract_request_sock(u16 *slot, const struct request_sock *request)
{
	slot[0] = request ? request->__req_common.skc_family : 0;
	slot[1] = request ? tw_port_class(inet_rsk(request)->ir_num, false) : TW_PORT_NONE;
}

/* --- what not every configuration has ------------------------------------------------------- */

void tw_extract_bpf_map(u16 *slot, const struct bpf_map *map)
{
	slot[0] = 0;
	slot[1] = 0;
#ifdef CONFIG_BPF_SYSCALL
	if (!map)
		return;
	slot[0] = map->map_type;
	slot[1] = tw_size_class((u64)map->max_entries * map->value_size);
#endif
}

void tw_extract_bpf_prog(u16 *slot, const struct bpf_prog *prog)
{
	slot[0] = prog ? prog->type : 0;
	slot[1] = prog ? tw_size_class(prog->len) : 0;
}

void tw_extract_io_uring_cmd(u16 *slot, const struct io_uring_cmd *command)
{
	slot[0] = 0;
#ifdef CONFIG_IO_URING
	if (command)
		slot[0] = command->cmd_op;
#endif
}
