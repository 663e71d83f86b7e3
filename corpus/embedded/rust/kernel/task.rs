// SPDX-License-Identifier: MIT
//! Tasks.

/// A reference to a task, counted.
pub struct Task {
    raw: *mut bindings::task_struct,
}

impl Task {
    /// The task that runs this.
    #[inline]
    pub fn current() -> Task {
        // SAFETY: there always is one, and it outlives the call.
        Task { raw: unsafe { bindings::get_task_struct(bindings::get_current()) } }
    }
}

impl Drop for Task {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { bindings::put_task_struct(self.raw) }
    }
}
