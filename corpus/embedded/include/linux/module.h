/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/types.h>

struct module {
	char name[56];
	atomic_t users;
};

/* A module's own record is made with its .ko; what is built in has none. */
#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)0)
#endif

bool try_module_get(struct module *module);
void module_put(struct module *module);

#define __modinfo(tag, text)                                                                                          \
	static const char ___paste(__modinfo_, __COUNTER__)[] __used __section(".modinfo") = tag "=" text

#define MODULE_LICENSE(text) __modinfo("license", text)
#define MODULE_DESCRIPTION(text) __modinfo("description", text)

#ifdef MODULE
#define module_init(function) int init_module(void) __attribute__((alias(#function)))
#define module_exit(function) void cleanup_module(void) __attribute__((alias(#function)))
#else
#define module_init(function)                                                                                         \
	static int (*const ___paste(__initcall_, function))(void) __used __section(".initcall6.init") = function
#define module_exit(function)                                                                                         \
	static void (*const ___paste(__exitcall_, function))(void) __used __section(".discard.exitcall") = function
#endif

#endif
