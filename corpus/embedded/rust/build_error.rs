// SPDX-License-Identifier: MIT
//! The function that must be optimized away. Its object is linked only where the configuration allows that it is not.

#![no_std]

/// Stops with the message; better not to get here at all.
#[inline(never)]
#[cold]
#[export_name = "rust_build_error"]
#[track_caller]
pub fn build_error(message: &'static str) -> ! {
    core::panicking::panic(message)
}
