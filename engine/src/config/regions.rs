//! Reads `<region>/region.toml`.

use sampan_analyzers::DictionaryFiles;

use super::place;
use crate::base::{
    error::{Result, SampanError},
    money::RateTable,
    region::{ReadingScript, Region, RegionTable},
};

/// What this room needs of the file; the analysers read the rest of it.
#[derive(serde::Deserialize)]
struct RegionFile {
    name: Names,
    currency: String,
    script: ReadingScript,
}

#[derive(serde::Deserialize)]
struct Names {
    zh: String,
}

/// Every folder with a `region.toml` is a region.
pub fn read(files: &DictionaryFiles) -> Result<RegionTable> {
    let mut regions = Vec::new();
    for code in files.regions() {
        let path = format!("{code}/region.toml");
        let text = files.get(&path).unwrap_or_default();
        let file: RegionFile = place::parse(&path, text)?;
        regions.push(Region {
            code,
            name: file.name.zh,
            currency: file.currency,
            script: file.script,
        });
    }
    if regions.is_empty() {
        return Err(SampanError::Configuration {
            place: "dictionaries/".into(),
            reason: "no folder holds a region.toml".into(),
        });
    }
    RegionTable::new(regions)
}

/// A region's currency must have a rate.
pub fn check_currencies(regions: &RegionTable, rates: &RateTable) -> Result<()> {
    for (_, region) in regions.iter() {
        if rates.find(&region.currency).is_none() {
            return Err(SampanError::Configuration {
                place: format!("{}/region.toml: currency", region.code),
                reason: format!("{:?} has no rate in common/rates.toml", region.currency),
            });
        }
    }
    Ok(())
}
