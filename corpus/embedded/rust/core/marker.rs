// SPDX-License-Identifier: MIT
//! Traits that describe types to the compiler.

#[lang = "pointee_sized"]
#[fundamental]
pub trait PointeeSized {}

#[lang = "meta_sized"]
#[fundamental]
pub trait MetaSized: PointeeSized {}

#[lang = "sized"]
#[fundamental]
pub trait Sized: MetaSized {}

#[lang = "destruct"]
pub trait Destruct: PointeeSized {}

#[lang = "copy"]
pub trait Copy {}

#[lang = "freeze"]
pub unsafe auto trait Freeze {}

pub unsafe auto trait Send {}

#[lang = "sync"]
pub unsafe auto trait Sync {}

#[lang = "unsafe_unpin"]
pub unsafe auto trait UnsafeUnpin {}

#[lang = "unpin"]
pub auto trait Unpin {}

#[lang = "tuple_trait"]
pub trait Tuple {}

#[lang = "unsize"]
pub trait Unsize<T: PointeeSized>: PointeeSized {}

#[lang = "phantom_data"]
pub struct PhantomData<T: PointeeSized>;

#[lang = "discriminant_kind"]
pub trait DiscriminantKind {
    #[lang = "discriminant_type"]
    type Discriminant;
}

#[lang = "pointee_trait"]
pub trait Pointee: PointeeSized {
    #[lang = "metadata_type"]
    type Metadata: Copy;
}

#[lang = "dyn_metadata"]
pub struct DynMetadata<T: PointeeSized> {
    pub table: *const (),
    pub of: PhantomData<T>,
}

macro_rules! copy {
    ($($type:ty),*) => { $(impl Copy for $type {})* };
}

copy!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, bool, char);

impl<T: PointeeSized> Copy for *const T {}
impl<T: PointeeSized> Copy for *mut T {}
impl<T: PointeeSized> Copy for &T {}
impl<T: Copy, const LENGTH: usize> Copy for [T; LENGTH] {}
impl<T: PointeeSized> Copy for PhantomData<T> {}
