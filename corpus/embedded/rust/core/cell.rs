// SPDX-License-Identifier: MIT
//! Interior mutability.

use crate::marker::{Freeze, PointeeSized, Sync};

#[lang = "unsafe_cell"]
#[repr(transparent)]
pub struct UnsafeCell<T: PointeeSized> {
    value: T,
}

impl<T> UnsafeCell<T> {
    #[inline]
    pub const fn new(value: T) -> UnsafeCell<T> {
        UnsafeCell { value }
    }
}

impl<T: PointeeSized> UnsafeCell<T> {
    /// A pointer to the content; the layout is that of the content alone.
    #[inline]
    pub const fn get(&self) -> *mut T {
        &self.value as *const T as *mut T
    }
}

// What holds a cell is never put into read-only memory, and not shared without a promise.
impl<T: PointeeSized> !Freeze for UnsafeCell<T> {}
impl<T: PointeeSized> !Sync for UnsafeCell<T> {}
