// SPDX-License-Identifier: MIT

#include <linux/mutex.h>
#include <linux/spinlock.h>

/* The bindings are written by hand and know these sizes. */
_Static_assert(sizeof(spinlock_t) == 24, "struct spinlock of the bindings");
_Static_assert(sizeof(struct mutex) == 32, "struct mutex of the bindings");

__rust_helper void rust_helper_spin_lock_init(spinlock_t *lock)
{
	spin_lock_init(lock);
}

__rust_helper void rust_helper_spin_lock(spinlock_t *lock)
{
	spin_lock(lock);
}

__rust_helper void rust_helper_spin_unlock(spinlock_t *lock)
{
	spin_unlock(lock);
}

__rust_helper void rust_helper_spin_assert_is_held(spinlock_t *lock)
{
	lockdep_assert_held(lock);
}
