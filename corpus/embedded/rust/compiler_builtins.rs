// SPDX-License-Identifier: MIT
//! rustc wants this crate beside `core`; the kernel's is about as empty.

#![no_core]
#![feature(no_core, compiler_builtins)]
#![compiler_builtins]
#![no_builtins]
#![allow(internal_features, missing_docs)]
