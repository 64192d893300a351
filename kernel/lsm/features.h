/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is told about a hook's arguments: one function for each type of argument, which fills as
 * many slots as hooks/extractors lists for it. NULL gives zeros. None sleeps or takes a lock that
 * a hook's caller may hold.
 */
#ifndef _TAGWATCH_FEATURES_H
#define _TAGWATCH_FEATURES_H

#include <linux/capability.h>
#include <linux/types.h>

struct bpf_map;
struct bpf_prog;
struct cred;
struct dentry;
struct file;
struct fown_struct;
struct fs_context;
struct iattr;
struct inode;
struct io_uring_cmd;
struct kern_ipc_perm;
struct kernel_siginfo;
struct linux_binprm;
struct mm_struct;
struct msg_msg;
struct msghdr;
struct path;
struct qstr;
struct request_sock;
struct rlimit;
struct sembuf;
struct sk_buff;
struct sock;
struct sockaddr;
struct socket;
struct super_block;
struct task_struct;
struct user_namespace;
struct vfsmount;
struct vm_area_struct;

void tw_extract_binprm(u16 *slot, const struct linux_binprm *bprm);
void tw_extract_bpf_map(u16 *slot, const struct bpf_map *map);
void tw_extract_bpf_prog(u16 *slot, const struct bpf_prog *prog);
void tw_extract_capabilities(u16 *slot, const kernel_cap_t *capabilities);
void tw_extract_cred(u16 *slot, const struct cred *cred);
void tw_extract_dentry(u16 *slot, struct dentry *dentry);
void tw_extract_file(u16 *slot, const struct file *file);
void tw_extract_fs_context(u16 *slot, const struct fs_context *context);
void tw_extract_iattr(u16 *slot, const struct iattr *attr);
void tw_extract_inode(u16 *slot, const struct inode *inode);
void tw_extract_io_uring_cmd(u16 *slot, const struct io_uring_cmd *command);
void tw_extract_ipc_perm(u16 *slot, const struct kern_ipc_perm *perm);
void tw_extract_mm(u16 *slot, const struct mm_struct *mm);
void tw_extract_msg_msg(u16 *slot, const struct msg_msg *message);
void tw_extract_msghdr(u16 *slot, const struct msghdr *message);
void tw_extract_name(u16 *slot, const char *name);
void tw_extract_owner_of_file(u16 *slot, const struct fown_struct *owner);
void tw_extract_path(u16 *slot, const struct path *path);
void tw_extract_qstr(u16 *slot, const struct qstr *name);
void tw_extract_request_sock(u16 *slot, const struct request_sock *request);
void tw_extract_rlimit(u16 *slot, const struct rlimit *limit);
void tw_extract_sembuf(u16 *slot, const struct sembuf *operation);
void tw_extract_siginfo(u16 *slot, const struct kernel_siginfo *info);
void tw_extract_sk_buff(u16 *slot, const struct sk_buff *skb);
void tw_extract_sock(u16 *slot, const struct sock *sock);
void tw_extract_sockaddr(u16 *slot, const struct sockaddr *address, int length);
void tw_extract_socket(u16 *slot, const struct socket *socket);
void tw_extract_super_block(u16 *slot, const struct super_block *super);
void tw_extract_task(u16 *slot, const struct task_struct *task);
void tw_extract_user_namespace(u16 *slot, const struct user_namespace *space);
void tw_extract_vfsmount(u16 *slot, const struct vfsmount *mount);
void tw_extract_vma(u16 *slot, const struct vm_area_struct *vma);

u16 tw_path_class(const char *path);
u16 tw_port_class(u16 port, bool loopback);
u16 tw_size_class(u64 size);
u16 tw_uid_class(u32 uid);
u16 tw_open_flags(unsigned int flags);

/* Arguments that are numbers; what a number means, its parameter's name tells. */
#define TW_PROTECTION(value) ((u16)((value) & 7))
#define TW_MODE(value) ((__force u16)(value))
#define TW_CAPABILITY(value) ((__force u16)(value))
#define TW_ADDRESS_FAMILY(value) ((__force u16)(value))
#define TW_FLAGS(value) ((__force u16)(value))
#define TW_COMMAND(value) ((__force u16)(value))
#define TW_SIZE_CLASS(value) tw_size_class(value)
#define TW_UID_CLASS(value) tw_uid_class(value)

#endif
