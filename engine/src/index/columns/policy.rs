//! Restrictions, compiled against the catalogue's names: what an item may not use to reach each destination.

use super::{
    names::Names,
    row::{Hot, Row},
    selector::CompiledSelector,
};
use crate::{
    base::{region::RegionIndex, ship::RegionModes},
    config::restrictions::{Restriction, Restrictions},
};

/// All restrictions, ready to be applied to rows.
#[derive(Default)]
pub struct Policy {
    /// Version of the restrictions, as answers state it; it ends in `-expired` when one of their documents has expired.
    pub version: String,
    rules: Vec<CompiledRule>,
    /// Moments (seconds since 1970) at which a rule begins or ends or a document expires, ascending.
    turns: Vec<i64>,
}

struct CompiledRule {
    rule: Restriction,
    selector: CompiledSelector,
}

impl Policy {
    /// Compiles restrictions as they are to be read now. `key` folds script and case, as the names were folded.
    pub fn compile(
        restrictions: &Restrictions,
        names: &Names,
        key: &dyn Fn(&str) -> String,
        now: i64,
    ) -> Self {
        let rules = &restrictions.rules;
        let ends = rules.iter().flat_map(|rule| rule.validity.turns());
        let expiries = restrictions.expiries.iter().map(|(_, at)| *at);
        let mut turns: Vec<i64> = ends.chain(expiries).collect();
        turns.sort_unstable();
        let rules = rules.iter().map(|rule| CompiledRule {
            selector: CompiledSelector::compile(&rule.selector, names, key),
            rule: rule.clone(),
        });
        Self {
            version: match restrictions.expired(now).next() {
                Some(_) => format!("{}-expired", restrictions.version),
                None => restrictions.version.clone(),
            },
            rules: rules.collect(),
            turns,
        }
    }

    /// Modes taken away from an item, by destination, at a moment.
    pub fn barred(&self, hot: &Hot, row: &Row, now: i64) -> RegionModes {
        let mut barred = RegionModes::default();
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.rule.holds(now) && rule.selects(hot, row, now))
        {
            for destination in &rule.rule.destinations {
                barred.add(*destination, rule.rule.modes);
            }
        }
        barred
    }

    /// Rules that take modes from an item on its way to a destination.
    pub fn rules_on(
        &self,
        hot: &Hot,
        row: &Row,
        destination: RegionIndex,
        now: i64,
    ) -> impl Iterator<Item = &Restriction> {
        self.rules
            .iter()
            .filter(move |rule| {
                rule.rule.holds(now) && rule.rule.destinations.contains(&destination)
            })
            .filter(move |rule| rule.selects(hot, row, now))
            .map(|rule| &rule.rule)
    }

    /// True when a rule began or ended after `before` and not after `now`.
    pub fn turned(&self, before: i64, now: i64) -> bool {
        self.turns.iter().any(|turn| *turn > before && *turn <= now)
    }
}

impl CompiledRule {
    fn selects(&self, hot: &Hot, row: &Row, now: i64) -> bool {
        match self.rule.is_expired(now) {
            true => self.selector.may_select(hot, row),
            false => self.selector.selects(hot, row),
        }
    }
}
