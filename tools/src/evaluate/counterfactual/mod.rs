//! What another ranking would have earned, from a log of what this one showed: off-policy evaluation.
//!
//! ```text
//! file ─ open_bandit | shown_events ─ Row … ─ join (with the plan's probabilities: policy) ─ LoggedData
//! LoggedData ─ support (may it be asked?) ─ impressions | lists (estimators) ─ Estimate or Refusal
//! ```
//!
//! The log says of every impression with which probability its item was put at its place (the propensity); the plan says
//! the same of itself. Their ratio is the weight. An answer is only given where the log can support it ([`support`]).
//! [`simulator`] is a shop whose truth is known, and [`coverage`] counts how often the intervals hold it.

pub mod coverage;
pub mod data;
pub mod estimate;
pub mod impressions;
pub mod join;
pub mod lists;
pub mod open_bandit;
pub mod policy;
pub mod report;
pub mod reward_model;
pub mod row;
pub mod shown_events;
pub mod simulated_files;
pub mod simulator;
pub mod support;
