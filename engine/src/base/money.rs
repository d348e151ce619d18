//! Money: ISO 4217 minor units, and conversion at dated rates.

use std::collections::BTreeMap;

use crate::base::{
    error::{Result, SampanError},
    limits::PRICE_MINOR_MAX,
};

/// Place of a currency in the [`RateTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CurrencyIndex(pub u8);

/// A currency and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Currency {
    /// ISO 4217.
    pub code: String,
    /// Digits after the point (ISO 4217): HKD 2, JPY 0.
    pub decimals: u32,
    /// Units of this currency for one unit of the table's base.
    pub per_base: f64,
}

impl Currency {
    /// Minor units of an amount in major ones (`28.50`: 2,850 cents). `None` when it is no such amount, below 0, finer
    /// than the minor unit, or above [`PRICE_MINOR_MAX`].
    pub fn minor_units(&self, amount: &str) -> Option<i64> {
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let decimals = self.decimals as usize;
        let fraction = match fraction.trim_end_matches('0') {
            fraction if fraction.len() <= decimals => format!("{fraction:0<decimals$}"),
            _ => return None,
        };
        let digits = format!("{whole}{fraction}");
        let is_number = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let minor = digits.parse().ok().filter(|_| is_number)?;
        (minor <= PRICE_MINOR_MAX).then_some(minor)
    }
}

/// Exchange rates of one day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RateTable {
    /// Day the rates are of, ISO 8601.
    pub date: String,
    currencies: Vec<Currency>,
    places: BTreeMap<String, u8>,
}

impl RateTable {
    /// A table; a rate that is not a positive number is refused.
    pub fn new(date: String, currencies: Vec<Currency>) -> Result<Self> {
        let mut places = BTreeMap::new();
        for (place, currency) in currencies.iter().enumerate() {
            let sane = currency.per_base.is_finite() && currency.per_base > 0.0;
            if !sane || currency.decimals > 4 || place > u8::MAX as usize {
                return Err(SampanError::Configuration {
                    place: format!("common/rates.toml: {}", currency.code),
                    reason: "a rate must be above 0, decimals at most 4, currencies at most 255"
                        .into(),
                });
            }
            places.insert(currency.code.clone(), place as u8);
        }
        Ok(Self {
            date,
            currencies,
            places,
        })
    }

    pub fn find(&self, code: &str) -> Option<CurrencyIndex> {
        self.places.get(code).map(|place| CurrencyIndex(*place))
    }

    pub fn require(&self, field: &str, code: &str) -> Result<CurrencyIndex> {
        self.find(code).ok_or_else(|| {
            let known: Vec<&str> = self.places.keys().map(String::as_str).collect();
            SampanError::invalid(
                field,
                format!("unknown currency {code:?}; one of {}", known.join(", ")),
            )
        })
    }

    pub fn get(&self, index: CurrencyIndex) -> &Currency {
        &self.currencies[index.0 as usize]
    }

    /// Converts minor units, rounding half away from zero to the nearest minor unit. Saturates.
    pub fn convert(&self, minor: i64, from: CurrencyIndex, to: CurrencyIndex) -> i64 {
        if from == to {
            return minor;
        }
        let (from, to) = (self.get(from), self.get(to));
        let scale = 10f64.powi(to.decimals as i32 - from.decimals as i32);
        (minor as f64 / from.per_base * to.per_base * scale).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> RateTable {
        let currency = |code: &str, decimals, per_base| Currency {
            code: code.into(),
            decimals,
            per_base,
        };
        RateTable::new(
            "2026-11-20".into(),
            vec![
                currency("HKD", 2, 1.0),
                currency("JPY", 0, 20.0),
                currency("TWD", 2, 4.0),
            ],
        )
        .expect("a sane table")
    }

    #[test]
    fn decimals_differ_between_currencies() {
        let table = table();
        let find = |code| table.find(code).expect("in the table");
        assert_eq!(table.convert(1_250, find("HKD"), find("JPY")), 250);
        assert_eq!(table.convert(250, find("JPY"), find("HKD")), 1_250);
        assert_eq!(table.convert(1_250, find("HKD"), find("TWD")), 5_000);
        assert_eq!(table.convert(7, find("HKD"), find("HKD")), 7);
    }

    #[test]
    fn an_amount_is_read_to_the_last_minor_unit() {
        let table = table();
        let read = |code, amount| {
            let currency = table.get(table.find(code).expect("in the table"));
            currency.minor_units(amount)
        };
        for (amount, minor) in [("28.50", 2_850), ("28.5", 2_850), ("0", 0), ("7.000", 700)] {
            assert_eq!(read("HKD", amount), Some(minor), "{amount}");
        }
        assert_eq!(read("JPY", "120"), Some(120));
        assert_eq!(read("HKD", "10000000000"), Some(PRICE_MINOR_MAX));
        for amount in [
            "",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1,000",
            "28.505",
            "10000000000.01",
            "NaN",
        ] {
            assert_eq!(read("HKD", amount), None, "{amount}");
        }
        assert_eq!(read("JPY", "0.5"), None);
    }

    #[test]
    fn a_zero_rate_is_refused() {
        let broken = Currency {
            code: "XXX".into(),
            decimals: 2,
            per_base: 0.0,
        };
        assert!(RateTable::new(String::new(), vec![broken]).is_err());
    }
}
