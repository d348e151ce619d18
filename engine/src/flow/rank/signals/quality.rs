//! The caller's quality prior.

use super::Signal;
use crate::index::columns::Row;

pub const SIGNAL: Signal = Signal {
    name: "quality",
    range: "0 to 1",
    source: "Item.quality_prior",
    value: |scored, _| of(scored.row),
};

/// The signal of a row.
pub fn of(row: &Row) -> f64 {
    f64::from(row.quality)
}
