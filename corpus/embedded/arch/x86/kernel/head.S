/* SPDX-License-Identifier: MIT */
/* Symbols that the compiler refers to on its own. None of this is run. */

	.text
	.globl _start
	.type _start, @function
_start:
	ud2
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
	.type \name, @function
\name:
#ifdef CONFIG_X86_KERNEL_IBT
	endbr64
#endif
	ud2
	.size \name, . - \name
	EXPORT \name
.endm

#ifdef CONFIG_MITIGATION_RETPOLINE
.irp register, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	STUB __x86_indirect_thunk_\register
.endr
#endif
	STUB __x86_return_thunk
	STUB __fentry__
	STUB __stack_chk_fail

	.data
	.globl __ref_stack_chk_guard, __stack_chk_guard
__ref_stack_chk_guard:
__stack_chk_guard:
	.quad 0
	EXPORT __ref_stack_chk_guard
	EXPORT __stack_chk_guard

	.section .note.GNU-stack, "", @progbits
