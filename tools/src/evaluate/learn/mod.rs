//! Learning a ranking profile's numbers from judged queries.
//!
//! ```text
//! plan ─ trial (a node under the values, each set's measure) ─ ascent (which values) ─ learnt
//! ```
//!
//! Any number of a profile can be learnt, those of recall too, because every trial asks a real node. Half of each set's
//! queries are for learning; the other half, which no choice has seen, tells whether what was learnt holds.

mod ascent;
mod learnt;
mod plan;
pub mod profile_text;
mod trial;

pub use learnt::{Learnt, SetFigures, learn};
pub use plan::LearnPlan;
