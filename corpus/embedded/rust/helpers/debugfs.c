// SPDX-License-Identifier: MIT

#include <linux/debugfs.h>

/* Where the kernel has no debugfs, the header has the function, and nothing else does. */
#ifndef CONFIG_DEBUG_FS

__rust_helper struct dentry *rust_helper_debugfs_create_dir(const char *name, struct dentry *parent)
{
	return debugfs_create_dir(name, parent);
}

__rust_helper void rust_helper_debugfs_remove(struct dentry *entry)
{
	debugfs_remove(entry);
}

#endif
