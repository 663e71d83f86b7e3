// SPDX-License-Identifier: MIT

#include <linux/refcount.h>

__rust_helper void rust_helper_refcount_set(refcount_t *count, int value)
{
	refcount_set(count, value);
}

__rust_helper void rust_helper_refcount_inc(refcount_t *count)
{
	refcount_inc(count);
}

__rust_helper bool rust_helper_refcount_dec_and_test(refcount_t *count)
{
	return refcount_dec_and_test(count);
}
