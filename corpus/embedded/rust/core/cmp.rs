// SPDX-License-Identifier: MIT
//! Comparisons.

use crate::marker::PointeeSized;

#[lang = "eq"]
pub trait PartialEq<Other: PointeeSized = Self>: PointeeSized {
    fn eq(&self, other: &Other) -> bool;
    #[inline]
    fn ne(&self, other: &Other) -> bool {
        !self.eq(other)
    }
}

#[lang = "partial_ord"]
pub trait PartialOrd<Other: PointeeSized = Self>: PartialEq<Other> + PointeeSized {
    fn lt(&self, other: &Other) -> bool;
    fn le(&self, other: &Other) -> bool;
    fn gt(&self, other: &Other) -> bool;
    fn ge(&self, other: &Other) -> bool;
}

macro_rules! compare {
    ($($type:ty),*) => { $(
        impl PartialEq for $type {
            #[inline]
            fn eq(&self, other: &$type) -> bool {
                *self == *other
            }
        }
        impl PartialOrd for $type {
            #[inline]
            fn lt(&self, other: &$type) -> bool {
                *self < *other
            }
            #[inline]
            fn le(&self, other: &$type) -> bool {
                *self <= *other
            }
            #[inline]
            fn gt(&self, other: &$type) -> bool {
                *self > *other
            }
            #[inline]
            fn ge(&self, other: &$type) -> bool {
                *self >= *other
            }
        }
    )* };
}

compare!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, bool, char);

impl<T> PartialEq for *const T {
    #[inline]
    fn eq(&self, other: &*const T) -> bool {
        *self == *other
    }
}

impl<T> PartialEq for *mut T {
    #[inline]
    fn eq(&self, other: &*mut T) -> bool {
        *self == *other
    }
}
