//! Boost: the goods can be returned to an address inside the region.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "local_return",
    range: "0 or 1",
    source: "Offer.local_return",
    value: |scored, _| f64::from(u8::from(scored.offer.local_return)),
};
