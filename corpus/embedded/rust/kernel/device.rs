// SPDX-License-Identifier: MIT
//! Devices.

/// A device of C's.
#[repr(transparent)]
pub struct Device {
    raw: bindings::device,
}

impl Device {
    /// The device behind a pointer.
    ///
    /// # Safety
    ///
    /// The pointer must be to a device that lives for `'a`.
    #[inline]
    pub unsafe fn from_raw<'a>(raw: *mut bindings::device) -> &'a Device {
        // SAFETY: by the caller's word; the layout is the same.
        unsafe { &*(raw as *const Device) }
    }

    /// What the driver left with the device.
    #[inline]
    pub fn data<T>(&self) -> *mut T {
        // SAFETY: a reference is a valid pointer.
        unsafe { bindings::dev_get_drvdata(&self.raw) as *mut T }
    }

    /// Leaves something with the device.
    #[inline]
    pub fn set_data<T>(&self, data: *mut T) {
        // SAFETY: C owns the field and sees to its own order.
        unsafe { bindings::dev_set_drvdata(&self.raw as *const bindings::device as *mut bindings::device, data as *mut bindings::c_void) }
    }
}
