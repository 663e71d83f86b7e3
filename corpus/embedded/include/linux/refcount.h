/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <asm/atomic.h>
#include <linux/bug.h>

#define REFCOUNT_INIT(value) { .refs = { (value) } }

void refcount_warn_saturate(refcount_t *count);

static inline void refcount_set(refcount_t *count, int value)
{
	atomic_set(&count->refs, value);
}

static inline void refcount_inc(refcount_t *count)
{
	int old = atomic_fetch_add(1, &count->refs);

	if (unlikely(old <= 0))
		refcount_warn_saturate(count);
	pr_debug("%p is now %d\n", (void *)count, old + 1);
}

static inline bool refcount_dec_and_test(refcount_t *count)
{
	int old = atomic_fetch_add(-1, &count->refs);

	if (unlikely(old <= 0))
		refcount_warn_saturate(count);
	return old == 1;
}

#endif
