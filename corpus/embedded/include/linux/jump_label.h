/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

#include <linux/types.h>

struct static_key {
	atomic_t enabled;
};

#ifdef CONFIG_JUMP_LABEL

#include <asm/jump_label.h>

#define static_branch_unlikely(key) arch_static_branch(key)

#else

#define static_branch_unlikely(key) unlikely(READ_ONCE((key)->enabled.counter) > 0)

#endif
#endif
