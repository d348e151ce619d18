//! Restrictions, compiled against the catalogue's names: what an item may not use to reach each destination.

use std::collections::HashMap;

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

/// Some rules of a policy.
#[derive(Default)]
pub struct Rules<'p>(Vec<&'p CompiledRule>);

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
        barred_by(self.rules.iter().filter(|rule| rule.holds(now)), hot, row)
    }

    /// Rules that hold at `now` and did not at `before`.
    pub fn begun(&self, before: i64, now: i64) -> Rules<'_> {
        if !self.turned(before, now) {
            return Rules::default();
        }
        let begun = |rule: &&CompiledRule| rule.holds(now) && !rule.holds(before);
        Rules(self.rules.iter().filter(begun).collect())
    }

    /// Rules that hold under one of two policies, each at its moment, and not under the other: what else an item meets
    /// is the same under both. `old` must know the names of every item that it has judged.
    pub fn changed<'p>((old, before): (&'p Self, i64), (new, now): (&'p Self, i64)) -> Rules<'p> {
        let old = old.rules.iter().filter(|rule| rule.holds(before));
        let new = new.rules.iter().filter(|rule| rule.holds(now));
        let mut changed = lacking(old.clone(), new.clone());
        changed.extend(lacking(new, old));
        Rules(changed)
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

impl Rules<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any of them is about an item.
    pub fn select(&self, hot: &Hot, row: &Row) -> bool {
        self.0.iter().any(|rule| rule.selects(hot, row))
    }

    /// Modes that they take away from an item, by destination.
    pub fn barred(&self, hot: &Hot, row: &Row) -> RegionModes {
        barred_by(self.0.iter().copied(), hot, row)
    }
}

fn barred_by<'p>(
    rules: impl Iterator<Item = &'p CompiledRule>,
    hot: &Hot,
    row: &Row,
) -> RegionModes {
    let mut barred = RegionModes::default();
    for rule in rules.filter(|rule| rule.selects(hot, row)) {
        for destination in &rule.rule.destinations {
            barred.add(*destination, rule.rule.modes);
        }
    }
    barred
}

/// Rules of `some` that are not among the `others`.
fn lacking<'p>(
    some: impl Iterator<Item = &'p CompiledRule>,
    others: impl Iterator<Item = &'p CompiledRule>,
) -> Vec<&'p CompiledRule> {
    let mut by_id: HashMap<&str, Vec<&Restriction>> = HashMap::new();
    for other in others {
        by_id.entry(&other.rule.id).or_default().push(&other.rule);
    }
    let is_lacking = |rule: &&CompiledRule| {
        let alike = by_id.get(rule.rule.id.as_str());
        !alike.is_some_and(|alike| alike.contains(&&rule.rule))
    };
    some.filter(is_lacking).collect()
}

impl CompiledRule {
    fn holds(&self, now: i64) -> bool {
        self.rule.validity.holds(now)
    }

    fn selects(&self, hot: &Hot, row: &Row) -> bool {
        self.selector.selects(hot, row)
    }
}
