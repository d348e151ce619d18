//! Prices in another currency, in whole numbers.

use std::{collections::BTreeMap, fs};

use sampan_proto::v1;

use crate::dictionaries::folder;

/// Rates are read as millionths: more digits than the file has.
const MILLION: f64 = 1e6;

/// The rates of `common/rates.toml`.
pub struct Rates {
    pub date: String,
    currency: BTreeMap<String, Rate>,
}

struct Rate {
    decimals: u32,
    millionths_per_base: i128,
}

#[derive(serde::Deserialize)]
struct RatesFile {
    date: String,
    currency: BTreeMap<String, RateRow>,
}

#[derive(serde::Deserialize)]
struct RateRow {
    decimals: u32,
    per_base: f64,
}

impl Rates {
    /// The project's own rates.
    pub fn of_dictionaries() -> Self {
        let text = fs::read_to_string(folder().join("common/rates.toml")).expect("the rates");
        let file: RatesFile = toml::from_str(&text).expect("the rates are TOML");
        let rate = |row: RateRow| Rate {
            decimals: row.decimals,
            millionths_per_base: (row.per_base * MILLION).round() as i128,
        };
        Self {
            date: file.date,
            currency: file
                .currency
                .into_iter()
                .map(|(code, row)| (code, rate(row)))
                .collect(),
        }
    }

    /// Minor units of another currency, rounded half up: amounts are 0 or more.
    pub fn convert(&self, price: &v1::Money, to: &str) -> i64 {
        let (from, to) = (&self.currency[&price.currency], &self.currency[to]);
        let up = to.millionths_per_base * 10i128.pow(to.decimals);
        let down = from.millionths_per_base * 10i128.pow(from.decimals);
        (2 * i128::from(price.minor) * up + down).div_euclid(2 * down) as i64
    }

    /// Minor units of another currency, rounded down. What a node shows lies at this or one above it.
    pub fn convert_down(&self, price: &v1::Money, to: &str) -> i64 {
        let (from, to) = (&self.currency[&price.currency], &self.currency[to]);
        let up = to.millionths_per_base * 10i128.pow(to.decimals);
        let down = from.millionths_per_base * 10i128.pow(from.decimals);
        (i128::from(price.minor) * up).div_euclid(down) as i64
    }
}
