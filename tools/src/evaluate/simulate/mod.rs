//! What a plan would do to the shoppers of a log, before it meets them.
//!
//! ```text
//! log ─ visits ─┬─ replay (present) ─┐
//!               └─ replay (plan) ────┴─ exposure, outcome, changed, barred, logged ─ simulation ─ checklist
//! ```
//!
//! A plan is documents and numbers laid over those in force ([`plan`]). Every visit of the log is asked again on one
//! throw-away node, first as things stand, then under the plan. What is shown is a fact; what shoppers would do is the
//! answer of a stated model ([`rates`] × [`super::examination`]), or of the log itself where it carries propensities
//! ([`logged`]).

pub mod barred;
pub mod changed;
pub mod checklist;
pub mod example;
pub mod exposure;
pub mod logged;
pub mod outcome;
pub mod pareto;
pub mod plan;
pub mod rates;
pub mod replay;
pub mod simulation;
pub mod visits;
