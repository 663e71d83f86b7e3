/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <linux/compiler_types.h>

#ifdef CONFIG_PRINTK
int _printk(const char *format, ...) __cold __attribute__((format(printf, 1, 2)));
#else
static inline __attribute__((format(printf, 1, 2))) int _printk(const char *format, ...)
{
	return 0;
}
#endif

#define pr_info(format, ...) _printk("\0016" format, ##__VA_ARGS__)

/* Says who speaks: inlined into another object, it would speak with the name of the unit it was written in. */
#ifdef DEBUG
#define pr_debug(format, ...) _printk("\0017" KBUILD_MODNAME ": " format, ##__VA_ARGS__)
#else
#define pr_debug(format, ...) ((void)0)
#endif

#endif
