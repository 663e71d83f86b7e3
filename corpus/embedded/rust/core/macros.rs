// SPDX-License-Identifier: MIT
//! Macros that the compiler itself expands, and `panic!`.

#[rustc_builtin_macro]
#[macro_export]
macro_rules! concat {
    ($($piece:expr),* $(,)?) => {{}};
}

#[rustc_builtin_macro]
#[macro_export]
macro_rules! stringify {
    ($($tokens:tt)*) => {};
}

#[rustc_builtin_macro]
#[macro_export]
macro_rules! env {
    ($name:expr $(,)?) => {{}};
}

#[rustc_builtin_macro]
#[macro_export]
macro_rules! cfg {
    ($($predicate:tt)*) => {};
}

/// Stops with a fixed message: the miniature has no formatting.
#[macro_export]
macro_rules! panic {
    ($message:literal) => {
        $crate::panicking::panic($message)
    };
}
