//! Regions of sale, and the currency that each states its prices in.

use sampan_analyzers::DictionaryFiles;

/// A region of the node, and what its prices are in when a map does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleRegion {
    /// Region code ("hk").
    pub code: String,
    /// ISO 4217 code ("HKD").
    pub currency: String,
}

/// Every region that Sampan comes with.
pub fn built_in() -> Vec<SaleRegion> {
    let files = DictionaryFiles::embedded();
    let currency = |code: &str| {
        let text = files.get(&format!("{code}/region.toml"))?;
        let table: toml::Table = toml::from_str(text).ok()?;
        Some(table.get("currency")?.as_str()?.to_owned())
    };
    let stated = files.regions().into_iter().filter_map(|code| {
        let currency = currency(&code)?;
        Some(SaleRegion { code, currency })
    });
    stated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_states_its_currency() {
        let regions = built_in();
        let currency = |code: &str| {
            let region = regions.iter().find(|region| region.code == code);
            region.map(|region| region.currency.as_str())
        };
        assert_eq!((currency("hk"), currency("tw")), (Some("HKD"), Some("TWD")));
        assert_eq!(regions.len(), DictionaryFiles::embedded().regions().len());
    }
}
