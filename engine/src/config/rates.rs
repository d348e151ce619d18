//! Reads `common/rates.toml`: exchange rates of one day.

use std::collections::BTreeMap;

use sampan_analyzers::DictionaryFiles;

use super::place;
use crate::base::{
    error::Result,
    money::{Currency, RateTable},
};

const PATH: &str = "common/rates.toml";

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RatesFile {
    /// Day of the rates.
    date: String,
    /// Where they are from; kept for the reader of the file.
    #[serde(rename = "source")]
    _source: String,
    currency: BTreeMap<String, Rate>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    decimals: u32,
    per_base: f64,
}

/// The rates, or an error with file and line.
pub fn read(files: &DictionaryFiles) -> Result<RateTable> {
    let file: RatesFile = place::parse(PATH, files.get(PATH).unwrap_or_default())?;
    let currencies = file
        .currency
        .into_iter()
        .map(|(code, rate)| Currency {
            code,
            decimals: rate.decimals,
            per_base: rate.per_base,
        })
        .collect();
    RateTable::new(file.date, currencies)
}
