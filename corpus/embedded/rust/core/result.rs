// SPDX-License-Identifier: MIT
//! A value or an error.

use crate::ops::FnOnce;
use Result::{Err, Ok};

pub enum Result<T, E> {
    Ok(T),
    Err(E),
}

impl<T, E> Result<T, E> {
    #[inline]
    pub const fn is_ok(&self) -> bool {
        match self {
            Ok(_) => true,
            Err(_) => false,
        }
    }

    #[inline]
    pub fn map<U, F: FnOnce(T) -> U>(self, function: F) -> Result<U, E> {
        match self {
            Ok(value) => Ok(function(value)),
            Err(error) => Err(error),
        }
    }
}
