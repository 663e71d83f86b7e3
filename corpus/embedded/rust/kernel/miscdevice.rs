// SPDX-License-Identifier: MIT
//! Misc devices: a trait on this side, a table of functions on C's.

use crate::error::{to_result, Error};

/// What a misc device does.
pub trait MiscDevice {
    /// Its name, ending in a zero byte.
    const NAME: &'static [u8];

    /// Answers a request.
    fn ioctl(command: u32, argument: u64) -> i64;
}

/// A registered device. Never drop one that is still in use.
pub struct Registration {
    raw: bindings::miscdevice,
}

impl Registration {
    /// A record for the device, not registered yet.
    #[inline]
    pub const fn new<T: MiscDevice>() -> Registration {
        Registration {
            raw: bindings::miscdevice { minor: 0, name: T::NAME as *const [u8] as *const u8, ioctl: ioctl::<T> },
        }
    }

    /// Registers the device.
    #[inline]
    pub fn register(&mut self) -> Result<i32, Error> {
        // SAFETY: the record is whole, and stays where it is.
        to_result(unsafe { bindings::misc_register(&mut self.raw) })
    }

    /// Takes the device back.
    #[inline]
    pub fn deregister(&mut self) {
        // SAFETY: it was registered.
        unsafe { bindings::misc_deregister(&mut self.raw) }
    }
}

unsafe extern "C" fn ioctl<T: MiscDevice>(_device: *mut bindings::miscdevice, command: u32, argument: u64) -> i64 {
    // SAFETY: the process may sleep here.
    unsafe { bindings::might_sleep() };
    T::ioctl(command, argument)
}
