//! Measuring how text and queries are understood: cuts into words, regional words, words that only look alike, spoken
//! queries, typed sounds, typing mistakes.

pub mod false_alarms;
pub mod regions;
pub mod segmentation;
pub mod sets;
pub mod shoppers;
pub mod spoken;
pub mod traps;
pub mod typed;
pub mod typos;
