// SPDX-License-Identifier: MIT
//! The functions that compiled code calls when it has to stop.

#[lang = "panic_location"]
pub struct Location<'a> {
    pub file: &'a str,
    pub line: u32,
    pub column: u32,
}

/// What the panic handler is told.
#[lang = "panic_info"]
pub struct PanicInfo<'a> {
    pub message: &'a str,
}

extern "Rust" {
    #[lang = "panic_impl"]
    fn panic_impl(info: &PanicInfo<'_>) -> !;
}

#[lang = "panic"]
#[inline(never)]
#[cold]
pub fn panic(message: &'static str) -> ! {
    panic_fmt(message)
}

#[inline(never)]
#[cold]
fn panic_fmt(message: &'static str) -> ! {
    unsafe { panic_impl(&PanicInfo { message }) }
}

#[lang = "panic_nounwind"]
#[inline(never)]
#[cold]
fn panic_nounwind(message: &'static str) -> ! {
    panic_fmt(message)
}

#[lang = "panic_bounds_check"]
#[inline(never)]
#[track_caller]
#[cold]
fn panic_bounds_check(_index: usize, _length: usize) -> ! {
    panic_fmt("index out of bounds")
}

#[lang = "panic_misaligned_pointer_dereference"]
#[inline(never)]
#[track_caller]
#[cold]
fn panic_misaligned_pointer_dereference(_required: usize, _found: usize) -> ! {
    panic_fmt("misaligned pointer dereference")
}

#[lang = "panic_null_pointer_dereference"]
#[inline(never)]
#[track_caller]
#[cold]
fn panic_null_pointer_dereference() -> ! {
    panic_fmt("null pointer dereference occurred")
}

#[lang = "panic_invalid_enum_construction"]
#[inline(never)]
#[track_caller]
#[cold]
fn panic_invalid_enum_construction(_source: u128) -> ! {
    panic_fmt("trying to construct an enum from an invalid value")
}

#[lang = "panic_cannot_unwind"]
#[inline(never)]
#[cold]
fn panic_cannot_unwind() -> ! {
    panic_fmt("panic in a function that cannot unwind")
}

// objtool knows the names of functions that do not return by the path they have in the real `core`.
pub mod panic_const {
    use super::panic_fmt;

    macro_rules! arithmetic {
        ($($item:literal $name:ident $message:literal;)*) => { $(
            #[lang = $item]
            #[inline(never)]
            #[track_caller]
            #[cold]
            pub fn $name() -> ! {
                panic_fmt($message)
            }
        )* };
    }

    arithmetic! {
        "panic_const_add_overflow" panic_const_add_overflow "attempt to add with overflow";
        "panic_const_sub_overflow" panic_const_sub_overflow "attempt to subtract with overflow";
        "panic_const_mul_overflow" panic_const_mul_overflow "attempt to multiply with overflow";
        "panic_const_div_overflow" panic_const_div_overflow "attempt to divide with overflow";
        "panic_const_rem_overflow" panic_const_rem_overflow "attempt to calculate the remainder with overflow";
        "panic_const_neg_overflow" panic_const_neg_overflow "attempt to negate with overflow";
        "panic_const_shl_overflow" panic_const_shl_overflow "attempt to shift left with overflow";
        "panic_const_shr_overflow" panic_const_shr_overflow "attempt to shift right with overflow";
        "panic_const_div_by_zero" panic_const_div_by_zero "attempt to divide by zero";
        "panic_const_rem_by_zero" panic_const_rem_by_zero "attempt to calculate the remainder with a divisor of zero";
    }
}
