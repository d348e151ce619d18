//! Share of the shopper's recent interest that went to the category; 0 when nothing is known.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "category_affinity",
    range: "0 to 1",
    source: "flow/taste",
    value: |scored, context| context.asked.taste.category(scored.category),
};
