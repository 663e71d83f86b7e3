/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/refcount.h>

struct task_struct {
	int preempt_count;
	int pid;
	refcount_t usage;
#ifdef CONFIG_LOCKDEP
	int lockdep_depth;
#endif
};

#include <asm/current.h>

#define current get_current()

void __put_task_struct(struct task_struct *task);

static inline struct task_struct *get_task_struct(struct task_struct *task)
{
	refcount_inc(&task->usage);
	return task;
}

static inline void put_task_struct(struct task_struct *task)
{
	if (refcount_dec_and_test(&task->usage))
		__put_task_struct(task);
}

#endif
