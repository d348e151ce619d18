//! How far rules move items up and down: the value of the signal `rule`.

use crate::index::columns::{CompiledSelector, Hot, Row};

/// Selected items, each with a share of what the profile lets rules move an item: above 0 up, below 0 down.
#[derive(Default)]
pub struct Shifts<'r>(Vec<(&'r CompiledSelector, f64)>);

impl<'r> Shifts<'r> {
    pub fn add(&mut self, selector: &'r CompiledSelector, share: f64) {
        self.0.push((selector, share));
    }

    /// The sum of the shares that an item has, -1 to 1.
    pub fn of(&self, hot: &Hot, row: &Row) -> f64 {
        let selecting = self
            .0
            .iter()
            .filter(|(selector, _)| selector.selects(hot, row));
        let sum = selecting.fold(0.0, |sum, (_, share)| sum + share);
        sum.clamp(-1.0, 1.0)
    }
}
