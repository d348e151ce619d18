//! How much of what the item has of the query it has only through rewrites: other regions' words, kinds, corrections, near
//! words. A negative weight asks for the typed words.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "rewritten",
    range: "0 to 1",
    source: "index/lexical",
    value: |scored, _| f64::from(scored.candidate.rewritten),
};
