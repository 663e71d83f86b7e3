/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

#define BUG() __builtin_trap()
#define __warn_trap(line) __warn_slow(__FILE__, line)

#endif
