// SPDX-License-Identifier: MIT
//! A misc device that counts how often it is asked.

use kernel::error::to_result;
use kernel::miscdevice::{MiscDevice, Registration};
use kernel::module::Module;
use kernel::prelude::*;
use kernel::sync::{Atomic, Refcount};

module! { type: Counting, license: b"license=GPL\0", length: 12 }

static COUNT: Atomic = Atomic::new(0);
static USERS: Refcount = Refcount::new(1);
static mut DEVICE: Registration = Registration::new::<Counting>();

struct Counting;

impl MiscDevice for Counting {
    const NAME: &'static [u8] = b"rust-misc-device\0";

    fn ioctl(command: u32, argument: u64) -> i64 {
        build_assert!(core::mem::size_of::<Counting>() == 0);
        USERS.inc();
        let before = COUNT.fetch_add(command as i32);
        if USERS.dec_and_test() {
            return -1;
        }
        kernel::preempt::cond_resched();
        before as i64 + (argument >> 1) as i64
    }
}

impl Module for Counting {
    fn init() -> Result<Counting, Error> {
        // SAFETY: nobody else knows the device yet.
        let registration = unsafe { &mut *(&raw mut DEVICE) };
        registration.register().map(|_| Counting)
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        // SAFETY: nobody else uses the device any more.
        unsafe { (*(&raw mut DEVICE)).deregister() };
        let _ = to_result(COUNT.load());
    }
}
