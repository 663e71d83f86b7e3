// SPDX-License-Identifier: MIT
//! Offering the processor to others.

/// Lets others run where the configuration wants that.
#[inline]
pub fn cond_resched() {
    // SAFETY: callers may sleep.
    unsafe { bindings::might_resched() }
}
