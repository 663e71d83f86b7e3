// SPDX-License-Identifier: MIT
/* Locks: what the inline parts in the headers call. */

#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	atomic_set(&lock->owner, 0);
	lock->magic = lock;
	lockdep_init_map(&lock->dep_map, name, key);
}
EXPORT_SYMBOL(__mutex_init);

static void acquire(struct mutex *lock, unsigned int subclass)
{
	might_sleep();
	lock_acquire(&lock->dep_map, subclass, _THIS_IP_);
	while (atomic_cmpxchg(&lock->owner, 0, 1))
		barrier();
}

#ifdef CONFIG_DEBUG_LOCK_ALLOC

void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	acquire(lock, subclass);
}
EXPORT_SYMBOL_GPL(mutex_lock_nested);

#else

void mutex_lock(struct mutex *lock)
{
	acquire(lock, 0);
}
EXPORT_SYMBOL(mutex_lock);

#endif

int mutex_trylock(struct mutex *lock)
{
	return atomic_cmpxchg(&lock->owner, 0, 1) == 0;
}
EXPORT_SYMBOL(mutex_trylock);

void mutex_unlock(struct mutex *lock)
{
	lock_release(&lock->dep_map, _THIS_IP_);
	atomic_set_release(&lock->owner, 0);
}
EXPORT_SYMBOL(mutex_unlock);

static inline void spin(spinlock_t *lock)
{
	lock_acquire(&lock->dep_map, 0, _THIS_IP_);
	while (atomic_cmpxchg(&lock->value, 0, 1))
		barrier();
}

static inline void let_go(spinlock_t *lock)
{
	lock_release(&lock->dep_map, _THIS_IP_);
	atomic_set_release(&lock->value, 0);
}

#ifdef CONFIG_PREEMPT_RT

void rt_spin_lock(spinlock_t *lock)
{
	might_sleep();
	spin(lock);
}
EXPORT_SYMBOL(rt_spin_lock);

void rt_spin_unlock(spinlock_t *lock)
{
	let_go(lock);
}
EXPORT_SYMBOL(rt_spin_unlock);

#elif defined(CONFIG_DEBUG_SPINLOCK)

void _raw_spin_lock(spinlock_t *lock)
{
	WARN_ON(lock->magic != SPINLOCK_MAGIC);
	preempt_disable();
	spin(lock);
}
EXPORT_SYMBOL(_raw_spin_lock);

void _raw_spin_unlock(spinlock_t *lock)
{
	let_go(lock);
	preempt_enable();
}
EXPORT_SYMBOL(_raw_spin_unlock);

#else

void queued_spin_lock_slowpath(spinlock_t *lock)
{
	spin(lock);
	(void)let_go;
}
EXPORT_SYMBOL(queued_spin_lock_slowpath);

#endif

struct lockdep_map rcu_lock_map;
EXPORT_SYMBOL_GPL(rcu_lock_map);

#ifdef CONFIG_LOCKDEP

void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key)
{
	map->key = key;
	map->name = name;
}
EXPORT_SYMBOL_GPL(lockdep_init_map);

void lock_acquire(struct lockdep_map *map, unsigned int subclass, unsigned long place)
{
	current->lockdep_depth += 1 + (int)subclass;
	map->key->words[0] = place;
}
EXPORT_SYMBOL_GPL(lock_acquire);

void lock_release(struct lockdep_map *map, unsigned long place)
{
	current->lockdep_depth--;
	map->key->words[1] = place;
}
EXPORT_SYMBOL_GPL(lock_release);

int lock_is_held(const struct lockdep_map *map)
{
	return map->key && current->lockdep_depth > 0;
}
EXPORT_SYMBOL_GPL(lock_is_held);

#endif
