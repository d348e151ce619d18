//! Reads `common/rules.toml` and `<region>/rules.toml`: what merchandisers wish for the answers to single queries.
//!
//! A rule holds for a query when every condition that it names is met, and then does all that it states. Rules that
//! contradict each other are refused together (`conflicts`); where that cannot be told before a query comes, the first one
//! wins: a region's before the common ones, else in the order of the file.

mod conflicts;
mod overlap;
mod query_keys;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use sampan_analyzers::DictionaryFiles;

use super::{place, selector::Selector, validity::Validity};
use crate::base::{
    error::{Result, SampanError},
    limits,
    region::{RegionIndex, RegionTable},
};
pub use conflicts::check_conflicts;
pub use query_keys::QueryKeys;

/// Name of a region's (or the common) rules.
pub const FILE: &str = "rules.toml";

/// A rule in force, or waiting to be.
#[derive(Debug, Clone, PartialEq)]
pub struct MerchandisingRule {
    pub id: String,
    /// Shown to merchandisers and in answers.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// File and line that it stands in (`hk/rules.toml:12`).
    pub place: String,
    /// Region that it is for; `None`: every one.
    pub region: Option<RegionIndex>,
    pub when: Condition,
    pub then: Actions,
}

/// When a rule holds. What is empty asks for nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// The whole query, without regard to script, width, case and spaces.
    pub queries: Vec<String>,
    /// Neighbouring words of the query.
    pub contains: Vec<String>,
    /// Category paths that the query is about.
    pub categories: Vec<Vec<String>>,
    /// Attributes of the user context, all of which must be equal.
    pub segment: BTreeMap<String, String>,
    pub validity: Validity,
}

impl MerchandisingRule {
    /// Whether another says the same, wherever it stands.
    pub fn is_like(&self, other: &Self) -> bool {
        self.id == other.id
            && self.reason == other.reason
            && self.owner == other.owner
            && self.region == other.region
            && self.when == other.when
            && self.then == other.then
    }
}

impl Condition {
    /// Whether it holds whatever is asked for, and where nothing is.
    pub fn is_of_any_query(&self) -> bool {
        self.queries.is_empty() && self.contains.is_empty() && self.categories.is_empty()
    }

    /// Whether a user context is of its segment.
    pub fn is_for(&self, attributes: &HashMap<String, String>) -> bool {
        let mut segment = self.segment.iter();
        segment.all(|(name, value)| attributes.get(name) == Some(value))
    }
}

/// What a rule does; at least one of these.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Actions {
    pub pins: Vec<Pin>,
    pub hide: Option<Selector>,
    /// Lifts what is selected.
    pub boost: Option<Shift>,
    /// Lowers what is selected.
    pub bury: Option<Shift>,
    /// Address that the shopper is sent to: `https://…` or `/…`.
    pub redirect: Option<String>,
    /// Query that is answered in place of the typed one.
    pub replace: Option<String>,
    pub banner: Option<Banner>,
}

/// An item with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub item: String,
    /// From 1, the best place; at most [`limits::PIN_POSITION_MAX`].
    pub position: usize,
}

/// Items that move, and how far.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    pub selector: Selector,
    /// Share of what the profile lets rules move an item, above 0 and at most 1.
    pub by: f64,
}

/// What a page shows beside the hits; the node hands it on as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Banner {
    Text(String),
    Values(BTreeMap<String, String>),
}

/// All rules in the order of their precedence; the error names file, line and rule.
pub fn read(files: &DictionaryFiles, regions: &RegionTable) -> Result<Vec<MerchandisingRule>> {
    let common = read_file(files, "common", None)?;
    let mut rules: Vec<MerchandisingRule> = Vec::new();
    for (index, region) in regions.iter() {
        let own = read_file(files, &region.code, Some(index))?;
        for rule in &own {
            if let Some(known) = common.iter().find(|known| known.id == rule.id) {
                let reason = format!("{:?}: the id is taken at {}", rule.id, known.place);
                return Err(SampanError::Configuration {
                    place: rule.place.clone(),
                    reason,
                });
            }
        }
        rules.extend(own);
    }
    rules.extend(common);
    Ok(rules)
}

fn read_file(
    files: &DictionaryFiles,
    folder: &str,
    region: Option<RegionIndex>,
) -> Result<Vec<MerchandisingRule>> {
    let path = format!("{folder}/{FILE}");
    let Some(text) = files.get(&path) else {
        return Ok(Vec::new());
    };
    let file: rows::RulesFile = place::parse(&path, text)?;
    if file.rule.len() > limits::RULES_MAX {
        let reason = format!("{} rules; at most {}", file.rule.len(), limits::RULES_MAX);
        return Err(SampanError::Configuration {
            place: path,
            reason,
        });
    }
    let mut rules: Vec<MerchandisingRule> = Vec::with_capacity(file.rule.len());
    let mut places: HashMap<String, String> = HashMap::new();
    for row in file.rule {
        let line = place::line_at(text, row.id.span().start);
        let id = row.id.get_ref().clone();
        let own_place = format!("{path}:{line}");
        if let Some(known) = places.insert(id.clone(), own_place.clone()) {
            return Err(SampanError::Configuration {
                place: own_place,
                reason: format!("{id:?}: id: stands at {known} already"),
            });
        }
        let rule = row.rule(own_place, region).map_err(|fault| {
            let line = place::line_of_field(text, line, fault.key());
            SampanError::Configuration {
                place: format!("{path}:{line}"),
                reason: format!("{id:?}: {}: {}", fault.field, fault.reason),
            }
        })?;
        rules.push(rule);
    }
    Ok(rules)
}
