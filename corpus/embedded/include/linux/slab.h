/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/types.h>

#define GFP_KERNEL 0xcc0u
#define PAGE_SIZE 4096

void *__kmalloc(size_t size, gfp_t flags) __attribute__((alloc_size(1), malloc));
void *__kmalloc_large(size_t size, gfp_t flags) __attribute__((alloc_size(1), malloc));
void kfree(const void *object);

/* The choice is made by the compiler where the size is a constant. */
static __always_inline void *kmalloc(size_t size, gfp_t flags)
{
	if (__builtin_constant_p(size) && size > 2 * PAGE_SIZE)
		return __kmalloc_large(size, flags);
	return __kmalloc(size, flags);
}

#endif
