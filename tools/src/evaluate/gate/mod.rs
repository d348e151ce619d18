//! The gate: figures of small recorded sets, held against those that were written down.

pub mod baseline;
pub mod figures;
pub mod known_items;
