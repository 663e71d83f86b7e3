// SPDX-License-Identifier: MIT
//! Attributes as objects of a trait, which are called through tables.

use kernel::alloc::Box;
use kernel::module::Module;
use kernel::prelude::*;
use kernel::sync::Mutex;

module! { type: Configuration, license: b"license=GPL\0", length: 12 }

trait Attribute {
    fn show(&self) -> i32;
}

struct Fixed(i32);

struct Guarded(Mutex<i32>);

impl Attribute for Fixed {
    fn show(&self) -> i32 {
        self.0
    }
}

impl Attribute for Guarded {
    fn show(&self) -> i32 {
        *self.0.lock()
    }
}

struct Configuration {
    guarded: Box<Guarded>,
}

impl Module for Configuration {
    fn init() -> Result<Configuration, Error> {
        match Box::new(Guarded(Mutex::new(2))) {
            Some(guarded) => {
                guarded.0.init();
                Ok(Configuration { guarded })
            }
            None => Err(Error::ENOMEM),
        }
    }
}

impl Drop for Configuration {
    fn drop(&mut self) {
        let attributes: [&dyn Attribute; 2] = [&Fixed(1), &*self.guarded];
        if sum(&attributes) == 3 {
            pr_info!(b"rust_configfs: goodbye\n\0");
        }
    }
}

#[inline(never)]
fn sum(attributes: &[&dyn Attribute; 2]) -> i32 {
    attributes[0].show() + attributes[1].show()
}
