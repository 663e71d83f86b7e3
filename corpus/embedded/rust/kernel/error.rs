// SPDX-License-Identifier: MIT
//! Error numbers.

/// A negative error number.
pub struct Error(i32);

impl Error {
    /// No memory.
    pub const ENOMEM: Error = Error(-12);

    /// The number as C returns it.
    #[inline]
    pub fn to_errno(self) -> i32 {
        self.0
    }
}

/// What C returned: an error where it is negative.
#[inline]
pub fn to_result(code: i32) -> Result<i32, Error> {
    if code < 0 {
        Err(Error(code))
    } else {
        Ok(code)
    }
}

/// A pointer that may be an error.
#[inline]
pub fn from_err_ptr<T>(pointer: *mut T) -> Result<*mut T, Error> {
    let raw = pointer as *const bindings::c_void;
    // SAFETY: the pointer is looked at, not followed.
    if unsafe { bindings::IS_ERR(raw) } {
        // SAFETY: the same.
        return Err(Error(unsafe { bindings::PTR_ERR(raw) } as i32));
    }
    Ok(pointer)
}
