/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/sched.h>
#include <linux/static_call.h>

int __cond_resched(void);
void preempt_schedule(void);
void __might_sleep(void);

#ifdef CONFIG_PREEMPT_COUNT

static inline void preempt_disable(void)
{
	WRITE_ONCE(get_current()->preempt_count, READ_ONCE(get_current()->preempt_count) + 1);
	barrier();
}

static inline void preempt_enable(void)
{
	barrier();
	WRITE_ONCE(get_current()->preempt_count, READ_ONCE(get_current()->preempt_count) - 1);
#ifdef CONFIG_PREEMPTION
	if (unlikely(!READ_ONCE(get_current()->preempt_count)))
		preempt_schedule();
#endif
}

#else
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#endif

#if defined(CONFIG_PREEMPT_DYNAMIC) && defined(CONFIG_HAVE_STATIC_CALL)
DECLARE_STATIC_CALL(might_resched, __cond_resched);
#define might_resched() ((void)static_call_mod(might_resched)())
#elif defined(CONFIG_PREEMPT_VOLUNTARY_BUILD)
#define might_resched() ((void)__cond_resched())
#else
#define might_resched() ((void)0)
#endif

#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
#define might_sleep()                                                                                                 \
	do {                                                                                                           \
		__might_sleep();                                                                                       \
		might_resched();                                                                                       \
	} while (0)
#else
#define might_sleep() might_resched()
#endif

#endif
