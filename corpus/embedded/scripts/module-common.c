// SPDX-License-Identifier: MIT
/* The record that every module carries, compiled for each with its name. */

#include <linux/module.h>

__modinfo("name", KBUILD_MODNAME);

struct module __this_module __section(".gnu.linkonce.this_module") __used = { .name = KBUILD_MODNAME };
