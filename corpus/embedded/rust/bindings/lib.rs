// SPDX-License-Identifier: MIT
//! The kernel's C side, as Rust sees it. Written by hand where the kernel has bindgen write it.

#![no_std]
#![allow(non_camel_case_types, non_snake_case, missing_docs)]

mod functions;
mod helpers;
mod types;

pub use functions::*;
pub use helpers::*;
pub use types::*;

/// Not inlined and not generic: the crate has code of its own, and with it a symbol to export.
#[inline(never)]
pub fn is_empty(list: &list_head) -> bool {
    list.next as *const list_head == list as *const list_head
}
