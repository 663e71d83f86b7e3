// SPDX-License-Identifier: MIT
//! What makes a crate a part of the kernel.

use crate::error::Error;

/// The state of a part of the kernel; dropped when a module goes.
pub trait Module: Sized {
    /// Called once, before anything else.
    fn init() -> Result<Self, Error>;
}

/// Puts `tag=text` into `.modinfo`, which a module begins with its tags and built-in code with its name.
#[doc(hidden)]
#[macro_export]
macro_rules! modinfo {
    ($name:ident, $text:literal, $length:expr) => {
        #[link_section = ".modinfo"]
        #[used]
        static $name: [u8; $length] = *$text;
    };
}

/// Names the type of the module's state, and its licence as bytes with a zero at the end.
///
/// A module gets `init_module` and `cleanup_module`, built-in code an initcall.
#[macro_export]
macro_rules! module {
    (type: $type:ty, license: $license:literal, length: $length:expr $(,)?) => {
        static mut STATE: Option<$type> = None;

        $crate::modinfo!(MODINFO_LICENSE, $license, $length);

        fn start() -> i32 {
            match <$type as $crate::module::Module>::init() {
                Ok(state) => {
                    // SAFETY: called once, before anybody looks.
                    unsafe { STATE = Some(state) };
                    0
                }
                Err(error) => error.to_errno(),
            }
        }

        fn stop() {
            // SAFETY: called once, after everybody else.
            unsafe { STATE = None };
        }

        #[cfg(MODULE)]
        #[doc(hidden)]
        #[no_mangle]
        #[link_section = ".init.text"]
        pub unsafe extern "C" fn init_module() -> i32 {
            start()
        }

        #[cfg(MODULE)]
        #[doc(hidden)]
        #[no_mangle]
        #[link_section = ".exit.text"]
        pub extern "C" fn cleanup_module() {
            stop()
        }

        // Whoever loads the module calls them through pointers: objtool looks for somebody who takes their addresses.
        #[cfg(MODULE)]
        #[link_section = ".init.data"]
        #[used]
        static ADDRESSABLE_INIT: unsafe extern "C" fn() -> i32 = init_module;

        #[cfg(MODULE)]
        #[link_section = ".exit.data"]
        #[used]
        static ADDRESSABLE_CLEANUP: extern "C" fn() = cleanup_module;

        #[cfg(not(MODULE))]
        #[link_section = ".initcall6.init"]
        #[used]
        static INITCALL: extern "C" fn() -> i32 = {
            extern "C" fn initcall() -> i32 {
                let _: fn() = stop;
                start()
            }
            initcall
        };
    };
}
