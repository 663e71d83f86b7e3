// SPDX-License-Identifier: MIT
//! Helpers: in C their names begin with `rust_helper_`, here they do not.

use crate::types::*;

macro_rules! helpers {
    ($($symbol:literal fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        extern "C" { $(
            #[link_name = $symbol]
            pub fn $name($($argument: $type),*) $(-> $result)?;
        )* }
    };
}

helpers! {
    "rust_helper_atomic_read" fn atomic_read(value: *const atomic_t) -> c_int;
    "rust_helper_atomic_set" fn atomic_set(value: *mut atomic_t, wanted: c_int);
    "rust_helper_atomic_fetch_add" fn atomic_fetch_add(amount: c_int, value: *mut atomic_t) -> c_int;
    "rust_helper_atomic_cmpxchg" fn atomic_cmpxchg(value: *mut atomic_t, old: c_int, new: c_int) -> c_int;
    "rust_helper_BUG" fn BUG() -> !;
    "rust_helper_WARN_ON" fn WARN_ON(condition: bool) -> bool;
    "rust_helper_dev_get_drvdata" fn dev_get_drvdata(device: *const device) -> *mut c_void;
    "rust_helper_dev_set_drvdata" fn dev_set_drvdata(device: *mut device, data: *mut c_void);
    "rust_helper_platform_driver_register" fn platform_driver_register(driver: *mut platform_driver) -> c_int;
    "rust_helper_ERR_PTR" fn ERR_PTR(error: c_long) -> *mut c_void;
    "rust_helper_IS_ERR" fn IS_ERR(pointer: *const c_void) -> bool;
    "rust_helper_PTR_ERR" fn PTR_ERR(pointer: *const c_void) -> c_long;
    "rust_helper_noisy_refcounts" fn noisy_refcounts() -> bool;
    "rust_helper_mutex_lock" fn mutex_lock(lock: *mut mutex);
    "rust_helper_mutex_is_locked" fn mutex_is_locked(lock: *mut mutex) -> bool;
    "rust_helper_mutex_release" fn mutex_release() -> unsafe extern "C" fn(*mut mutex);
    "rust_helper_might_resched" fn might_resched();
    "rust_helper_might_sleep" fn might_sleep();
    "rust_helper_rcu_read_lock" fn rcu_read_lock();
    "rust_helper_rcu_read_unlock" fn rcu_read_unlock();
    "rust_helper_refcount_set" fn refcount_set(count: *mut refcount_t, value: c_int);
    "rust_helper_refcount_inc" fn refcount_inc(count: *mut refcount_t);
    "rust_helper_refcount_dec_and_test" fn refcount_dec_and_test(count: *mut refcount_t) -> bool;
    "rust_helper_kmalloc" fn kmalloc(size: usize, flags: gfp_t) -> *mut c_void;
    "rust_helper_spin_lock_init" fn spin_lock_init(lock: *mut spinlock_t);
    "rust_helper_spin_lock" fn spin_lock(lock: *mut spinlock_t);
    "rust_helper_spin_unlock" fn spin_unlock(lock: *mut spinlock_t);
    "rust_helper_spin_assert_is_held" fn spin_assert_is_held(lock: *mut spinlock_t);
    "rust_helper_get_current" fn get_current() -> *mut task_struct;
    "rust_helper_get_task_struct" fn get_task_struct(task: *mut task_struct) -> *mut task_struct;
    "rust_helper_put_task_struct" fn put_task_struct(task: *mut task_struct);
}

#[cfg(not(CONFIG_DEBUG_FS))]
helpers! {
    "rust_helper_debugfs_create_dir" fn debugfs_create_dir(name: *const c_char, parent: *mut dentry) -> *mut dentry;
    "rust_helper_debugfs_remove" fn debugfs_remove(entry: *mut dentry);
}
