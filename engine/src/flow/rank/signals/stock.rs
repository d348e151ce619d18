//! Whether the offer is in stock; not counted is taken as in stock.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "stock",
    range: "0 or 1",
    source: "Offer.stock",
    value: |scored, _| f64::from(u8::from(scored.offer.stock != Some(0))),
};
