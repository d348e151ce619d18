//! Merchandising rules on their way through an answer: which hold (`held`), what the query is about (`intent`), how far
//! items move (`shifts`), and where pinned ones stand (`pins`). Hidden items are stopped by the gate.

mod held;
mod intent;
mod pins;
mod shifts;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::{
    base::region::RegionIndex,
    config::rules::QueryKeys,
    index::rules::{RuleNumber, Rules},
};
pub use held::Held;
pub use intent::Intent;
pub use pins::{PlacedPin, add_pinned, pinned_items, place_pins, take_pins};
pub use shifts::Shifts;

/// Id under which a request leaves all merchandising rules out, and prefix of the rewrites that they make.
pub const FAMILY: &str = "merchandising";

/// What [`FAMILY`] does to queries.
pub const FAMILY_DESCRIPTION: &str =
    "Answers another query in place of the typed one, as a merchandiser's rule states (冰柜: 雪櫃)";

/// The rules as one shopper meets them.
#[derive(Clone, Copy)]
pub struct Merchandiser<'r, 'a> {
    pub rules: &'r Rules,
    /// Region that the shop is seen from.
    pub region: RegionIndex,
    /// Of the user context.
    pub attributes: &'a HashMap<String, String>,
    /// Seconds since 1970.
    pub now: i64,
}

impl<'r> Merchandiser<'r, '_> {
    /// Rules that hold for a query by its words, and those of any query.
    pub fn by_words(&self, query: &QueryKeys) -> Held<'r> {
        let numbers = self.rules.by_words(query).chain(self.rules.of_any_query());
        self.held(numbers)
    }

    /// Rules that hold where nothing is asked for.
    pub fn of_any_query(&self) -> Held<'r> {
        self.held(self.rules.of_any_query())
    }

    /// Whether some rule would hold for a query about the right category.
    pub fn asks_for_category(&self) -> bool {
        let mut asking = self.rules.by_category();
        asking.any(|(_, number)| self.is_met(number))
    }

    /// Rules that hold for a query by what it is about.
    pub fn by_category(&self, intent: &Intent) -> Held<'r> {
        let asking = self.rules.by_category();
        let about = asking.filter(|(path, _)| intent.is_about(path));
        self.held(about.map(|(_, number)| number))
    }

    fn held(&self, numbers: impl Iterator<Item = RuleNumber>) -> Held<'r> {
        Held::new(self.rules, numbers.filter(|number| self.is_met(*number)))
    }

    /// Whether region, time and segment are met.
    fn is_met(&self, number: RuleNumber) -> bool {
        let rule = self.rules.get(number);
        rule.region.is_none_or(|region| region == self.region)
            && rule.when.validity.holds(self.now)
            && rule.when.is_for(self.attributes)
    }
}
