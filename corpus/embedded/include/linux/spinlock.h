/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <asm/atomic.h>
#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/preempt.h>

typedef struct spinlock {
	atomic_t value;
	u32 magic;
	struct lockdep_map dep_map;
} spinlock_t;

#define SPINLOCK_MAGIC 0xdead4ead

#ifdef CONFIG_PREEMPT_RT

void rt_spin_lock(spinlock_t *lock);
void rt_spin_unlock(spinlock_t *lock);
#define spin_lock(lock) rt_spin_lock(lock)
#define spin_unlock(lock) rt_spin_unlock(lock)

#elif defined(CONFIG_DEBUG_SPINLOCK)

void _raw_spin_lock(spinlock_t *lock);
void _raw_spin_unlock(spinlock_t *lock);
#define spin_lock(lock) _raw_spin_lock(lock)
#define spin_unlock(lock) _raw_spin_unlock(lock)

#else

void queued_spin_lock_slowpath(spinlock_t *lock);

static inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	if (unlikely(atomic_cmpxchg(&lock->value, 0, 1)))
		queued_spin_lock_slowpath(lock);
}

static inline void spin_unlock(spinlock_t *lock)
{
	atomic_set_release(&lock->value, 0);
	preempt_enable();
}

#endif

static inline void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	atomic_set(&lock->value, 0);
	lock->magic = SPINLOCK_MAGIC;
	lockdep_init_map(&lock->dep_map, name, key);
}

/* Every place that initializes a lock is a class of its own. */
#define spin_lock_init(lock)                                                                                          \
	do {                                                                                                           \
		static struct lock_class_key __key;                                                                    \
		__spin_lock_init(lock, #lock, &__key);                                                                 \
	} while (0)

#endif
