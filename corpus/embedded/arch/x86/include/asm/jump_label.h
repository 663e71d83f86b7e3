/* SPDX-License-Identifier: MIT */
#ifndef _ASM_JUMP_LABEL_H
#define _ASM_JUMP_LABEL_H

/* Five bytes of no-op that can become a jump; the record of it is read by objtool and by the patching code. */
static __always_inline bool arch_static_branch(struct static_key *const key)
{
	asm goto("1:	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
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
