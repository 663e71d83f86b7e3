// SPDX-License-Identifier: MIT

/// Tells the compiler that this is never reached.
///
/// # Safety
///
/// It must be so.
#[inline]
pub const unsafe fn unreachable_unchecked() -> ! {
    unsafe { unreachable() }
}

#[rustc_intrinsic]
const unsafe fn unreachable() -> !;
