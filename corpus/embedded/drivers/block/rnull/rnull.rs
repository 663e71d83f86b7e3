// SPDX-License-Identifier: MIT
//! A disk that forgets.

use kernel::bindings;
use kernel::error::from_err_ptr;
use kernel::module::Module;
use kernel::prelude::*;
use kernel::rcu;
use kernel::sync::{Atomic, Mutex, Refcount};

module! { type: NullBlk, license: b"license=GPL\0", length: 12 }

/// Requests written and forgotten.
static WRITTEN: Atomic = Atomic::new(0);
static QUEUE: Mutex<[u64; 16]> = Mutex::new([0; 16]);
static DISKS: Refcount = Refcount::new(1);

struct NullBlk;

/// Queues a request; its place must lie in the queue, which is checked when it runs.
fn queue(place: usize, request: u64) {
    let mut requests = QUEUE.lock();
    requests[place] = request;
    WRITTEN.fetch_add(1);
}

impl Module for NullBlk {
    fn init() -> Result<NullBlk, Error> {
        QUEUE.init();
        DISKS.inc();
        {
            let _guard = rcu::read_lock();
            let mut place = 0;
            while place < WRITTEN.load() as usize + 3 {
                queue(place, place as u64 * 512);
                place += 1;
            }
        }
        // SAFETY: makes an error of a number.
        let disk = unsafe { bindings::ERR_PTR(0) };
        from_err_ptr(disk).map(|_| NullBlk)
    }
}

impl Drop for NullBlk {
    fn drop(&mut self) {
        if DISKS.dec_and_test() {
            pr_info!(b"rnull: forgotten\n\0");
        }
        // SAFETY: the lock is not held; the function is the one that C releases it with.
        unsafe {
            let release = bindings::mutex_release();
            let raw = &QUEUE as *const Mutex<[u64; 16]> as *mut bindings::mutex;
            if bindings::mutex_is_locked(raw) {
                release(raw);
            }
        }
    }
}
