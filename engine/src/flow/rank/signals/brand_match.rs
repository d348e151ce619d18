//! How much of the query is the item's brand, named in full.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "brand_match",
    range: "0 to 1",
    source: "flow/named",
    value: |scored, context| f64::from(context.asked.named.brand(scored.brand)),
};
