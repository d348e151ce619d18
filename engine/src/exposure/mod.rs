//! Floor 2: how much direct mail, free shipping and local goods shoppers are shown, and the boosts that hold that at what
//! the profile asks for.
//!
//! The meter counts what answers show; once a second the controller moves the boosts' weights a little, never beyond the
//! profile's margin, and says where it cannot.

mod controller;
mod inequality;
mod meter;
#[cfg(test)]
mod tests;

pub use controller::{Controller, Held, Steering};
pub use inequality::{Inequality, gini};
pub use meter::{ExposureMeter, Shown};

/// Hours over which a share is told: a day.
pub const WINDOW_HOURS: u64 = 24;
