//! The rules that hold for one request, and what they state together.

use sampan_proto::v1;

use super::{FAMILY, PlacedPin, Shifts};
use crate::{
    base::Ordinal,
    config::rules::{Banner, MerchandisingRule},
    index::{
        columns::{Columns, CompiledSelector},
        rules::{RuleNumber, RuleSelectors, Rules},
    },
};

/// Rules in the order of their precedence, none twice.
pub struct Held<'r> {
    rules: &'r Rules,
    numbers: Vec<RuleNumber>,
}

impl<'r> Held<'r> {
    pub fn new(rules: &'r Rules, numbers: impl Iterator<Item = RuleNumber>) -> Self {
        let mut numbers: Vec<RuleNumber> = numbers.collect();
        numbers.sort_unstable();
        numbers.dedup();
        Self { rules, numbers }
    }

    /// These and others.
    pub fn and(&self, other: &Self) -> Self {
        let numbers = self.numbers.iter().chain(&other.numbers);
        Self::new(self.rules, numbers.copied())
    }

    fn each(&self) -> impl Iterator<Item = (&'r MerchandisingRule, &'r RuleSelectors)> {
        let rules = self.rules;
        let numbers = self.numbers.iter();
        numbers.map(move |number| (rules.get(*number), rules.selectors(*number)))
    }

    /// Query to answer in place of the typed one, and the id of the rewrite; of several the first.
    pub fn replacement(&self) -> Option<(String, &'r str)> {
        let mut rules = self.each();
        rules.find_map(|(rule, _)| {
            let query = rule.then.replace.as_deref()?;
            Some((format!("{FAMILY}.{}", rule.id), query))
        })
    }

    /// Where the shopper is sent; of several addresses the first.
    pub fn redirect(&self) -> Option<&'r str> {
        let mut rules = self.each();
        rules.find_map(|(rule, _)| rule.then.redirect.as_deref())
    }

    pub fn banners(&self) -> Vec<v1::Banner> {
        let banners = self.each().filter_map(|(rule, _)| {
            let banner = rule.then.banner.as_ref()?;
            let (text, values) = match banner {
                Banner::Text(text) => (text.clone(), Default::default()),
                Banner::Values(values) => (String::new(), values.clone().into_iter().collect()),
            };
            Some(v1::Banner {
                rule: rule.id.clone(),
                text,
                values,
            })
        });
        banners.collect()
    }

    /// What must not be shown.
    pub fn hidden(&self) -> Vec<&'r CompiledSelector> {
        let rules = self.each();
        rules
            .filter_map(|(_, selectors)| selectors.hide.as_ref())
            .collect()
    }

    /// How far items move.
    pub fn shifts(&self) -> Shifts<'r> {
        let mut shifts = Shifts::default();
        for (rule, selectors) in self.each() {
            let then = &rule.then;
            for (shift, selector, sign) in [
                (&then.boost, &selectors.boost, 1.0),
                (&then.bury, &selectors.bury, -1.0),
            ] {
                if let (Some(shift), Some(selector)) = (shift, selector) {
                    shifts.add(selector, sign * shift.by);
                }
            }
        }
        shifts
    }

    /// Items with their places, best place first. Where rules disagree about an item or a place, the first one wins.
    pub fn pins(&self) -> Vec<PlacedPin<'r>> {
        let mut pins: Vec<PlacedPin<'r>> = Vec::new();
        for (rule, _) in self.each() {
            for pin in &rule.then.pins {
                let place = pin.position - 1;
                let is_free =
                    |known: &PlacedPin<'r>| known.item != pin.item && known.place != place;
                if pins.iter().all(is_free) {
                    pins.push(PlacedPin {
                        item: &pin.item,
                        place,
                        rule: &rule.id,
                    });
                }
            }
        }
        pins.sort_by_key(|pin| pin.place);
        pins
    }

    /// What each rule did: to the items it pinned (by rule id), to those it hid, and to those that were ranked.
    pub fn applied(
        &self,
        pinned: &[(Ordinal, String)],
        hidden: &[Ordinal],
        ranked: &[Ordinal],
        columns: &Columns,
    ) -> Vec<v1::AppliedRule> {
        let count = |selector: &Option<CompiledSelector>, items: &[Ordinal]| {
            let selected = selector.as_ref().map_or(0, |selector| {
                let items = items.iter();
                items
                    .filter(|item| is_selected(selector, columns, **item))
                    .count()
            });
            selected as u64
        };
        let applied = self.each().map(|(rule, selectors)| v1::AppliedRule {
            rule: rule.id.clone(),
            reason: rule.reason.clone(),
            pinned: pinned.iter().filter(|(_, by)| *by == rule.id).count() as u64,
            hidden: count(&selectors.hide, hidden),
            boosted: count(&selectors.boost, ranked),
            buried: count(&selectors.bury, ranked),
        });
        applied.collect()
    }
}

fn is_selected(selector: &CompiledSelector, columns: &Columns, ordinal: Ordinal) -> bool {
    let row = columns.row(ordinal);
    row.is_some_and(|row| selector.selects(&columns.hot(ordinal), row))
}
