//! Floor 0: words that every room shares. No I/O.

pub mod clock;
pub mod error;
pub mod instructions;
pub mod limits;
pub mod money;
pub mod priority;
pub mod processor;
pub mod region;
pub mod ship;

/// The shared key of every index: one per item, given by the catalogue, never used twice.
pub type Ordinal = u32;
/// Place of a write in the log; the first is 1.
pub type Sequence = u64;
