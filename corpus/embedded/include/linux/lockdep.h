/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/types.h>

struct lock_class_key {
	u64 words[2];
};

/* As large without lockdep: the bindings are written by hand, and know one size only. */
struct lockdep_map {
	struct lock_class_key *key;
	const char *name;
};

#ifdef CONFIG_LOCKDEP

void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key);
void lock_acquire(struct lockdep_map *map, unsigned int subclass, unsigned long place);
void lock_release(struct lockdep_map *map, unsigned long place);
int lock_is_held(const struct lockdep_map *map);

#define lockdep_assert_held(lock) WARN_ON(!lock_is_held(&(lock)->dep_map))

#else

static inline void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key) {}
static inline void lock_acquire(struct lockdep_map *map, unsigned int subclass, unsigned long place) {}
static inline void lock_release(struct lockdep_map *map, unsigned long place) {}

#define lockdep_assert_held(lock) ((void)(lock))

#endif

#define _THIS_IP_                                                                                                     \
	({                                                                                                             \
		__label__ here;                                                                                        \
	here:                                                                                                          \
		(unsigned long)&&here;                                                                                 \
	})

#endif
