//! What the figures of each evaluation become: a file a command.

pub mod compare;
pub mod counterfactual;
pub mod experiment;
pub mod exposure;
pub mod lists;
pub mod rates;
pub mod search;
pub mod simulation;
