/* SPDX-License-Identifier: MIT */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <linux/compiler_types.h>

struct task_struct;

/* The stack pointer of programs is free while the kernel runs, and holds the task. */
static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	asm("mrs %0, sp_el0" : "=r"(task));
	return task;
}

#endif
