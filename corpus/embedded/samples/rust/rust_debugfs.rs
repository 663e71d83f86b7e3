// SPDX-License-Identifier: MIT
//! A directory in debugfs.

use kernel::debugfs::Dir;
use kernel::module::Module;
use kernel::prelude::*;
use kernel::sync::SpinLock;

module! { type: Debug, license: b"license=GPL\0", length: 12 }

static NUMBER: SpinLock<u32> = SpinLock::new(1);

struct Debug {
    _dir: Dir,
}

impl Module for Debug {
    fn init() -> Result<Debug, Error> {
        NUMBER.init();
        *NUMBER.lock() += 1;
        Ok(Debug { _dir: Dir::new(b"rust_debugfs\0") })
    }
}
