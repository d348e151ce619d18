//! Reads `common/expansions.tsv` and `<region>/expansions.tsv`: words that stand near a word in meaning, as people
//! reviewed them.

use std::collections::BTreeMap;

use sampan_analyzers::{DictionaryFiles, EXPANSIONS_FILE, ExpansionTable};

use crate::base::{
    error::{Result, SampanError},
    region::RegionTable,
};

/// Folder of what all regions share.
pub const COMMON: &str = "common";

/// By folder: a region's code, or [`COMMON`].
pub type ExpansionTables = BTreeMap<String, ExpansionTable>;

/// Reads the tables that are there; the error names file and line.
pub fn read(files: &DictionaryFiles, regions: &RegionTable) -> Result<ExpansionTables> {
    let codes = regions.iter().map(|(_, region)| region.code.as_str());
    let mut tables = ExpansionTables::new();
    for folder in codes.chain([COMMON]) {
        let path = format!("{folder}/{EXPANSIONS_FILE}");
        if let Some(text) = files.get(&path) {
            tables.insert(folder.to_owned(), parse(&path, text)?);
        }
    }
    Ok(tables)
}

fn parse(path: &str, text: &str) -> Result<ExpansionTable> {
    ExpansionTable::parse(path, text).map_err(|error| SampanError::Configuration {
        place: format!("{path}:{}", error.line.max(1)),
        reason: format!("{}: {}", error.column, error.reason),
    })
}
