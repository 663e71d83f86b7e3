/* SPDX-License-Identifier: MIT */
#ifndef _ASM_JUMP_LABEL_H
#define _ASM_JUMP_LABEL_H

/* A no-op that can become a branch, and a record of it for the patching code. */
static __always_inline bool arch_static_branch(struct static_key *const key)
{
	asm goto("1:	nop\n"
		 ".pushsection __jump_table, \"aw\"\n"
		 "	.balign 8\n"
		 "	.long 1b - ., %l[yes] - .\n"
		 "	.quad %c0 - .\n"
		 ".popsection\n"
		 : : "i"(key) : : yes);
	return false;
yes:
	return true;
}

#endif
