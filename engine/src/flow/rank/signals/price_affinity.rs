//! How near the price is to those of the shopper's recent items: 1/2 at half or twice of them; 0 when nothing is known.

use super::Signal;

pub const SIGNAL: Signal = Signal {
    name: "price_affinity",
    range: "0 to 1",
    source: "flow/taste",
    value: |scored, context| match scored.price {
        price if price > 0 => context.asked.taste.price(price).unwrap_or(0.0),
        _ => 0.0,
    },
};
