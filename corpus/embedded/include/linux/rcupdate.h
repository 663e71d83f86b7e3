/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/preempt.h>

extern struct lockdep_map rcu_lock_map;

static inline void rcu_read_lock(void)
{
	preempt_disable();
	lock_acquire(&rcu_lock_map, 0, _THIS_IP_);
}

static inline void rcu_read_unlock(void)
{
	lock_release(&rcu_lock_map, _THIS_IP_);
	preempt_enable();
}

#endif
