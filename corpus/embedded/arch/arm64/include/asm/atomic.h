/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ATOMIC_H
#define _ASM_ATOMIC_H

#include <linux/compiler_types.h>
#include <linux/types.h>

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
	asm volatile("stlr %w1, %0" : "=Q"(value->counter) : "r"(wanted) : "memory");
}

static __always_inline int atomic_fetch_add(int amount, atomic_t *value)
{
	int old, sum;
	unsigned int failed;

	asm volatile("1:	ldaxr %w0, %3\n"
		     "	add %w1, %w0, %w4\n"
		     "	stlxr %w2, %w1, %3\n"
		     "	cbnz %w2, 1b"
		     : "=&r"(old), "=&r"(sum), "=&r"(failed), "+Q"(value->counter)
		     : "r"(amount)
		     : "memory");
	return old;
}

static __always_inline void atomic_add(int amount, atomic_t *value)
{
	(void)atomic_fetch_add(amount, value);
}

static __always_inline int atomic_cmpxchg(atomic_t *value, int old, int new)
{
	int found;
	unsigned int failed;

	asm volatile("1:	ldaxr %w0, %2\n"
		     "	cmp %w0, %w3\n"
		     "	b.ne 2f\n"
		     "	stlxr %w1, %w4, %2\n"
		     "	cbnz %w1, 1b\n"
		     "2:"
		     : "=&r"(found), "=&r"(failed), "+Q"(value->counter)
		     : "r"(old), "r"(new)
		     : "memory", "cc");
	return found;
}

#endif
