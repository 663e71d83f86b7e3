// SPDX-License-Identifier: MIT

#include <linux/err.h>

__rust_helper void *rust_helper_ERR_PTR(long error)
{
	return ERR_PTR(error);
}

__rust_helper bool rust_helper_IS_ERR(const void *pointer)
{
	return IS_ERR(pointer);
}

__rust_helper long rust_helper_PTR_ERR(const void *pointer)
{
	return PTR_ERR(pointer);
}
