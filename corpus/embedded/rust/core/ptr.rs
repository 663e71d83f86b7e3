// SPDX-License-Identifier: MIT
//! Raw pointers.

use crate::marker::{Copy, PointeeSized};

// The compiler puts the real glue in place of this body.
#[lang = "drop_in_place"]
#[allow(unconditional_recursion)]
pub unsafe fn drop_in_place<T: PointeeSized>(value: *mut T) {
    unsafe { drop_in_place(value) }
}

#[inline]
pub const fn null_mut<T>() -> *mut T {
    0 as *mut T
}

/// A read that may not be left out.
#[inline]
pub unsafe fn read_volatile<T: Copy>(source: *const T) -> T {
    unsafe { volatile_load(source) }
}

/// A write that may not be left out.
#[inline]
pub unsafe fn write_volatile<T: Copy>(destination: *mut T, value: T) {
    unsafe { volatile_store(destination, value) }
}

#[rustc_intrinsic]
unsafe fn volatile_load<T>(source: *const T) -> T;

#[rustc_intrinsic]
unsafe fn volatile_store<T>(destination: *mut T, value: T);

/// Puts a value where there is none; what was there is not dropped.
#[inline]
pub unsafe fn write<T>(destination: *mut T, value: T) {
    unsafe { write_via_move(destination, value) }
}

#[rustc_intrinsic]
const unsafe fn write_via_move<T>(destination: *mut T, value: T);
