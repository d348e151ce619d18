//! Cosine of the item's vector to the query's or to the user's items; 0 when vectors did not bring it.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "vector",
    range: "0 to 1",
    source: "index/vector",
    value: |scored, _| f64::from(scored.candidate.vector),
};
