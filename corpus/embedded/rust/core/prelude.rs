// SPDX-License-Identifier: MIT
//! What every crate sees without a `use`.

pub mod rust_2021 {
    pub use crate::{cfg, concat, env, stringify};
    pub use crate::cmp::{PartialEq, PartialOrd};
    pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
    pub use crate::ops::{Drop, Fn, FnMut, FnOnce};
    pub use crate::option::Option::{self, None, Some};
    pub use crate::result::Result::{self, Err, Ok};
}
