/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <linux/compiler_types.h>
#include <linux/types.h>

/* A lone processor needs no bus lock. */
#ifdef CONFIG_SMP
#define LOCK_PREFIX "lock; "
#else
#define LOCK_PREFIX ""
#endif

static __always_inline int atomic_read(const atomic_t *value)
{
	return READ_ONCE(value->counter);
}

static __always_inline void atomic_set(atomic_t *value, int wanted)
{
	WRITE_ONCE(value->counter, wanted);
}

static __always_inline void atomic_set_release(atomic_t *value, int wanted)
{
	barrier();
	WRITE_ONCE(value->counter, wanted);
}

static __always_inline void atomic_add(int amount, atomic_t *value)
{
	asm volatile(LOCK_PREFIX "addl %1, %0" : "+m"(value->counter) : "ir"(amount) : "memory");
}

static __always_inline int atomic_fetch_add(int amount, atomic_t *value)
{
	asm volatile(LOCK_PREFIX "xaddl %0, %1" : "+r"(amount), "+m"(value->counter) : : "memory", "cc");
	return amount;
}

static __always_inline int atomic_cmpxchg(atomic_t *value, int old, int new)
{
	asm volatile(LOCK_PREFIX "cmpxchgl %2, %1" : "+a"(old), "+m"(value->counter) : "r"(new) : "memory", "cc");
	return old;
}

#endif
