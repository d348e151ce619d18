//! Load on a node as shoppers make it: requests come when they come, whether the last one has been answered or not.

mod arrivals;
mod measured;
mod requests;
mod stages;
mod sweep;

pub use arrivals::{Arrivals, IN_FLIGHT_MAX};
pub use measured::Measured;
pub use requests::{Request, Requests};
pub use stages::{Spread, StageTime};
pub use sweep::{Sweep, plot};
