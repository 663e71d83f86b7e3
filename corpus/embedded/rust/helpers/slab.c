// SPDX-License-Identifier: MIT

#include <linux/slab.h>

__rust_helper void *rust_helper_kmalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}
