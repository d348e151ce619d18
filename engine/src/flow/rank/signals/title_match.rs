//! How much of the query the item's titles have, each word by its worth: `coverage` without brand, category and attributes.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "title_match",
    range: "0 to 1",
    source: "index/lexical",
    value: |scored, _| f64::from(scored.candidate.title_match),
};
