// SPDX-License-Identifier: MIT

#include <asm/atomic.h>

__rust_helper int rust_helper_atomic_read(const atomic_t *value)
{
	return atomic_read(value);
}

__rust_helper void rust_helper_atomic_set(atomic_t *value, int wanted)
{
	atomic_set(value, wanted);
}

__rust_helper int rust_helper_atomic_fetch_add(int amount, atomic_t *value)
{
	return atomic_fetch_add(amount, value);
}

__rust_helper int rust_helper_atomic_cmpxchg(atomic_t *value, int old, int new)
{
	return atomic_cmpxchg(value, old, new);
}
