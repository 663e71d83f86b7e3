// SPDX-License-Identifier: MIT

#include <asm/atomic.h>
#include <linux/export.h>
#include <linux/module.h>

bool try_module_get(struct module *module)
{
	if (module)
		atomic_add(1, &module->users);
	return true;
}
EXPORT_SYMBOL(try_module_get);

void module_put(struct module *module)
{
	if (module)
		atomic_add(-1, &module->users);
}
EXPORT_SYMBOL(module_put);
