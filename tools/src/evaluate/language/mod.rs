//! Measuring how queries are understood, with written sets: regional words, words that only look alike, spoken queries.

pub mod false_alarms;
pub mod regions;
pub mod sets;
pub mod shoppers;
pub mod spoken;
pub mod traps;
