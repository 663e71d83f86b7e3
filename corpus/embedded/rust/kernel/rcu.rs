// SPDX-License-Identifier: MIT
//! Read-copy-update.

/// While it lives, nothing read under RCU goes away.
pub struct Guard(());

/// Begins reading.
#[inline]
pub fn read_lock() -> Guard {
    // SAFETY: undone when the guard goes.
    unsafe { bindings::rcu_read_lock() };
    Guard(())
}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a guard is made by beginning.
        unsafe { bindings::rcu_read_unlock() }
    }
}
