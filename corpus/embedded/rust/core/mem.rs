// SPDX-License-Identifier: MIT
//! Memory: sizes, and values that are not dropped.

use crate::marker::Sized;

mod intrinsics {
    #[rustc_intrinsic]
    pub(super) const fn size_of<T>() -> usize;
    #[rustc_intrinsic]
    pub(super) const fn align_of<T>() -> usize;
}

/// Bytes that a value takes.
#[inline]
pub const fn size_of<T>() -> usize {
    <T as Layout>::SIZE
}

/// What checks that the compiler adds (of alignment, with debug assertions) ask a type.
pub trait Layout: Sized {
    #[lang = "mem_size_const"]
    const SIZE: usize = intrinsics::size_of::<Self>();
    #[lang = "mem_align_const"]
    const ALIGN: usize = intrinsics::align_of::<Self>();
}

impl<T> Layout for T {}

#[lang = "manually_drop"]
#[repr(transparent)]
pub struct ManuallyDrop<T> {
    value: T,
}

impl<T> ManuallyDrop<T> {
    #[inline]
    pub const fn new(value: T) -> ManuallyDrop<T> {
        ManuallyDrop { value }
    }
}

/// Takes the value and never drops it.
#[inline]
pub fn forget<T>(value: T) {
    let _ = ManuallyDrop::new(value);
}
