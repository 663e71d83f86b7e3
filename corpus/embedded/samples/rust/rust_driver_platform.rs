// SPDX-License-Identifier: MIT
//! A platform driver: C must learn which module it belongs to.

use kernel::device::Device;
use kernel::module::Module;
use kernel::platform::{Driver, Registration};
use kernel::prelude::*;

module! { type: Platform, license: b"license=GPL\0", length: 12 }

static mut DRIVER: Registration = Registration::new::<Platform>();
static mut PROBED: i32 = 0;

struct Platform;

impl Driver for Platform {
    const NAME: &'static [u8] = b"rust_driver_platform\0";

    fn probe(device: &Device) -> i32 {
        device.set_data(&raw mut PROBED);
        // SAFETY: we have just left it there.
        unsafe { *device.data::<i32>() += 1 };
        0
    }
}

impl Module for Platform {
    fn init() -> Result<Platform, Error> {
        // SAFETY: nobody else knows the driver yet.
        unsafe { (*(&raw mut DRIVER)).register() }.map(|_| Platform)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // SAFETY: nobody else uses the driver any more.
        unsafe { (*(&raw mut DRIVER)).unregister() }
    }
}
