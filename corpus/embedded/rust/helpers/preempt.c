// SPDX-License-Identifier: MIT

#include <linux/preempt.h>

__rust_helper void rust_helper_might_resched(void)
{
	might_resched();
}

__rust_helper void rust_helper_might_sleep(void)
{
	might_sleep();
}
