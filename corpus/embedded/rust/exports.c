// SPDX-License-Identifier: MIT
/*
 * What Rust code offers to modules. The names come from a table made from the objects; their types do not matter.
 * Helpers are in it only while they are functions of their own.
 */

#include <linux/compiler_types.h>
#include <linux/export.h>

#define EXPORT_SYMBOL_RUST_GPL(symbol)                                                                                \
	extern int symbol;                                                                                             \
	EXPORT_SYMBOL_GPL(symbol)

#include "exports_core_generated.h"
#include "exports_bindings_generated.h"
#include "exports_kernel_generated.h"

#ifndef CONFIG_RUST_INLINE_HELPERS
#include "exports_helpers_generated.h"
#endif

#ifdef CONFIG_RUST_BUILD_ASSERT_ALLOW
EXPORT_SYMBOL_RUST_GPL(rust_build_error);
#endif
