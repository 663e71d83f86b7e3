/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <asm/atomic.h>
#include <linux/lockdep.h>

struct mutex {
	atomic_t owner;
	u32 padding;
	struct lockdep_map dep_map;
	void *magic;
} __randomize_layout;

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
void mutex_unlock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);

#ifdef CONFIG_DEBUG_LOCK_ALLOC
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
#define mutex_lock(lock) mutex_lock_nested(lock, 0)
#else
void mutex_lock(struct mutex *lock);
#endif

static inline bool mutex_is_locked(struct mutex *lock)
{
	return atomic_read(&lock->owner) != 0;
}

#endif
