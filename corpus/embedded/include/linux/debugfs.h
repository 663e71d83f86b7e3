/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DEBUGFS_H
#define _LINUX_DEBUGFS_H

#include <linux/err.h>

struct dentry;

#ifdef CONFIG_DEBUG_FS

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
void debugfs_remove(struct dentry *entry);

#else

static inline struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return ERR_PTR(-19);
}

static inline void debugfs_remove(struct dentry *entry) {}

#endif
#endif
