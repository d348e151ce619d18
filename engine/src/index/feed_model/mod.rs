//! What the feed has learnt, keyed by ordinals: made in the background, served with a generation.
//!
//! ```text
//! events ── FeedTrainer (train) ─┐
//! model file ──── (read) ────────┴─ LearntModel ─ linked to the catalogue ─ ServedModel ─ generation
//! events ── TrendCounter ──────────────────────────────────────────────── Trends ────────┘
//! ```
//!
//! A [`LearntModel`] knows items by its own table, and has an index over their vectors; a [`ServedModel`] says which of
//! them are which ordinals, and what the catalogue's content says of items that the model does not know.

mod background;
mod learnt;
mod links;
mod served;
#[cfg(test)]
mod tests;
mod trend;

pub use background::{FeedTrainer, TrainingInput};
pub use learnt::{LearntModel, Origin};
pub use served::{ServedModel, Wanted, Wish};
pub use trend::{RegionTrend, TrendCounter, Trends};
