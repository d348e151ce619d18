//! Units sold, on a logarithmic scale: 1 at [`SALES_FULL`] and above.

use super::Signal;
use crate::index::columns::Row;

/// Units at which the signal is full: a best-seller of a large shop.
const SALES_FULL: f64 = 50_000.0;

pub const SIGNAL: Signal = Signal {
    name: "sales",
    range: "0 to 1",
    source: "Item.sales_prior",
    value: |scored, _| of(scored.row),
};

/// The signal of a row.
pub fn of(row: &Row) -> f64 {
    ((1.0 + f64::from(row.sales)).ln() / (1.0 + SALES_FULL).ln()).min(1.0)
}
