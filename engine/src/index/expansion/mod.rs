//! Finding words that stand near a word in meaning, by the sentence encoder.
//!
//! ```text
//! words of the catalogue ─┐                                             vectors of items ─ Goods ─┐
//! words that are asked ───┴─ WordCounts ─ encode, centre by script ─ nearest ─────────── choose ─┴─ MinedExpansions
//! ```
//!
//! A neighbour must be near twice: as a word, and by the goods that are sold under it.
//!
//! Mined in the background by a node ([`ExpansionMiner`]), or from files by `sampan expansions mine`.

mod background;
mod choose;
mod goods;
mod mine;
mod mined;
#[cfg(test)]
mod tests;
mod words;

pub use background::{ExpansionMiner, MiningInput};
pub use choose::Thresholds;
pub use goods::Goods;
pub use mine::{Miner, Progress, Stage};
pub use mined::MinedExpansions;
pub use words::WordCounts;
