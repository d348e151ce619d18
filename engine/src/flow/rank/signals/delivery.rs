//! How soon the goods arrive: 1 at once, 1/2 after [`HALF_DAYS`]; 0 when unknown.

use super::Signal;

/// Days of delivery at which the signal is one half.
const HALF_DAYS: f64 = 7.0;

pub const SIGNAL: Signal = Signal {
    name: "delivery",
    range: "0 to 1",
    source: "Offer.delivery_days",
    value: |scored, _| {
        scored
            .offer
            .delivery_days
            .map_or(0.0, |days| 1.0 / (1.0 + f64::from(days) / HALF_DAYS))
    },
};
