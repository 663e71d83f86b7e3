// SPDX-License-Identifier: MIT
/*
 * Macros and static inline functions have no symbol that Rust could link to. Each gets a function of its own here.
 *
 * The functions are always inlined where they can be, because LLVM would often rather not: C is compiled with
 * options (null checks kept, fewer builtins, other target features) that Rust code does not carry, and differing
 * attributes alone are enough for it to decline.
 */

#include <linux/compiler_types.h>

#define __rust_helper __always_inline

#include "atomic.c"
#include "bug.c"
#include "debugfs.c"
#include "device.c"
#include "err.c"
#include "jump_label.c"
#include "mutex.c"
#include "preempt.c"
#include "rcu.c"
#include "refcount.c"
#include "slab.c"
#include "spinlock.c"
#include "task.c"
