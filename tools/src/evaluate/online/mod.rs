//! What an experiment shows: arms of an A/B test beside each other, and two rankings interleaved.
//!
//! ```text
//! file ─ events ─ definitions (what counts) ─ totals (by user) ─ comparison ─ experiment report
//!        events ─ interleaving
//! ```
//!
//! Users are the units: each is in one arm, and all that a user does is one observation.

pub mod comparison;
pub mod definitions;
pub mod events;
pub mod experiment;
pub mod interleaving;
pub mod random_splits;
pub mod sample_ratio;
pub mod segments;
pub mod simulated_events;
pub mod tails;
pub mod totals;
