//! The written sets as files, and catalogues made of their titles.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sampan_proto::v1;
use serde::{Deserialize, de::DeserializeOwned};

use super::regions::REGIONS;
use crate::{evaluate::catalogue::Catalogue, import::batch::BATCH_ITEMS_MAX};

/// One thing and what each region's shoppers and sellers call it.
#[derive(Debug, Clone, Deserialize)]
pub struct RegionPair {
    pub id: String,
    pub hk: String,
    pub tw: String,
    pub cn: String,
    pub department: String,
}

/// A query, a title that must not come for it, and one that must.
#[derive(Debug, Clone, Deserialize)]
pub struct Trap {
    pub id: String,
    pub query: String,
    /// Region that the query comes from.
    pub region: String,
    pub wrong_title: String,
    pub right_title: String,
}

/// A want as it is spoken, and as it is typed by who writes only the thing.
#[derive(Debug, Clone, Deserialize)]
pub struct SpokenPair {
    pub id: String,
    /// Region that the query comes from.
    pub region: String,
    pub spoken: String,
    pub written: String,
}

/// A written text in which nothing is spoken.
#[derive(Debug, Clone, Deserialize)]
pub struct Control {
    pub text: String,
}

/// Why a set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    #[error("{}: {source}", path.display())]
    Table { path: PathBuf, source: csv::Error },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        path: PathBuf,
        /// From 1.
        line: usize,
        reason: String,
    },
    #[error("{}: holds no {what}", path.display())]
    Empty { path: PathBuf, what: &'static str },
    #[error("{}: {lines} lines, and {other_lines} in {}: want the same sentences line by line", path.display(), other.display())]
    NotParallel {
        path: PathBuf,
        lines: usize,
        other: PathBuf,
        other_lines: usize,
    },
}

/// Reads a tab-separated table with a header line.
///
/// # Errors
/// The file cannot be read, or a line lacks a column.
pub fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, SetError> {
    let fault = |source| SetError::Table {
        path: path.to_owned(),
        source,
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .from_path(path)
        .map_err(fault)?;
    reader.deserialize().map(|row| row.map_err(fault)).collect()
}

/// Reads a text.
///
/// # Errors
/// The file cannot be read, or is no UTF-8; the line is named.
pub fn text(path: &Path) -> Result<String, SetError> {
    let bytes = fs::read(path).map_err(|source| SetError::Io {
        path: path.to_owned(),
        source,
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let read = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        SetError::Line {
            path: path.to_owned(),
            line: 1 + read.iter().filter(|byte| **byte == b'\n').count(),
            reason: "no UTF-8".to_owned(),
        }
    })
}

/// The cases, if there are any.
///
/// # Errors
/// There is none. `what`: what each would be.
pub fn filled<T>(path: &Path, cases: Vec<T>, what: &'static str) -> Result<Vec<T>, SetError> {
    match cases.is_empty() {
        false => Ok(cases),
        true => Err(SetError::Empty {
            path: path.to_owned(),
            what,
        }),
    }
}

/// Reads lines that are not blank.
///
/// # Errors
/// As [`text`], or there is no such line. `what`: what each is.
pub fn lines(path: &Path, what: &'static str) -> Result<Vec<String>, SetError> {
    let text = text(path)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    filled(path, lines.map(str::to_owned).collect(), what)
}

/// Reads sentences, one a line, whose words may have spaces between them.
///
/// # Errors
/// The file cannot be read.
pub fn sentences(path: &Path) -> Result<Vec<String>, SetError> {
    let text = text(path)?;
    let joined = text.lines().map(|line| line.replace(' ', ""));
    Ok(joined.filter(|line| !line.is_empty()).collect())
}

/// An item of one title.
pub fn titled(id: String, title: &str) -> v1::Item {
    v1::Item {
        id,
        titles: vec![v1::Title {
            text: title.to_owned(),
            language: String::new(),
        }],
        ..Default::default()
    }
}

/// A catalogue that is sold in all [`REGIONS`].
///
/// # Errors
/// A region is not built in.
pub fn catalogue(items: impl Iterator<Item = v1::Item>) -> anyhow::Result<Catalogue> {
    let items: Vec<v1::Item> = items.collect();
    let mut catalogue = Catalogue {
        batches: items.chunks(BATCH_ITEMS_MAX).map(<[_]>::to_vec).collect(),
        refused: 0,
    };
    for region in REGIONS {
        catalogue.sell_in(region)?;
    }
    Ok(catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_by_column_names_and_a_wrong_line_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("s.tsv");
        fs::write(&path, "text\tnote\n平底鍋 28\"\t\n").unwrap();
        let controls: Vec<Control> = rows(&path).unwrap();
        assert_eq!(controls[0].text, "平底鍋 28\"");
        let wrong = rows::<SpokenPair>(&path).unwrap_err().to_string();
        assert!(wrong.contains("s.tsv") && wrong.contains("id"), "{wrong}");
        fs::write(&path, "你 在 找 什麼 ？\n\n收拾 好\n").unwrap();
        assert_eq!(sentences(&path).unwrap(), ["你在找什麼？", "收拾好"]);
    }

    #[test]
    fn titles_are_sold_in_all_regions() {
        let items = catalogue(std::iter::once(titled("a".into(), "雪櫃"))).unwrap();
        let regions = &items.batches[0][0].offers;
        let regions: Vec<&str> = regions.iter().map(|offer| offer.region.as_str()).collect();
        assert_eq!(regions, REGIONS);
    }
}
