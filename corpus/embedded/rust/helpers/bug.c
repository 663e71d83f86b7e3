// SPDX-License-Identifier: MIT

#include <linux/bug.h>

__rust_helper void __noreturn rust_helper_BUG(void)
{
	BUG();
}

__rust_helper bool rust_helper_WARN_ON(bool condition)
{
	return WARN_ON(condition);
}
