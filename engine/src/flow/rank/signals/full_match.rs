//! Whether the item matches the whole query.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "full_match",
    range: "0 or 1",
    source: "index/lexical",
    value: |scored, _| f64::from(u8::from(scored.candidate.full_match)),
};
