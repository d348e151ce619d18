//! Reads `<region>/restrictions.toml`: what may not be sold or shipped to that region.
//!
//! `common/restrictions.toml` holds for every destination. A rule applies to an item that meets every selector it
//! names; each selector is met by any of its values. A document may state until when it is vouched for (`valid_until`);
//! after that it is read strictly ([`Restriction::is_expired`]).

use std::collections::HashSet;

use sampan_analyzers::DictionaryFiles;

use super::{
    place,
    selector::{AttributeRow, Selector, category_paths, lower_case},
    validity::{self, Validity},
};
use crate::base::{
    error::{Result, SampanError},
    region::{RegionIndex, RegionTable},
    ship::{ModeSet, ShipMode},
};

/// A rule in force, or waiting to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Restriction {
    pub id: String,
    /// Shown to merchandisers and in answers.
    pub reason: String,
    /// Law, carrier's rule or decision that it follows.
    pub source: String,
    /// Regions it bars shipping to.
    pub destinations: Vec<RegionIndex>,
    pub selector: Selector,
    /// Modes it bars; all of them means not for sale there.
    pub modes: ModeSet,
    pub validity: Validity,
    /// Seconds since 1970 from which nobody vouches for the document that it stands in; never when absent.
    pub expires: Option<i64>,
}

impl Restriction {
    /// Whether its document has expired. It is then read strictly: it no longer ends, and an item whose origin or category
    /// is unknown counts as one that it selects.
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    pub fn holds(&self, now: i64) -> bool {
        let at_expiry = self.expires.filter(|expires| *expires <= now);
        let has_ended = |until: i64| until <= at_expiry.unwrap_or(now);
        self.validity.from.is_none_or(|from| from <= now)
            && !self.validity.until.is_some_and(has_ended)
    }
}

/// All restrictions of all destinations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Restrictions {
    pub rules: Vec<Restriction>,
    /// Path of each document that expires, and when (seconds since 1970).
    pub expiries: Vec<(String, i64)>,
    /// Hash of everything they were read from.
    pub version: String,
}

impl Restrictions {
    /// Documents that have expired.
    pub fn expired(&self, now: i64) -> impl Iterator<Item = &(String, i64)> {
        self.expiries.iter().filter(move |(_, at)| *at <= now)
    }
}

/// A `restrictions.toml`.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct RestrictionsFile {
    /// Until when the document is vouched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<toml::value::Datetime>,
    #[serde(default)]
    pub restriction: Vec<RestrictionRow>,
}

/// A rule as it is written.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct RestrictionRow {
    pub id: String,
    pub reason: String,
    pub source: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brand: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origin: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribute: Vec<AttributeRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ship_modes: Vec<ShipMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<toml::value::Datetime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<toml::value::Datetime>,
}

impl RestrictionRow {
    /// The rule that it states, for some destinations; an error names the key and what is wrong with it.
    pub fn rule(
        &self,
        destinations: &[RegionIndex],
        expires: Option<i64>,
    ) -> Result<Restriction, (&'static str, &'static str)> {
        if self.id.is_empty() {
            return Err(("id", "must not be empty"));
        }
        let validity = Validity::read(self.from.as_ref(), self.until.as_ref())?;
        let attributes = self.attribute.iter();
        let selector = Selector {
            categories: category_paths(&self.category),
            brands: self.brand.clone(),
            tags: self.tag.clone(),
            items: self.item.clone(),
            origins: lower_case(&self.origin),
            attributes: attributes.map(|row| row.clone().pair()).collect(),
            ..Selector::default()
        };
        if selector == Selector::default() {
            return Err((
                "id",
                "selects nothing: name category, brand, tag, item, origin or attribute",
            ));
        }
        let modes = self.ship_modes.iter();
        let modes = modes.fold(ModeSet::NONE, |set, mode| set.with(*mode));
        Ok(Restriction {
            id: self.id.clone(),
            reason: self.reason.clone(),
            source: self.source.clone(),
            destinations: destinations.to_vec(),
            selector,
            modes: if modes.is_empty() {
                ModeSet::ALL
            } else {
                modes
            },
            validity,
            expires,
        })
    }
}

/// File of a region's (or the common) restrictions.
pub fn path(region: &str) -> String {
    format!("{region}/restrictions.toml")
}

/// All rules of all destinations; the error names file, line and rule.
pub fn read(files: &DictionaryFiles, regions: &RegionTable) -> Result<Restrictions> {
    let every: Vec<RegionIndex> = regions.iter().map(|(index, _)| index).collect();
    let mut restrictions = Restrictions {
        version: version(files, regions),
        ..Restrictions::default()
    };
    read_file(files, "common", &every, &mut restrictions)?;
    for (index, region) in regions.iter() {
        read_file(files, &region.code, &[index], &mut restrictions)?;
    }
    Ok(restrictions)
}

/// Refuses files that lack restrictions which were in force before: a file that vanishes may be one that is being copied or
/// cannot be read, and what it bars must stay barred. An empty file says that there are none. `dropped`: path of a
/// document that was withdrawn just now.
pub fn check_kept(
    before: &DictionaryFiles,
    after: &DictionaryFiles,
    dropped: Option<&str>,
) -> Result<()> {
    for known in before.0.keys() {
        let Some(folder) = known.strip_suffix("/restrictions.toml") else {
            continue;
        };
        let has_region =
            folder == "common" || after.get(&format!("{folder}/region.toml")).is_some();
        if has_region && after.get(known).is_none() && dropped != Some(known) {
            return Err(SampanError::Configuration {
                place: known.clone(),
                reason: "is gone; its rules stay until an empty file says that there are none"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

fn version(files: &DictionaryFiles, regions: &RegionTable) -> String {
    let mut hash = blake3::Hasher::new();
    let codes = regions.iter().map(|(_, region)| region.code.as_str());
    for code in std::iter::once("common").chain(codes) {
        hash.update(code.as_bytes());
        hash.update(files.get(&path(code)).unwrap_or_default().as_bytes());
    }
    hash.finalize().to_hex()[..12].to_owned()
}

fn read_file(
    files: &DictionaryFiles,
    folder: &str,
    destinations: &[RegionIndex],
    restrictions: &mut Restrictions,
) -> Result<()> {
    let path = path(folder);
    let Some(text) = files.get(&path) else {
        return Ok(());
    };
    let file: RestrictionsFile = place::parse(&path, text)?;
    let expires = file.valid_until.as_ref().map(validity::seconds);
    let expires = expires
        .transpose()
        .map_err(|reason| place::wrong(&path, text, "", "valid_until", reason.to_owned()))?;
    restrictions
        .expiries
        .extend(expires.map(|at| (path.clone(), at)));
    let mut ids = HashSet::new();
    for row in &file.restriction {
        let mark = format!("\"{}\"", row.id);
        let fail = |key: &str, reason: &str| {
            place::wrong(&path, text, &mark, key, format!("{}: {reason}", row.id))
        };
        if !ids.insert(&row.id) {
            return Err(fail("id", "an id may stand only once in a file"));
        }
        let rule = row.rule(destinations, expires);
        restrictions
            .rules
            .push(rule.map_err(|(key, reason)| fail(key, reason))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_selects_nothing_is_refused_with_its_line() {
        let text = "\n[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\n";
        let files = DictionaryFiles([(path("common"), text.to_owned())].into());
        let error = read(&files, &RegionTable::default()).unwrap_err();
        assert!(
            error.to_string().contains("common/restrictions.toml:3"),
            "{error}"
        );
    }

    #[test]
    fn rules_of_an_expired_document_no_longer_end() {
        let rule = |until, expires| Restriction {
            validity: Validity {
                from: Some(10),
                until,
            },
            expires,
            ..RestrictionRow {
                id: "x".to_owned(),
                tag: vec!["a".to_owned()],
                ..RestrictionRow::default()
            }
            .rule(&[], None)
            .expect("a rule")
        };
        let vouched = rule(Some(30), None);
        assert!(!vouched.holds(9) && vouched.holds(29) && !vouched.holds(30));
        let expired = rule(Some(30), Some(20));
        assert!(expired.holds(19) && expired.holds(30) && expired.holds(i64::MAX));
        assert!(!expired.is_expired(19) && expired.is_expired(20));
        let over_before = rule(Some(15), Some(20));
        assert!(!over_before.holds(16) && !over_before.holds(25));
    }

    #[test]
    fn restrictions_do_not_vanish_by_themselves() {
        let files = |paths: &[&str]| {
            let texts = paths.iter().map(|path| ((*path).to_owned(), String::new()));
            DictionaryFiles(texts.collect())
        };
        let (rules, region) = ("hk/restrictions.toml", "hk/region.toml");
        let before = files(&[region, rules, "common/restrictions.toml"]);
        let gone = files(&[region, "common/restrictions.toml"]);
        assert!(check_kept(&before, &before, None).is_ok());
        let error = check_kept(&before, &gone, None).expect_err("gone");
        assert!(error.to_string().starts_with(rules), "{error}");
        assert!(
            check_kept(&before, &gone, Some(rules)).is_ok(),
            "withdrawn on purpose"
        );
        assert!(check_kept(&before, &files(&["common/restrictions.toml"]), None).is_ok());
        assert!(check_kept(&before, &files(&[region, rules]), None).is_err());
    }

    #[test]
    fn a_document_says_until_when_it_is_vouched_for() {
        let text = "valid_until = 1970-01-02\n";
        let files = DictionaryFiles([(path("common"), text.to_owned())].into());
        let read = read(&files, &RegionTable::default()).expect("valid");
        assert_eq!(read.expiries, [(path("common"), 86_400)]);
        assert_eq!(read.expired(86_399).count(), 0);
        assert_eq!(read.expired(86_400).count(), 1);
    }
}
