// SPDX-License-Identifier: MIT
//! Printing; the Rust half of a part whose other half is in C.

use kernel::module::Module;
use kernel::prelude::*;
use kernel::{rcu, task};

module! { type: Print, license: b"license=GPL\0", length: 12 }

extern "C" {
    fn rust_print_event(number: i32);
}

struct Print {
    task: task::Task,
}

impl Module for Print {
    fn init() -> Result<Print, Error> {
        let task = task::Task::current();
        let guard = rcu::read_lock();
        pr_info!(b"rust_print: hello\n\0");
        // SAFETY: takes any number.
        unsafe { rust_print_event(7) };
        drop_now(guard);
        Ok(Print { task })
    }
}

impl Drop for Print {
    fn drop(&mut self) {
        let _ = &self.task;
    }
}

fn drop_now<T>(_value: T) {}
