// SPDX-License-Identifier: MIT
//! The least there can be: a lock, a box, and a message.

use kernel::alloc::Box;
use kernel::module::Module;
use kernel::prelude::*;
use kernel::sync::{Mutex, SpinLock};

module! { type: Minimal, license: b"license=GPL\0", length: 12 }

static NUMBERS: Mutex<[i32; 4]> = Mutex::new([0; 4]);
static SUM: SpinLock<i32> = SpinLock::new(0);

struct Minimal {
    boxed: Box<[i32; 4]>,
}

impl Module for Minimal {
    fn init() -> Result<Minimal, Error> {
        pr_info!(b"rust_minimal: hello\n\0");
        NUMBERS.init();
        SUM.init();
        let mut numbers = NUMBERS.lock();
        let mut index = 0;
        while index < 4 {
            numbers[index] += 3;
            *SUM.lock() += numbers[index];
            index += 1;
        }
        match Box::new(*numbers) {
            Some(boxed) => Ok(Minimal { boxed }),
            None => Err(Error::ENOMEM),
        }
    }
}

impl Drop for Minimal {
    fn drop(&mut self) {
        if self.boxed[0] == 3 {
            pr_info!(b"rust_minimal: goodbye\n\0");
        }
    }
}
