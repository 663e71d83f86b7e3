// SPDX-License-Identifier: MIT

#include <linux/mutex.h>

__rust_helper void rust_helper_mutex_lock(struct mutex *lock)
{
	mutex_lock(lock);
}

__rust_helper bool rust_helper_mutex_is_locked(struct mutex *lock)
{
	return mutex_is_locked(lock);
}

/* A function whose address is wanted cannot be inlined away where it is used. */
__rust_helper void (*rust_helper_mutex_release(void))(struct mutex *lock)
{
	return mutex_unlock;
}
