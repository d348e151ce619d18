//! BM25F over title, brand, category, attributes and tags, as a share of the best candidate's.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "lexical",
    range: "0 to 1",
    source: "index/lexical",
    value: |scored, _| f64::from(scored.candidate.lexical),
};
