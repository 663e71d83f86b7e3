// SPDX-License-Identifier: MIT
//! Operators.

use crate::marker::{PointeeSized, Tuple, Unsize};

/// A binary operator and its implementation for all integers.
macro_rules! binary {
    ($($item:literal $trait:ident $function:ident $operator:tt;)*) => { $(
        #[lang = $item]
        pub trait $trait<Right = Self> {
            type Output;
            fn $function(self, right: Right) -> Self::Output;
        }
        binary!(@ $trait $function $operator u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
    )* };
    (@ $trait:ident $function:ident $operator:tt $($integer:ty)*) => { $(
        impl $trait for $integer {
            type Output = $integer;
            #[inline]
            #[track_caller]
            fn $function(self, right: $integer) -> $integer {
                self $operator right
            }
        }
    )* };
}

binary! {
    "add" Add add +;
    "sub" Sub sub -;
    "mul" Mul mul *;
    "div" Div div /;
    "rem" Rem rem %;
    "bitand" BitAnd bitand &;
    "bitor" BitOr bitor |;
    "bitxor" BitXor bitxor ^;
    "shl" Shl shl <<;
    "shr" Shr shr >>;
}

/// An assigning operator and its implementation for all integers.
macro_rules! assigning {
    ($($item:literal $trait:ident $function:ident $operator:tt;)*) => { $(
        #[lang = $item]
        pub trait $trait<Right = Self> {
            fn $function(&mut self, right: Right);
        }
        assigning!(@ $trait $function $operator u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
    )* };
    (@ $trait:ident $function:ident $operator:tt $($integer:ty)*) => { $(
        impl $trait for $integer {
            #[inline]
            #[track_caller]
            fn $function(&mut self, right: $integer) {
                *self $operator right
            }
        }
    )* };
}

assigning! {
    "add_assign" AddAssign add_assign +=;
    "sub_assign" SubAssign sub_assign -=;
    "bitand_assign" BitAndAssign bitand_assign &=;
    "bitor_assign" BitOrAssign bitor_assign |=;
    "bitxor_assign" BitXorAssign bitxor_assign ^=;
}

#[lang = "neg"]
pub trait Neg {
    type Output;
    fn neg(self) -> Self::Output;
}

#[lang = "not"]
pub trait Not {
    type Output;
    fn not(self) -> Self::Output;
}

macro_rules! unary {
    ($trait:ident $function:ident $operator:tt $($type:ty)*) => { $(
        impl $trait for $type {
            type Output = $type;
            #[inline]
            fn $function(self) -> $type {
                $operator self
            }
        }
    )* };
}

unary!(Neg neg - i8 i16 i32 i64 isize);
unary!(Not not ! bool u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

#[lang = "drop"]
pub trait Drop {
    fn drop(&mut self);
}

#[lang = "deref"]
pub trait Deref: PointeeSized {
    #[lang = "deref_target"]
    type Target: PointeeSized;
    fn deref(&self) -> &Self::Target;
}

#[lang = "deref_mut"]
pub trait DerefMut: Deref + PointeeSized {
    fn deref_mut(&mut self) -> &mut Self::Target;
}

impl<T: PointeeSized> Deref for &T {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        *self
    }
}

impl<T: PointeeSized> Deref for &mut T {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        *self
    }
}

impl<T: PointeeSized> DerefMut for &mut T {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        *self
    }
}

#[lang = "legacy_receiver"]
pub trait LegacyReceiver {}

impl<T: PointeeSized> LegacyReceiver for &T {}
impl<T: PointeeSized> LegacyReceiver for &mut T {}

#[lang = "fn_once"]
#[rustc_paren_sugar]
#[fundamental]
pub trait FnOnce<Arguments: Tuple> {
    #[lang = "fn_once_output"]
    type Output;
    extern "rust-call" fn call_once(self, arguments: Arguments) -> Self::Output;
}

#[lang = "fn_mut"]
#[rustc_paren_sugar]
#[fundamental]
pub trait FnMut<Arguments: Tuple>: FnOnce<Arguments> {
    extern "rust-call" fn call_mut(&mut self, arguments: Arguments) -> Self::Output;
}

#[lang = "fn"]
#[rustc_paren_sugar]
#[fundamental]
pub trait Fn<Arguments: Tuple>: FnMut<Arguments> {
    extern "rust-call" fn call(&self, arguments: Arguments) -> Self::Output;
}

#[lang = "coerce_unsized"]
pub trait CoerceUnsized<T> {}

impl<'a, 'b: 'a, T: PointeeSized + Unsize<U>, U: PointeeSized> CoerceUnsized<&'a U> for &'b T {}
impl<'a, T: PointeeSized + Unsize<U>, U: PointeeSized> CoerceUnsized<&'a mut U> for &'a mut T {}
impl<T: PointeeSized + Unsize<U>, U: PointeeSized> CoerceUnsized<*const U> for *const T {}
impl<T: PointeeSized + Unsize<U>, U: PointeeSized> CoerceUnsized<*mut U> for *mut T {}

#[lang = "dispatch_from_dyn"]
pub trait DispatchFromDyn<T> {}

impl<'a, T: PointeeSized + Unsize<U>, U: PointeeSized> DispatchFromDyn<&'a U> for &'a T {}
impl<'a, T: PointeeSized + Unsize<U>, U: PointeeSized> DispatchFromDyn<&'a mut U> for &'a mut T {}

#[lang = "index"]
pub trait Index<Position: PointeeSized>: PointeeSized {
    type Output: PointeeSized;
    #[track_caller]
    fn index(&self, position: Position) -> &Self::Output;
}

#[lang = "index_mut"]
pub trait IndexMut<Position: PointeeSized>: Index<Position> + PointeeSized {
    #[track_caller]
    fn index_mut(&mut self, position: Position) -> &mut Self::Output;
}

impl<T> Index<usize> for [T] {
    type Output = T;
    #[inline]
    #[track_caller]
    fn index(&self, position: usize) -> &T {
        &self[position]
    }
}

impl<T> IndexMut<usize> for [T] {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, position: usize) -> &mut T {
        &mut self[position]
    }
}

impl<T, const LENGTH: usize> Index<usize> for [T; LENGTH] {
    type Output = T;
    #[inline]
    #[track_caller]
    fn index(&self, position: usize) -> &T {
        &self[position]
    }
}

impl<T, const LENGTH: usize> IndexMut<usize> for [T; LENGTH] {
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, position: usize) -> &mut T {
        &mut self[position]
    }
}
