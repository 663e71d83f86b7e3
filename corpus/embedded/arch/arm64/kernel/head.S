/* SPDX-License-Identifier: MIT */
/* Symbols that the compiler refers to on its own. None of this is run. */

	.text
	.globl _start
	.type _start, %function
_start:
	brk #0x800
	.size _start, . - _start

.macro EXPORT name
	.pushsection .export_symbol, "a"
__export_symbol_\name:
	.asciz ""
	.asciz ""
	.balign 8
	.quad \name
	.popsection
.endm

.macro STUB name
	.globl \name
	.type \name, %function
\name:
	brk #0x800
	.size \name, . - \name
	EXPORT \name
.endm

	STUB __stack_chk_fail

	.data
	.globl __stack_chk_guard
__stack_chk_guard:
	.quad 0
	EXPORT __stack_chk_guard

	.section .note.GNU-stack, "", %progbits
