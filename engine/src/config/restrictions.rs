//! Reads `<region>/restrictions.toml`: what may not be sold or shipped to that region.
//!
//! `common/restrictions.toml` holds for every destination. A rule applies to an item that meets every selector it
//! names; each selector is met by any of its values.

use sampan_analyzers::DictionaryFiles;

use super::{
    place,
    selector::{AttributeRow, Selector, category_paths, lower_case},
    validity::Validity,
};
use crate::base::{
    error::Result,
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
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RestrictionsFile {
    #[serde(default)]
    restriction: Vec<RestrictionRow>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RestrictionRow {
    id: String,
    reason: String,
    source: String,
    #[serde(default)]
    category: Vec<String>,
    #[serde(default)]
    brand: Vec<String>,
    #[serde(default)]
    tag: Vec<String>,
    #[serde(default)]
    item: Vec<String>,
    #[serde(default)]
    origin: Vec<String>,
    #[serde(default)]
    attribute: Vec<AttributeRow>,
    #[serde(default)]
    ship_modes: Vec<ShipMode>,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
}

/// File of a region's (or the common) restrictions.
pub fn path(region: &str) -> String {
    format!("{region}/restrictions.toml")
}

/// All rules of all destinations; the error names file, line and rule.
pub fn read(files: &DictionaryFiles, regions: &RegionTable) -> Result<Vec<Restriction>> {
    let every: Vec<RegionIndex> = regions.iter().map(|(index, _)| index).collect();
    let mut rules = read_file(files, "common", &every)?;
    for (index, region) in regions.iter() {
        rules.extend(read_file(files, &region.code, &[index])?);
    }
    Ok(rules)
}

/// Hash of everything the rules are read from.
pub fn version(files: &DictionaryFiles, regions: &RegionTable) -> String {
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
) -> Result<Vec<Restriction>> {
    let path = path(folder);
    let Some(text) = files.get(&path) else {
        return Ok(Vec::new());
    };
    let file: RestrictionsFile = place::parse(&path, text)?;
    let mut rules = Vec::new();
    for row in file.restriction {
        let mark = format!("\"{}\"", row.id);
        let fail = |key: &str, reason: &str| {
            place::wrong(&path, text, &mark, key, format!("{}: {reason}", row.id))
        };
        let twice = rules.iter().any(|rule: &Restriction| rule.id == row.id);
        if row.id.is_empty() || twice {
            return Err(fail("id", "an id is needed, and only once a file"));
        }
        let validity = Validity::read(row.from.as_ref(), row.until.as_ref())
            .map_err(|(key, reason)| fail(key, reason))?;
        let selector = Selector {
            categories: category_paths(&row.category),
            brands: row.brand,
            tags: row.tag,
            items: row.item,
            origins: lower_case(&row.origin),
            attributes: row.attribute.into_iter().map(AttributeRow::pair).collect(),
            ..Selector::default()
        };
        if selector == Selector::default() {
            return Err(fail(
                "id",
                "selects nothing: name category, brand, tag, item, origin or attribute",
            ));
        }
        let modes = row
            .ship_modes
            .iter()
            .fold(ModeSet::NONE, |set, mode| set.with(*mode));
        rules.push(Restriction {
            id: row.id,
            reason: row.reason,
            source: row.source,
            destinations: destinations.to_vec(),
            selector,
            modes: if modes.is_empty() {
                ModeSet::ALL
            } else {
                modes
            },
            validity,
        });
    }
    Ok(rules)
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
}
