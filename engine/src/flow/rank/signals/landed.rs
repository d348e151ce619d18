//! How cheap the item is at the door (price plus freight) among the candidates: 1/2 at the median of those whose freight is
//! known, 1 at nothing; 1/2 when price or freight is unknown.

use super::{Signal, price};

pub const SIGNAL: Signal = Signal {
    name: "landed",
    range: "0 to 1",
    source: "flow/landed",
    value: |scored, context| match scored.landed {
        Some(landed) if scored.price > 0 => price::of(landed, context.median_landed),
        _ => 0.5,
    },
};
