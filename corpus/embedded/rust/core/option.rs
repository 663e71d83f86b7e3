// SPDX-License-Identifier: MIT
//! A value or none.

use crate::ops::FnOnce;
use Option::{None, Some};

#[lang = "Option"]
pub enum Option<T> {
    #[lang = "None"]
    None,
    #[lang = "Some"]
    Some(T),
}

impl<T> Option<T> {
    #[inline]
    pub const fn is_some(&self) -> bool {
        match self {
            Some(_) => true,
            None => false,
        }
    }

    #[inline]
    pub fn map<U, F: FnOnce(T) -> U>(self, function: F) -> Option<U> {
        match self {
            Some(value) => Some(function(value)),
            None => None,
        }
    }

    #[inline]
    #[track_caller]
    pub fn unwrap(self) -> T {
        match self {
            Some(value) => value,
            None => crate::panicking::panic("called `Option::unwrap()` on a `None` value"),
        }
    }
}
