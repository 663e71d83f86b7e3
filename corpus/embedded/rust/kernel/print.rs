// SPDX-License-Identifier: MIT
//! Messages. The miniature has no formatting, so they are fixed texts.

/// Prints bytes that end in a zero.
#[inline(never)]
pub fn print(message: &[u8]) {
    #[cfg(CONFIG_PRINTK)]
    // SAFETY: the macro below ends the message with a zero, and there is nothing to format in it.
    unsafe {
        bindings::_printk(message as *const [u8] as *const u8);
    }
    #[cfg(not(CONFIG_PRINTK))]
    let _ = message;
}

/// Prints a line.
#[macro_export]
macro_rules! pr_info {
    ($message:literal) => {
        $crate::print::print($message)
    };
}
