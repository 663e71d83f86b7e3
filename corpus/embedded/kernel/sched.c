// SPDX-License-Identifier: MIT

#include <linux/export.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/static_call.h>

int __cond_resched(void)
{
	if (READ_ONCE(current->preempt_count))
		return 0;
	barrier();
	return 1;
}
EXPORT_SYMBOL(__cond_resched);

void preempt_schedule(void)
{
	barrier();
}
EXPORT_SYMBOL(preempt_schedule);

void __might_sleep(void)
{
	if (READ_ONCE(current->preempt_count))
		pr_info("sleeping where one must not\n");
}
EXPORT_SYMBOL(__might_sleep);

void __put_task_struct(struct task_struct *task)
{
	task->pid = -1;
}
EXPORT_SYMBOL_GPL(__put_task_struct);

#if defined(CONFIG_PREEMPT_DYNAMIC) && defined(CONFIG_HAVE_STATIC_CALL)

struct static_call_key STATIC_CALL_KEY(might_resched) = { .function = (void *)__cond_resched };

/* The call that is patched. Modules get this alone: they may make it, not retarget it. */
asm(".pushsection .static_call.text, \"ax\"\n"
    "	.balign 8\n"
    "	.globl __SCT__might_resched\n"
    "__SCT__might_resched:\n"
#ifdef CONFIG_X86_KERNEL_IBT
    "	endbr64\n"
#endif
    "1:	.byte 0xe9\n"
    "	.long __cond_resched - (. + 4)\n"
    "	.byte 0x0f, 0xb9, 0xcc\n"
    "	.type __SCT__might_resched, @function\n"
    "	.size __SCT__might_resched, . - __SCT__might_resched\n"
    ".popsection\n");
EXPORT_STATIC_CALL_TRAMP(might_resched);

#endif
