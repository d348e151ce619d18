//! Share of the shopper's recent interest in things that come by one of the item's ways; 0 when nothing is known.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "ship_affinity",
    range: "0 to 1",
    source: "flow/taste",
    value: |scored, context| context.asked.taste.modes(scored.modes),
};
