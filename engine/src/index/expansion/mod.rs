//! Finding words that stand near a word in meaning, by the sentence encoder.
//!
//! ```text
//! words of the catalogue ─┐
//! words that are asked ───┴─ WordCounts ─ encode, centre by script ─ nearest ─ choose ─ MinedExpansions
//! ```
//!
//! Mined in the background by a node ([`ExpansionMiner`]), or from files by `sampan expansions mine`.

mod background;
mod choose;
mod mine;
mod mined;
mod words;

pub use background::{ExpansionMiner, MiningInput};
pub use choose::Thresholds;
pub use mine::{Miner, Progress, Stage};
pub use mined::MinedExpansions;
pub use words::WordCounts;
