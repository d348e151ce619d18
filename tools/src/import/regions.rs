//! Regions of sale, and the currency that each states its prices in.

use sampan_analyzers::DictionaryFiles;

/// Currency of a region that Sampan does not come with, where neither map nor file says one.
const UNKNOWN_REGION_CURRENCY: &str = "USD";

/// A region of the node, and what its prices are in when a map does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleRegion {
    /// Region code ("hk").
    pub code: String,
    /// ISO 4217 code ("HKD").
    pub currency: String,
}

/// Regions with their own currencies, as the dictionaries in this binary state them.
pub fn with_currencies(codes: impl IntoIterator<Item = String>) -> Vec<SaleRegion> {
    let files = DictionaryFiles::embedded();
    let currency = |code: &str| {
        let text = files.get(&format!("{code}/region.toml"))?;
        let table: toml::Table = toml::from_str(text).ok()?;
        Some(table.get("currency")?.as_str()?.to_owned())
    };
    let region = |code: String| SaleRegion {
        currency: currency(&code).unwrap_or_else(|| UNKNOWN_REGION_CURRENCY.to_owned()),
        code,
    };
    codes.into_iter().map(region).collect()
}

/// Every region that Sampan comes with.
pub fn built_in() -> Vec<SaleRegion> {
    with_currencies(DictionaryFiles::embedded().regions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_their_own_currency_and_invented_ones_a_known_one() {
        let codes = ["hk", "tw", "zz"].map(str::to_owned);
        let currencies = with_currencies(codes)
            .into_iter()
            .map(|region| region.currency);
        assert_eq!(currencies.collect::<Vec<_>>(), ["HKD", "TWD", "USD"]);
        assert!(built_in().len() >= 9);
    }
}
