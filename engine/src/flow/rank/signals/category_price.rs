//! How cheap the item is among the candidates of its category: 1/2 at their median price, and when it is the only one.

use super::{Signal, price};

pub const SIGNAL: Signal = Signal {
    name: "category_price",
    range: "0 to 1",
    source: "Offer.price",
    value: |scored, _| price::of(scored.price, scored.category_median),
};
