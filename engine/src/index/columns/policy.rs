//! Restrictions, compiled against the catalogue's names: what an item may not use to reach each destination.

use super::{
    names::Names,
    row::{Hot, Row},
    selector::CompiledSelector,
};
use crate::{
    base::{region::RegionIndex, ship::RegionModes},
    config::restrictions::Restriction,
};

/// All restrictions, ready to be applied to rows.
#[derive(Default)]
pub struct Policy {
    /// Version of the restrictions, as answers state it.
    pub version: String,
    rules: Vec<CompiledRule>,
    /// Moments (seconds since 1970) at which a rule begins or ends, ascending.
    turns: Vec<i64>,
}

struct CompiledRule {
    rule: Restriction,
    selector: CompiledSelector,
}

impl Policy {
    /// Compiles rules. `key` folds script and case, as the names were folded.
    pub fn compile(
        version: String,
        rules: &[Restriction],
        names: &Names,
        key: &dyn Fn(&str) -> String,
    ) -> Self {
        let mut turns: Vec<i64> = rules
            .iter()
            .flat_map(|rule| rule.validity.turns())
            .collect();
        turns.sort_unstable();
        let rules = rules
            .iter()
            .map(|rule| CompiledRule {
                selector: CompiledSelector::compile(&rule.selector, names, key),
                rule: rule.clone(),
            })
            .collect();
        Self {
            version,
            rules,
            turns,
        }
    }

    /// Modes taken away from an item, by destination, at a moment.
    pub fn barred(&self, hot: &Hot, row: &Row, now: i64) -> RegionModes {
        let mut barred = RegionModes::default();
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.holds(now) && rule.selects(hot, row))
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
            .filter(move |rule| rule.holds(now) && rule.rule.destinations.contains(&destination))
            .filter(|rule| rule.selects(hot, row))
            .map(|rule| &rule.rule)
    }

    /// True when a rule began or ended after `before` and not after `now`.
    pub fn turned(&self, before: i64, now: i64) -> bool {
        self.turns.iter().any(|turn| *turn > before && *turn <= now)
    }
}

impl CompiledRule {
    fn holds(&self, now: i64) -> bool {
        self.rule.validity.holds(now)
    }

    fn selects(&self, hot: &Hot, row: &Row) -> bool {
        self.selector.selects(hot, row)
    }
}
