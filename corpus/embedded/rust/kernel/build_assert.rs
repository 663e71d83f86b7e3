// SPDX-License-Identifier: MIT
//! Assertions that the optimizer must prove.

#[doc(hidden)]
pub use build_error::build_error;

/// Leaves a reference to an undefined symbol unless the optimizer finds the condition to hold.
#[macro_export]
macro_rules! build_assert {
    ($condition:expr) => {
        if !$condition {
            $crate::build_assert::build_error(concat!("assertion failed: ", stringify!($condition)));
        }
    };
}
