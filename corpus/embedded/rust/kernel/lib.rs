// SPDX-License-Identifier: MIT
//! The library crate: safe names for what C offers. Most of it is inline or generic, so that the code, and the calls
//! of helpers in it, end up in the crates that use it.

#![no_std]

pub use bindings;

pub mod alloc;
pub mod build_assert;
pub mod cpu;
pub mod debugfs;
pub mod device;
pub mod error;
pub mod miscdevice;
pub mod module;
pub mod platform;
pub mod preempt;
pub mod print;
pub mod rcu;
pub mod sync;
pub mod task;

use core::panicking::PanicInfo;

/// What a crate of the kernel begins with.
pub mod prelude {
    pub use crate::error::Error;
    pub use crate::{build_assert, module, pr_info};
}

#[panic_handler]
fn panic(_info: &PanicInfo<'_>) -> ! {
    // SAFETY: all can be called from anywhere.
    unsafe {
        // Before there is a task, nobody would hear of it.
        if bindings::IS_ERR(bindings::get_current() as *const bindings::c_void) {
            cpu::halt()
        }
        bindings::BUG()
    }
}
