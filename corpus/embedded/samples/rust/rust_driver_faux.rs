// SPDX-License-Identifier: MIT
//! A driver without a device. It calls helpers itself, where the others leave that to the library crate.

use kernel::bindings;
use kernel::module::Module;
use kernel::prelude::*;

module! { type: Faux, license: b"license=GPL\0", length: 12 }

struct Faux;

impl Module for Faux {
    fn init() -> Result<Faux, Error> {
        // SAFETY: called where one may sleep; the pointer is an error, and not followed.
        unsafe {
            bindings::might_resched();
            let error = bindings::ERR_PTR(-19);
            if bindings::WARN_ON(!bindings::IS_ERR(error)) {
                return Err(Error::ENOMEM);
            }
        }
        pr_info!(b"rust_driver_faux: hello\n\0");
        Ok(Faux)
    }
}
