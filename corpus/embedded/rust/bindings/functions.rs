// SPDX-License-Identifier: MIT
//! Functions that have a symbol in C.

use crate::types::*;

extern "C" {
    pub fn __mutex_init(lock: *mut mutex, name: *const c_char, key: *mut lock_class_key);
    pub fn mutex_trylock(lock: *mut mutex) -> c_int;
    pub fn mutex_unlock(lock: *mut mutex);
    pub fn kfree(object: *const c_void);
    pub fn misc_register(device: *mut miscdevice) -> c_int;
    pub fn misc_deregister(device: *mut miscdevice);
    pub fn platform_driver_unregister(driver: *mut platform_driver);
    pub fn panic(message: *const c_char) -> !;
    // That it does not come back the generator of bindings cannot tell.
    pub fn machine_halt();
}

#[cfg(CONFIG_PRINTK)]
extern "C" {
    pub fn _printk(format: *const c_char, ...) -> c_int;
}

#[cfg(CONFIG_DEBUG_FS)]
extern "C" {
    pub fn debugfs_create_dir(name: *const c_char, parent: *mut dentry) -> *mut dentry;
    pub fn debugfs_remove(entry: *mut dentry);
}
