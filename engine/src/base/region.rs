//! Regions: where a shop is seen from and where goods go. They are data; the code knows none by name.

use sampan_analyzers::DisplayScript;

use crate::base::{
    error::{Result, SampanError},
    limits,
};

/// Place of a region in the [`RegionTable`]; below [`limits::REGIONS_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionIndex(pub u8);

/// A region as its `region.toml` states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Folder name, lower case.
    pub code: String,
    /// In its own script.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    pub script: DisplayScript,
}

/// All regions of the node, sorted by code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RegionTable {
    regions: Vec<Region>,
}

impl RegionTable {
    /// Sorts the regions by code. More than [`limits::REGIONS_MAX`] are refused.
    pub fn new(mut regions: Vec<Region>) -> Result<Self> {
        if regions.len() > limits::REGIONS_MAX {
            return Err(SampanError::Configuration {
                place: "dictionaries/".into(),
                reason: format!("{} regions; at most {}", regions.len(), limits::REGIONS_MAX),
            });
        }
        regions.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(Self { regions })
    }

    /// The region of a code, exactly as written.
    pub fn find(&self, code: &str) -> Option<RegionIndex> {
        self.regions
            .binary_search_by(|region| region.code.as_str().cmp(code))
            .ok()
            .map(|place| RegionIndex(place as u8))
    }

    /// The region of a request field, or an error that names field and choices.
    pub fn require(&self, field: &str, code: &str) -> Result<RegionIndex> {
        self.find(code).ok_or_else(|| {
            let reason = if code.is_empty() {
                format!("is required; one of {}", self.codes())
            } else {
                format!("unknown region {code:?}; one of {}", self.codes())
            };
            SampanError::invalid(field, reason)
        })
    }

    pub fn get(&self, index: RegionIndex) -> &Region {
        &self.regions[index.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (RegionIndex, &Region)> {
        self.regions
            .iter()
            .enumerate()
            .map(|(place, region)| (RegionIndex(place as u8), region))
    }

    pub fn len(&self) -> usize {
        self.regions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    fn codes(&self) -> String {
        let codes: Vec<&str> = self.regions.iter().map(|r| r.code.as_str()).collect();
        codes.join(", ")
    }
}
