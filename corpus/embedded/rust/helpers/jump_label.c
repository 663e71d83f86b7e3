// SPDX-License-Identifier: MIT

#include <linux/jump_label.h>

extern struct static_key noisy_refcounts;

/* A patchable branch must name its key as a constant, so each key has a helper of its own. */
__rust_helper bool rust_helper_noisy_refcounts(void)
{
	return static_branch_unlikely(&noisy_refcounts);
}
