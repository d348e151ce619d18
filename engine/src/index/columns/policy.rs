//! Restrictions, compiled against the catalogue's names: what an item may not use to reach each destination.

use std::collections::HashMap;

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

/// Some rules of a policy, each as it is read at a moment.
#[derive(Default)]
pub struct Rules<'p>(Vec<RuleInForce<'p>>);

struct CompiledRule {
    rule: Restriction,
    selector: CompiledSelector,
}

/// A rule that holds.
#[derive(Clone, Copy)]
struct RuleInForce<'p> {
    compiled: &'p CompiledRule,
    /// Whether its document has expired: it is then read strictly.
    is_expired: bool,
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
        barred_by(self.in_force(now), hot, row)
    }

    /// Rules that hold at `now` and did not at `before`, or were not read as strictly.
    pub fn begun(&self, before: i64, now: i64) -> Rules<'_> {
        if !self.turned(before, now) {
            return Rules::default();
        }
        let begun = |rule: &RuleInForce<'_>| {
            let was = rule.compiled.in_force(before);
            was.is_none_or(|was| was.is_expired != rule.is_expired)
        };
        Rules(self.in_force(now).filter(begun).collect())
    }

    /// Rules that hold under one of two policies, each at its moment, and not alike under the other: what else an item
    /// meets is the same under both. `old` must know the names of every item that it has judged.
    pub fn changed<'p>((old, before): (&'p Self, i64), (new, now): (&'p Self, i64)) -> Rules<'p> {
        let mut changed = lacking(old.in_force(before), new.in_force(now));
        changed.extend(lacking(new.in_force(now), old.in_force(before)));
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
        self.in_force(now)
            .filter(move |rule| rule.compiled.rule.destinations.contains(&destination))
            .filter(move |rule| rule.selects(hot, row))
            .map(|rule| &rule.compiled.rule)
    }

    fn in_force(&self, now: i64) -> impl Iterator<Item = RuleInForce<'_>> {
        self.rules.iter().filter_map(move |rule| rule.in_force(now))
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
    rules: impl Iterator<Item = RuleInForce<'p>>,
    hot: &Hot,
    row: &Row,
) -> RegionModes {
    let mut barred = RegionModes::default();
    for rule in rules.filter(|rule| rule.selects(hot, row)) {
        let rule = &rule.compiled.rule;
        for destination in &rule.destinations {
            barred.add(*destination, rule.modes);
        }
    }
    barred
}

/// Rules of `some` that are not among the `others`, or not alike.
fn lacking<'p>(
    some: impl Iterator<Item = RuleInForce<'p>>,
    others: impl Iterator<Item = RuleInForce<'p>>,
) -> Vec<RuleInForce<'p>> {
    let mut by_id: HashMap<&str, Vec<RuleInForce<'p>>> = HashMap::new();
    for other in others {
        by_id
            .entry(&other.compiled.rule.id)
            .or_default()
            .push(other);
    }
    let is_lacking = |rule: &RuleInForce<'p>| {
        let is_same = |other: &RuleInForce<'p>| {
            other.compiled.rule == rule.compiled.rule && other.is_expired == rule.is_expired
        };
        let alike = by_id.get(rule.compiled.rule.id.as_str());
        !alike.is_some_and(|alike| alike.iter().any(is_same))
    };
    some.filter(is_lacking).collect()
}

impl CompiledRule {
    /// As it is read at a moment, if it holds then.
    fn in_force(&self, now: i64) -> Option<RuleInForce<'_>> {
        self.rule.holds(now).then(|| RuleInForce {
            compiled: self,
            is_expired: self.rule.is_expired(now),
        })
    }
}

impl RuleInForce<'_> {
    fn selects(&self, hot: &Hot, row: &Row) -> bool {
        let selector = &self.compiled.selector;
        match self.is_expired {
            true => selector.may_select(hot, row),
            false => selector.selects(hot, row),
        }
    }
}
