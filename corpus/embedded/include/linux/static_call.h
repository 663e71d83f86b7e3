/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_STATIC_CALL_H
#define _LINUX_STATIC_CALL_H

#include <linux/compiler_types.h>

struct static_call_key {
	void *function;
	void *sites;
};

#define STATIC_CALL_KEY(name) ___paste(__SCK__, name)
#define STATIC_CALL_TRAMP(name) ___paste(__SCT__, name)

#ifdef CONFIG_HAVE_STATIC_CALL

#define DECLARE_STATIC_CALL(name, function)                                                                           \
	extern struct static_call_key STATIC_CALL_KEY(name);                                                           \
	extern typeof(function) STATIC_CALL_TRAMP(name)

/*
 * Code built into the kernel names the key, which is how objtool finds it. A module may use a call that it may not
 * retarget: then the trampoline alone is exported, and naming the key would leave the module unloadable. objtool in
 * its module mode writes the trampoline's address instead, and the loader looks the key up.
 */
#ifdef MODULE
#define static_call_mod(name) (&STATIC_CALL_TRAMP(name))
#else
#define static_call_mod(name)                                                                                         \
	({                                                                                                             \
		__ADDRESSABLE(STATIC_CALL_KEY(name));                                                                  \
		&STATIC_CALL_TRAMP(name);                                                                              \
	})
#endif

#define EXPORT_STATIC_CALL_TRAMP(name) __EXPORT_STATIC_CALL_TRAMP(STATIC_CALL_TRAMP(name))
#define __EXPORT_STATIC_CALL_TRAMP(symbol) EXPORT_SYMBOL(symbol)

#endif
#endif
