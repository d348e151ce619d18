//! How much of the query the item has, each word by its worth (rare words weigh more), however often it has it.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "coverage",
    range: "0 to 1",
    source: "index/lexical",
    value: |scored, _| f64::from(scored.candidate.coverage),
};
