// SPDX-License-Identifier: MIT
//! A miniature `core`.
//!
//! The kernel compiles the real one from rustc's sources, which takes most of a minute for every set of flags. What
//! the embedded tree needs of it fits on a few pages, and is compiled by the same rustc with the same flags: language
//! items, operators of the integers, `Option`, `Result`, cells, and the functions that rustc calls to panic.

#![no_core]
#![feature(no_core, lang_items, intrinsics, rustc_attrs, auto_traits, negative_impls, freeze_impls, fundamental)]
#![feature(unboxed_closures, arbitrary_self_types)]
#![allow(internal_features, incomplete_features, missing_docs)]

pub mod cell;
pub mod cmp;
pub mod hint;
pub mod macros;
pub mod marker;
pub mod mem;
pub mod ops;
pub mod option;
pub mod panicking;
pub mod prelude;
pub mod ptr;
pub mod result;
