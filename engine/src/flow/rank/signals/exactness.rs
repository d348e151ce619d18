//! How much of the query the item has as it was typed: its words in so many characters, and in their order.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "exactness",
    range: "0 to 1",
    source: "index/lexical",
    value: |scored, _| f64::from(scored.candidate.exactness),
};
