/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_COMPILER_TYPES_H
#define _LINUX_COMPILER_TYPES_H

#ifndef __ASSEMBLY__

/*
 * The GNU meaning of "inline": a function that is neither static nor extern is emitted like any other. An
 * __always_inline function without "static" is therefore both a candidate for inlining and a symbol to call.
 */
#define inline inline __attribute__((gnu_inline, unused))
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define __used __attribute__((used))
#define __weak __attribute__((weak))
#define __cold __attribute__((cold))
#define __noreturn __attribute__((noreturn))
#define __section(name) __attribute__((section(name)))
#define __aligned(bytes) __attribute__((aligned(bytes)))
#define __nosanitize __attribute__((disable_sanitizer_instrumentation))
#define __randomize_layout __attribute__((randomize_layout))

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define barrier() asm volatile("" ::: "memory")

#define READ_ONCE(object) (*(const volatile typeof(object) *)&(object))
#define WRITE_ONCE(object, value) (*(volatile typeof(object) *)&(object) = (value))

#define __paste(left, right) left##right
#define ___paste(left, right) __paste(left, right)
#define __stringify_1(text) #text
#define __stringify(text) __stringify_1(text)

/* Keeps a symbol that nothing but a patching tool refers to, and a name unique to the place. */
#define __ADDRESSABLE(symbol)                                                                                         \
	static void *__used __section(".discard.addressable") ___paste(__addressable_, __COUNTER__) = (void *)&symbol;

#endif
#endif
