// SPDX-License-Identifier: MIT
//! Types. What Rust never looks into is opaque.

pub type c_char = u8;
pub type c_int = i32;
pub type c_uint = u32;
pub type c_long = i64;
pub type c_ulong = u64;
pub type gfp_t = c_uint;

pub const GFP_KERNEL: gfp_t = 0xcc0;

/// Stands for `void`.
#[repr(C)]
pub struct c_void {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct list_head {
    pub next: *mut list_head,
    pub prev: *mut list_head,
}

#[repr(C)]
pub struct atomic_t {
    pub counter: c_int,
}

#[repr(C)]
pub struct refcount_t {
    pub refs: atomic_t,
}

#[repr(C)]
pub struct lock_class_key {
    pub words: [u64; 2],
}

#[repr(C)]
pub struct mutex {
    pub words: [u64; 4],
}

#[repr(C)]
pub struct spinlock_t {
    pub words: [u64; 3],
}

#[repr(C)]
pub struct task_struct {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct module {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct dentry {
    opaque: [u8; 0],
}

#[repr(C)]
pub struct device {
    pub name: *const c_char,
    pub driver_data: *mut c_void,
}

#[repr(C)]
pub struct platform_driver {
    pub probe: unsafe extern "C" fn(*mut device) -> c_int,
    pub name: *const c_char,
    pub owner: *mut module,
}

#[repr(C)]
pub struct miscdevice {
    pub minor: c_int,
    pub name: *const c_char,
    pub ioctl: unsafe extern "C" fn(*mut miscdevice, c_uint, c_ulong) -> c_long,
}
