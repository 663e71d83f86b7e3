// SPDX-License-Identifier: MIT

#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/export.h>

static int last_minor;

int __platform_driver_register(struct platform_driver *driver, struct module *owner)
{
	struct device device = { .name = driver->name };

	driver->owner = owner;
	return try_module_get(owner) ? driver->probe(&device) : -19;
}
EXPORT_SYMBOL_GPL(__platform_driver_register);

void platform_driver_unregister(struct platform_driver *driver)
{
	module_put(driver->owner);
}
EXPORT_SYMBOL_GPL(platform_driver_unregister);

int misc_register(struct miscdevice *device)
{
	device->minor = ++last_minor;
	return 0;
}
EXPORT_SYMBOL(misc_register);

void misc_deregister(struct miscdevice *device)
{
	device->minor = 0;
}
EXPORT_SYMBOL(misc_deregister);

#ifdef CONFIG_DEBUG_FS

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return parent;
}
EXPORT_SYMBOL_GPL(debugfs_create_dir);

void debugfs_remove(struct dentry *entry) {}
EXPORT_SYMBOL_GPL(debugfs_remove);

#endif
