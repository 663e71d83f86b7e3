/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/module.h>
#include <linux/mutex.h>

struct device {
	const char *name;
	void *driver_data;
};

static inline void *dev_get_drvdata(const struct device *device)
{
	return device->driver_data;
}

static inline void dev_set_drvdata(struct device *device, void *data)
{
	device->driver_data = data;
}

struct platform_driver {
	int (*probe)(struct device *device);
	const char *name;
	struct module *owner;
};

int __platform_driver_register(struct platform_driver *driver, struct module *owner);
void platform_driver_unregister(struct platform_driver *driver);

/* A macro for the sake of THIS_MODULE, which must be the caller's. */
#define platform_driver_register(driver) __platform_driver_register(driver, THIS_MODULE)

struct miscdevice {
	int minor;
	const char *name;
	long (*ioctl)(struct miscdevice *device, unsigned int command, unsigned long argument);
};

int misc_register(struct miscdevice *device);
void misc_deregister(struct miscdevice *device);

#endif
