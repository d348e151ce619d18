//! Restrictions, compiled against the catalogue's names: what an item may not use to reach each destination.

use std::collections::HashSet;

use super::{
    names::{NameId, Names},
    row::{Hot, Row, attribute_hash},
};
use crate::{
    base::{region::RegionIndex, ship::RegionModes},
    config::restrictions::{Restriction, Selector},
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
    categories: HashSet<NameId>,
    brands: HashSet<NameId>,
    tags: HashSet<NameId>,
    attributes: HashSet<u64>,
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
            .flat_map(|rule| [rule.from, rule.until])
            .flatten()
            .collect();
        turns.sort_unstable();
        let rules = rules
            .iter()
            .map(|rule| CompiledRule {
                categories: categories(&rule.selector, names, key),
                brands: with_keys(&rule.selector.brands, key, |k| names.brands.with_key(k)),
                tags: with_keys(&rule.selector.tags, key, |k| names.tags.with_key(k)),
                attributes: rule
                    .selector
                    .attributes
                    .iter()
                    .map(|(name, value)| attribute_hash(name, value))
                    .collect(),
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
        self.rule.from.is_none_or(|from| from <= now)
            && self.rule.until.is_none_or(|until| now < until)
    }

    /// Every selector that is named must be met.
    fn selects(&self, hot: &Hot, row: &Row) -> bool {
        let selector = &self.rule.selector;
        let origin = std::str::from_utf8(&row.origin).unwrap_or_default();
        (selector.categories.is_empty() || self.categories.contains(&hot.category))
            && (selector.brands.is_empty() || self.brands.contains(&hot.brand))
            && (selector.tags.is_empty() || row.tags.iter().any(|tag| self.tags.contains(tag)))
            && (selector.items.is_empty() || selector.items.iter().any(|id| **id == *row.id))
            && (selector.origins.is_empty() || selector.origins.iter().any(|code| code == origin))
            && (selector.attributes.is_empty()
                || row
                    .attributes
                    .iter()
                    .any(|hash| self.attributes.contains(hash)))
    }
}

/// A rule's path selects every path that begins with it, compared level by level without regard to script.
fn categories(selector: &Selector, names: &Names, key: &dyn Fn(&str) -> String) -> HashSet<NameId> {
    let wanted: Vec<Vec<String>> = selector
        .categories
        .iter()
        .map(|path| path.iter().map(|level| key(level)).collect())
        .collect();
    if wanted.is_empty() {
        return HashSet::new();
    }
    let begins = |text: &str| {
        let path: Vec<String> = text.split(super::CATEGORY_SEPARATOR).map(key).collect();
        wanted.iter().any(|wanted| path.starts_with(wanted))
    };
    names
        .categories
        .iter()
        .filter(|(_, text)| begins(text))
        .map(|(id, _)| id)
        .collect()
}

fn with_keys<'n>(
    wanted: &[String],
    key: &dyn Fn(&str) -> String,
    find: impl Fn(&str) -> &'n [NameId],
) -> HashSet<NameId> {
    wanted
        .iter()
        .flat_map(|name| find(&key(name)).to_vec())
        .collect()
}
