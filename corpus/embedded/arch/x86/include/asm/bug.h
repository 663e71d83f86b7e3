/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

/* An instruction that traps, and a record that tells the trap's handler what it means. */
#define __bug_entry(flags, line)                                                                                      \
	"1:	.byte 0x0f, 0x0b\n"                                                                                    \
	".pushsection __bug_table, \"aw\"\n"                                                                           \
	"	.long 1b - .\n"                                                                                        \
	"	.word " flags ", " line "\n"                                                                           \
	".popsection\n"

#define BUG()                                                                                                         \
	do {                                                                                                           \
		asm volatile(__bug_entry("0", "%c0") : : "i"(__LINE__));                                               \
		__builtin_unreachable();                                                                               \
	} while (0)

/* The handler of a warning goes on behind it: objtool has to be told. */
#define __warn_trap(line)                                                                                             \
	asm volatile(__bug_entry("1", "%c0")                                                                           \
		     ".pushsection .discard.reachable\n"                                                               \
		     "	.long 1b + 2 - .\n"                                                                            \
		     ".popsection\n"                                                                                   \
		     : : "i"(line))

#endif
