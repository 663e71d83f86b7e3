// SPDX-License-Identifier: MIT
/* The C half of rust_print. */

#include <linux/printk.h>

void rust_print_event(int number);

void rust_print_event(int number)
{
	pr_info("rust_print: event %d\n", number);
}
