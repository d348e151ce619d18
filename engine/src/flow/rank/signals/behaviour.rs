//! How strongly what shoppers did links the item to the user's recent items.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "behaviour",
    range: "0 to 1",
    source: "behaviour",
    value: |scored, _| f64::from(scored.candidate.behaviour),
};
