// SPDX-License-Identifier: MIT
//! Platform drivers.

use crate::device::Device;
use crate::error::{to_result, Error};

/// What a driver does.
pub trait Driver {
    /// Its name, ending in a zero byte.
    const NAME: &'static [u8];

    /// Takes a device over; zero or an error number.
    fn probe(device: &Device) -> i32;
}

/// A driver's record on C's side.
pub struct Registration {
    raw: bindings::platform_driver,
}

impl Registration {
    /// A record, not registered yet.
    #[inline]
    pub const fn new<T: Driver>() -> Registration {
        Registration {
            raw: bindings::platform_driver {
                probe: probe::<T>,
                name: T::NAME as *const [u8] as *const u8,
                owner: core::ptr::null_mut(),
            },
        }
    }

    /// Registers the driver. A helper says whose it is, so this must be compiled into the crate that calls it.
    #[inline]
    pub fn register(&mut self) -> Result<i32, Error> {
        // SAFETY: the record is whole, and stays where it is.
        to_result(unsafe { bindings::platform_driver_register(&mut self.raw) })
    }

    /// Takes the driver back.
    #[inline]
    pub fn unregister(&mut self) {
        // SAFETY: it was registered.
        unsafe { bindings::platform_driver_unregister(&mut self.raw) }
    }
}

unsafe extern "C" fn probe<T: Driver>(device: *mut bindings::device) -> i32 {
    // SAFETY: C hands us a device that is there.
    T::probe(unsafe { Device::from_raw(device) })
}
