/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

/* An instruction that traps, and a record that tells the trap's handler what it means. */
#define __bug_entry(flags, line)                                                                                      \
	"1:	brk #0x800\n"                                                                                          \
	".pushsection __bug_table, \"aw\"\n"                                                                           \
	"	.balign 4\n"                                                                                           \
	"	.long 1b - .\n"                                                                                        \
	"	.short " flags ", " line "\n"                                                                          \
	".popsection\n"

#define BUG()                                                                                                         \
	do {                                                                                                           \
		asm volatile(__bug_entry("0", "%c0") : : "i"(__LINE__));                                               \
		__builtin_unreachable();                                                                               \
	} while (0)

#define __warn_trap(line) asm volatile(__bug_entry("1", "%c0") : : "i"(line))

#endif
