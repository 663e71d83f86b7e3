// SPDX-License-Identifier: MIT

#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/refcount.h>

void refcount_warn_saturate(refcount_t *count)
{
	WARN_ON_ONCE(1);
	refcount_set(count, 1 << 30);
}
EXPORT_SYMBOL(refcount_warn_saturate);

struct static_key noisy_refcounts;
EXPORT_SYMBOL_GPL(noisy_refcounts);
