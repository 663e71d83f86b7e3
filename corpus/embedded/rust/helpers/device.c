// SPDX-License-Identifier: MIT

#include <linux/device.h>

__rust_helper void *rust_helper_dev_get_drvdata(const struct device *device)
{
	return dev_get_drvdata(device);
}

__rust_helper void rust_helper_dev_set_drvdata(struct device *device, void *data)
{
	dev_set_drvdata(device, data);
}

/* Which module owns the driver is decided where this is compiled: here the form for modules differs. */
__rust_helper int rust_helper_platform_driver_register(struct platform_driver *driver)
{
	return platform_driver_register(driver);
}
