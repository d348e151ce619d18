//! How new the item is: halves every [`HALF_LIFE_DAYS`].

use super::Signal;
use crate::index::columns::Row;

/// Days in which freshness halves.
const HALF_LIFE_DAYS: f64 = 45.0;

pub const SIGNAL: Signal = Signal {
    name: "freshness",
    range: "0 to 1",
    source: "Item.created",
    value: |scored, context| of(scored.row, context.now),
};

/// The signal of a row at a moment (seconds since 1970).
pub fn of(row: &Row, now: i64) -> f64 {
    let days = (now - row.created).max(0) as f64 / 86_400.0;
    (-days / HALF_LIFE_DAYS).exp2()
}
