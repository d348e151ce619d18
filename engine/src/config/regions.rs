//! Reads `<region>/region.toml`.

use sampan_analyzers::DictionaryFiles;

use crate::base::{
    error::{Result, SampanError},
    money::RateTable,
    region::{Region, RegionTable},
};

/// Every folder with a `region.toml` is a region.
pub fn read(files: &DictionaryFiles) -> Result<RegionTable> {
    let mut regions = Vec::new();
    for code in files.regions() {
        let path = format!("{code}/region.toml");
        let text = files.get(&path).unwrap_or_default();
        let file = sampan_analyzers::Region::parse(&path, text).map_err(|error| {
            SampanError::Configuration {
                place: format!("{path}:{}", error.line),
                reason: error.reason,
            }
        })?;
        regions.push(Region {
            name: file.name.get("zh").unwrap_or(&code).clone(),
            code,
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
