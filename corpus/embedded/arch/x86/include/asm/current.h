/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <linux/compiler_types.h>

struct task_struct;

extern struct task_struct *current_task;

/* Each processor finds its own at the same offset from %gs. */
static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

#ifdef CONFIG_SMP
	asm("movq %%gs:current_task(%%rip), %0" : "=r"(task));
#else
	task = current_task;
#endif
	return task;
}

#endif
