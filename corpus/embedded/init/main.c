// SPDX-License-Identifier: MIT
/* Where the kernel would start. Nothing here is ever run: it is linked, and looked at. */

#include <linux/bug.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>

typedef int (*initcall_t)(void);

extern initcall_t __initcall_start[], __initcall_end[];

static struct task_struct init_task = { .pid = 0, .usage = REFCOUNT_INIT(1) };

struct task_struct *current_task = &init_task;
EXPORT_SYMBOL(current_task);

static void stop(void)
{
	for (;;)
		barrier();
}

void (*machine_stop)(void) = stop;

void machine_halt(void);

/* Does not come back, and nothing tells. */
void machine_halt(void)
{
	machine_stop();
}
EXPORT_SYMBOL(machine_halt);

void __noreturn start_kernel(void);

/* The indirect calls give the kernel's control-flow checks something to check. */
void __noreturn start_kernel(void)
{
	for (initcall_t *call = __initcall_start; call < __initcall_end; call++) {
		int error = (*call)();

		if (error)
			pr_info("an initcall failed: %d\n", error);
	}
	for (;;)
		barrier();
}
