// SPDX-License-Identifier: MIT
//! Memory.

use core::ops::{Deref, DerefMut};

/// One value in memory of its own.
pub struct Box<T> {
    pointer: *mut T,
}

impl<T> Box<T> {
    /// A box with the value, or none where there is no memory. The size is a constant after inlining, and the helper
    /// behaves accordingly.
    #[inline]
    pub fn new(value: T) -> Option<Box<T>> {
        // SAFETY: any size is allowed.
        let pointer = unsafe { bindings::kmalloc(core::mem::size_of::<T>(), bindings::GFP_KERNEL) } as *mut T;
        if pointer as usize == 0 {
            core::mem::forget(value);
            return None;
        }
        // SAFETY: the memory is ours, large enough, and holds no value yet.
        unsafe { core::ptr::write(pointer, value) };
        Some(Box { pointer })
    }
}

impl<T> Drop for Box<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it holds a value, and is never used again.
        unsafe {
            core::ptr::drop_in_place(self.pointer);
            bindings::kfree(self.pointer as *const bindings::c_void);
        }
    }
}

impl<T> Deref for Box<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: it holds a value as long as we live.
        unsafe { &*self.pointer }
    }
}

impl<T> DerefMut for Box<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and borrowed by nobody else.
        unsafe { &mut *self.pointer }
    }
}
