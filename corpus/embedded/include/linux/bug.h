/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/printk.h>
#include <linux/types.h>

#ifdef CONFIG_BUG

#include <asm/bug.h>

void __warn_slow(const char *file, int line) __cold;

#define WARN_ON(condition)                                                                                            \
	({                                                                                                             \
		bool __warned = (condition);                                                                           \
		if (unlikely(__warned))                                                                                \
			__warn_trap(__LINE__);                                                                         \
		__warned;                                                                                              \
	})

#else

#define BUG()                                                                                                         \
	do {                                                                                                           \
	} while (1)
#define WARN_ON(condition) ({ (bool)(condition); })

#endif

#define WARN_ON_ONCE(condition)                                                                                       \
	({                                                                                                             \
		static bool __section(".data.once") __already;                                                         \
		bool __hit = (condition);                                                                              \
		if (unlikely(__hit && !__already)) {                                                                   \
			__already = true;                                                                              \
			WARN_ON(1);                                                                                    \
		}                                                                                                      \
		__hit;                                                                                                 \
	})

#endif
