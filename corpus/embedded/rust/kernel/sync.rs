// SPDX-License-Identifier: MIT
//! Locks and counters.

use core::cell::UnsafeCell;
use core::ops::{Deref, DerefMut};

/// A kind of lock.
pub trait Backend {
    /// C's record of it.
    type Raw;

    /// A record that [`Backend::init`] has yet to fill.
    const EMPTY: Self::Raw;

    /// Makes the record ready.
    ///
    /// # Safety
    ///
    /// Once, before any other call.
    unsafe fn init(raw: *mut Self::Raw);

    /// Takes the lock.
    ///
    /// # Safety
    ///
    /// The record must be ready.
    unsafe fn lock(raw: *mut Self::Raw);

    /// Lets it go.
    ///
    /// # Safety
    ///
    /// The lock must be held.
    unsafe fn unlock(raw: *mut Self::Raw);
}

/// A lock that waits by sleeping.
pub struct MutexBackend;

/// A lock that waits by spinning.
pub struct SpinLockBackend;

struct Class(UnsafeCell<bindings::lock_class_key>);

// SAFETY: C alone looks into it, and locks for that.
unsafe impl Sync for Class {}

static CLASS: Class = Class(UnsafeCell::new(bindings::lock_class_key { words: [0; 2] }));

impl Backend for MutexBackend {
    type Raw = bindings::mutex;
    const EMPTY: bindings::mutex = bindings::mutex { words: [0; 4] };

    #[inline]
    unsafe fn init(raw: *mut bindings::mutex) {
        // SAFETY: by the caller's word.
        unsafe { bindings::__mutex_init(raw, b"mutex\0" as *const u8, CLASS.0.get()) }
    }

    #[inline]
    unsafe fn lock(raw: *mut bindings::mutex) {
        // SAFETY: by the caller's word.
        unsafe { bindings::mutex_lock(raw) }
    }

    #[inline]
    unsafe fn unlock(raw: *mut bindings::mutex) {
        // SAFETY: by the caller's word.
        unsafe { bindings::mutex_unlock(raw) }
    }
}

impl Backend for SpinLockBackend {
    type Raw = bindings::spinlock_t;
    const EMPTY: bindings::spinlock_t = bindings::spinlock_t { words: [0; 3] };

    #[inline]
    unsafe fn init(raw: *mut bindings::spinlock_t) {
        // SAFETY: by the caller's word.
        unsafe { bindings::spin_lock_init(raw) }
    }

    #[inline]
    unsafe fn lock(raw: *mut bindings::spinlock_t) {
        // SAFETY: by the caller's word.
        unsafe { bindings::spin_lock(raw) }
    }

    #[inline]
    unsafe fn unlock(raw: *mut bindings::spinlock_t) {
        // SAFETY: by the caller's word.
        unsafe {
            bindings::spin_assert_is_held(raw);
            bindings::spin_unlock(raw)
        }
    }
}

/// A value behind a lock.
pub struct Lock<T, B: Backend> {
    raw: UnsafeCell<B::Raw>,
    value: UnsafeCell<T>,
}

/// A value behind a lock that sleeps.
pub type Mutex<T> = Lock<T, MutexBackend>;

/// A value behind a lock that spins.
pub type SpinLock<T> = Lock<T, SpinLockBackend>;

// SAFETY: the lock lets one in at a time.
unsafe impl<T, B: Backend> Sync for Lock<T, B> {}

impl<T, B: Backend> Lock<T, B> {
    /// Not ready before [`Lock::init`].
    #[inline]
    pub const fn new(value: T) -> Lock<T, B> {
        Lock { raw: UnsafeCell::new(B::EMPTY), value: UnsafeCell::new(value) }
    }

    /// Makes the lock ready.
    #[inline]
    pub fn init(&self) {
        // SAFETY: our own record.
        unsafe { B::init(self.raw.get()) }
    }

    /// Waits for the lock.
    #[inline]
    pub fn lock(&self) -> Guard<'_, T, B> {
        // SAFETY: callers make it ready first.
        unsafe { B::lock(self.raw.get()) };
        Guard { lock: self }
    }
}

/// The lock, held.
pub struct Guard<'a, T, B: Backend> {
    lock: &'a Lock<T, B>,
}

impl<T, B: Backend> Drop for Guard<'_, T, B> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: a guard is made by locking.
        unsafe { B::unlock(self.lock.raw.get()) }
    }
}

impl<T, B: Backend> Deref for Guard<'_, T, B> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T, B: Backend> DerefMut for Guard<'_, T, B> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held.
        unsafe { &mut *self.lock.value.get() }
    }
}

/// A number that many may change at once.
pub struct Atomic(UnsafeCell<bindings::atomic_t>);

// SAFETY: that is what it is for.
unsafe impl Sync for Atomic {}

impl Atomic {
    /// The number to begin with.
    #[inline]
    pub const fn new(value: i32) -> Atomic {
        Atomic(UnsafeCell::new(bindings::atomic_t { counter: value }))
    }

    /// Adds, and gives what was there before.
    #[inline]
    pub fn fetch_add(&self, amount: i32) -> i32 {
        // SAFETY: our own number.
        unsafe { bindings::atomic_fetch_add(amount, self.0.get()) }
    }

    /// The number.
    #[inline]
    pub fn load(&self) -> i32 {
        // SAFETY: our own number.
        unsafe { bindings::atomic_read(self.0.get()) }
    }
}

/// A count of references, which does not overflow.
pub struct Refcount(UnsafeCell<bindings::refcount_t>);

// SAFETY: that is what it is for.
unsafe impl Sync for Refcount {}

impl Refcount {
    /// The count to begin with.
    #[inline]
    pub const fn new(value: i32) -> Refcount {
        Refcount(UnsafeCell::new(bindings::refcount_t { refs: bindings::atomic_t { counter: value } }))
    }

    /// One more; where the kernel is told to be noisy about it, it says so. Not inlined: a helper's call in code that
    /// stays in this crate.
    #[inline(never)]
    pub fn inc(&self) {
        // SAFETY: our own count.
        unsafe {
            bindings::refcount_inc(self.0.get());
            if bindings::noisy_refcounts() {
                crate::print::print(b"one more\n\0");
            }
        }
    }

    /// One less; whether that was the last.
    #[inline]
    pub fn dec_and_test(&self) -> bool {
        // SAFETY: our own count.
        unsafe { bindings::refcount_dec_and_test(self.0.get()) }
    }
}
