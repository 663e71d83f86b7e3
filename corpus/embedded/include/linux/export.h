/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

/*
 * An export is a record for modpost: the symbol named after what is exported holds its licence, its name space, and
 * its address. The tool finds it by the name of the symbol and of the section.
 */
#define __EXPORT_SYMBOL(symbol, licence)                                                                              \
	asm(".pushsection .export_symbol, \"a\"\n"                                                                     \
	    "__export_symbol_" #symbol ":\n"                                                                           \
	    "	.asciz \"" licence "\"\n"                                                                              \
	    "	.asciz \"\"\n"                                                                                         \
	    "	.balign 8\n"                                                                                           \
	    "	.quad " #symbol "\n"                                                                                   \
	    ".popsection\n")

#define EXPORT_SYMBOL(symbol) __EXPORT_SYMBOL(symbol, "")
#define EXPORT_SYMBOL_GPL(symbol) __EXPORT_SYMBOL(symbol, "GPL")

#endif
