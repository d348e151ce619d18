//! Reads `<region>/restrictions.toml`: what may not be sold or shipped to that region.
//!
//! `common/restrictions.toml` holds for every destination. A rule applies to an item that meets every selector it
//! names; each selector is met by any of its values.

use sampan_analyzers::DictionaryFiles;

use super::place;
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
    /// Seconds since 1970 from which it holds; always when absent.
    pub from: Option<i64>,
    /// Seconds since 1970 until which it holds; always when absent.
    pub until: Option<i64>,
}

/// Which items a rule is about. An empty list does not select; at least one is filled.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selector {
    /// Category paths; the whole subtree.
    pub categories: Vec<Vec<String>>,
    pub brands: Vec<String>,
    pub tags: Vec<String>,
    pub items: Vec<String>,
    /// Countries of origin.
    pub origins: Vec<String>,
    /// Attribute name and value.
    pub attributes: Vec<(String, String)>,
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

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AttributeRow {
    name: String,
    value: String,
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
        let from = moment(row.from).map_err(|reason| fail("from", reason))?;
        let until = moment(row.until).map_err(|reason| fail("until", reason))?;
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(fail("until", "lies before `from`"));
        }
        let selector = Selector {
            categories: row.category.iter().map(|path| split_path(path)).collect(),
            brands: row.brand,
            tags: row.tag,
            items: row.item,
            // As items hold it.
            origins: row
                .origin
                .iter()
                .map(|code| code.to_ascii_lowercase())
                .collect(),
            attributes: row
                .attribute
                .into_iter()
                .map(|row| (row.name, row.value))
                .collect(),
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
            from,
            until,
        });
    }
    Ok(rules)
}

fn split_path(path: &str) -> Vec<String> {
    path.split('>')
        .map(|level| level.trim().to_owned())
        .collect()
}

/// Seconds since 1970 of a TOML date (its start, UTC) or date-time (UTC when it has no offset).
pub(super) fn moment(value: Option<toml::value::Datetime>) -> Result<Option<i64>, &'static str> {
    let Some(value) = value else {
        return Ok(None);
    };
    let date = value.date.ok_or("needs a date")?;
    let days = days_since_1970(
        i64::from(date.year),
        i64::from(date.month),
        i64::from(date.day),
    );
    let mut seconds = days * 86_400;
    if let Some(time) = value.time {
        let second = time.second.unwrap_or(0);
        seconds += i64::from(time.hour) * 3_600 + i64::from(time.minute) * 60 + i64::from(second);
    }
    if let Some(toml::value::Offset::Custom { minutes }) = value.offset {
        seconds -= i64::from(minutes) * 60;
    }
    Ok(Some(seconds))
}

/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_seconds() {
        assert_eq!(days_since_1970(1970, 1, 1), 0);
        assert_eq!(days_since_1970(2000, 3, 1), 11_017);
        assert_eq!(days_since_1970(2026, 11, 22), 20_779);
    }

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
