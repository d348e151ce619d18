//! Share of the shopper's recent interest that went to the brand; 0 when nothing is known.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "brand_affinity",
    range: "0 to 1",
    source: "flow/taste",
    value: |scored, context| context.asked.taste.brand(scored.brand),
};
