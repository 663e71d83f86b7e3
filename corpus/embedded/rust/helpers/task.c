// SPDX-License-Identifier: MIT

#include <linux/sched.h>

__rust_helper struct task_struct *rust_helper_get_current(void)
{
	return current;
}

__rust_helper struct task_struct *rust_helper_get_task_struct(struct task_struct *task)
{
	return get_task_struct(task);
}

__rust_helper void rust_helper_put_task_struct(struct task_struct *task)
{
	put_task_struct(task);
}
