// SPDX-License-Identifier: MIT
//! Directories of debugfs; a helper where the kernel has none, a function where it has.

/// A directory that goes with its owner.
pub struct Dir {
    entry: *mut bindings::dentry,
}

impl Dir {
    /// The directory of that name, which ends in a zero byte.
    #[inline]
    pub fn new<const LENGTH: usize>(name: &'static [u8; LENGTH]) -> Dir {
        // SAFETY: the name lives for ever and ends in a zero byte.
        Dir { entry: unsafe { bindings::debugfs_create_dir(name as *const u8, core::ptr::null_mut()) } }
    }
}

impl Drop for Dir {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it was made by debugfs, errors included.
        unsafe { bindings::debugfs_remove(self.entry) }
    }
}
