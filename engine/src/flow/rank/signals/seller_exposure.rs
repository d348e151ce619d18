//! Share of what was lately shown in the region that was the seller's. A negative weight spreads exposure.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "seller_exposure",
    range: "0 to 1",
    source: "behaviour",
    value: |scored, _| scored.exposure,
};
