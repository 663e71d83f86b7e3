// SPDX-License-Identifier: MIT
//! Processors.

/// Stops the machine.
///
/// The compiler is told that nothing comes after the call. What stands there is code generation's choice: a trap, or
/// the next function.
pub fn halt() -> ! {
    // SAFETY: can be called from anywhere, and does not come back.
    unsafe {
        bindings::machine_halt();
        core::hint::unreachable_unchecked()
    }
}
