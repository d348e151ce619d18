//! Money: ISO 4217 minor units, and conversion at dated rates.
//!
//! The one rounding rule: an amount is converted once, from the currency it is stated in to the one it is shown in, and
//! rounded half away from zero to a whole minor unit. Sums (price and freight) are of amounts so rounded, so that what is
//! shown adds up. Rates are decimals and are counted with as such: a half is a half, whatever binary fractions make of it.

use std::{collections::BTreeMap, ops::RangeInclusive};

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
/// Digits after the point of a rate that are counted; further ones are rounded.
const RATE_DIGITS: usize = 12;
/// Smallest and largest rate: conversions of prices and freight then stay within 128 bits.
const RATE_RANGE: RangeInclusive<f64> = 1e-6..=1e7;

/// Exchange rates of one day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RateTable {
    /// Day the rates are of, ISO 8601.
    pub date: String,
    currencies: Vec<Currency>,
    places: BTreeMap<String, u8>,
    /// Minor units of one currency for one of another: the row is the other's.
    ratios: Vec<Ratio>,
}

/// A fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ratio {
    above: i128,
    below: i128,
}

impl Ratio {
    /// Minor units of `to` for one minor unit of `from`.
    fn between(from: &Currency, to: &Currency) -> Self {
        let above = to.decimal_rate() * 10i128.pow(to.decimals);
        let below = from.decimal_rate() * 10i128.pow(from.decimals);
        let (mut divisor, mut rest) = (above, below);
        while rest != 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Self {
            above: above / divisor,
            below: below / divisor,
        }
    }

    fn of(self, minor: i64) -> i64 {
        let narrow = || {
            let product = minor.checked_mul(i64::try_from(self.above).ok()?)?;
            let below = i64::try_from(self.below).ok()?;
            let (whole, rest) = (product / below, product % below);
            let is_half = rest.unsigned_abs() >= below.unsigned_abs() - rest.unsigned_abs();
            Some(whole + i64::from(is_half) * product.signum())
        };
        narrow().unwrap_or_else(|| self.of_wide(minor))
    }

    /// The same with 128 bits, which take several times as long.
    fn of_wide(self, minor: i64) -> i64 {
        let extreme = if minor < 0 { i64::MIN } else { i64::MAX };
        let Some(product) = i128::from(minor).checked_mul(self.above) else {
            return extreme;
        };
        let (whole, rest) = (product / self.below, product % self.below);
        let is_half = rest.abs() >= self.below - rest.abs();
        let rounded = whole + i128::from(is_half) * product.signum();
        i64::try_from(rounded).unwrap_or(extreme)
    }
}

impl Currency {
    /// An amount in words: "12.50 HKD".
    pub fn amount(&self, minor: i64) -> String {
        let unit = 10i64.pow(self.decimals);
        let (whole, part) = (minor / unit, (minor % unit).abs());
        let sign = if minor < 0 && whole == 0 { "-" } else { "" };
        match self.decimals {
            0 => format!("{minor} {}", self.code),
            digits => format!(
                "{sign}{whole}.{part:0width$} {}",
                self.code,
                width = digits as usize
            ),
        }
    }

    /// Its rate as the decimal that was written, times ten to the [`RATE_DIGITS`].
    fn decimal_rate(&self) -> i128 {
        // The shortest text that reads back as the number is what was written.
        let mut text = self.per_base.to_string();
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        if digits > RATE_DIGITS {
            text = format!("{:.RATE_DIGITS$}", self.per_base);
        }
        let (whole, digits) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{digits:0<RATE_DIGITS$}");
        digits.parse().unwrap_or(1)
    }
}

impl RateTable {
    /// A table; a rate that is not a positive number is refused.
    pub fn new(date: String, currencies: Vec<Currency>) -> Result<Self> {
        let mut places = BTreeMap::new();
        for (place, currency) in currencies.iter().enumerate() {
            let sane = RATE_RANGE.contains(&currency.per_base);
            if !sane || currency.decimals > 4 || place > u8::MAX as usize {
                return Err(SampanError::Configuration {
                    place: format!("common/rates.toml: {}", currency.code),
                    reason: "a rate must lie between 0.000001 and 10000000, decimals be at most 4, currencies at most 255"
                        .into(),
                });
            }
            places.insert(currency.code.clone(), place as u8);
        }
        let ratios = currencies
            .iter()
            .flat_map(|from| currencies.iter().map(|to| Ratio::between(from, to)));
        Ok(Self {
            ratios: ratios.collect(),
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

    /// Converts minor units by the rounding rule of this module. Saturates.
    pub fn convert(&self, minor: i64, from: CurrencyIndex, to: CurrencyIndex) -> i64 {
        if from == to {
            return minor;
        }
        self.ratios[usize::from(from.0) * self.currencies.len() + usize::from(to.0)].of(minor)
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
    fn halves_are_rounded_away_from_zero_as_decimals_say() {
        let convert = |per_base: f64, minor: i64| {
            let of = |code: &str, per_base| Currency {
                code: code.into(),
                decimals: 2,
                per_base,
            };
            let table = RateTable::new(String::new(), vec![of("A", 1.0), of("B", per_base)]);
            let table = table.expect("sane");
            table.convert(minor, CurrencyIndex(0), CurrencyIndex(1))
        };
        // In binary 1.005 is a little less, and 0.145 a little more.
        assert_eq!((convert(1.005, 100), convert(1.005, -100)), (101, -101));
        assert_eq!((convert(0.145, 100), convert(0.145, 99)), (15, 14));
        assert_eq!((convert(0.166, 250), convert(0.166, 0)), (42, 0));
        let third = 1.0 / 3.0;
        assert_eq!(
            (convert(third, 3_000_000), convert(third, 2)),
            (1_000_000, 1)
        );
        assert_eq!(convert(1e7, i64::MAX), i64::MAX);
        assert_eq!(convert(1e7, i64::MIN), i64::MIN);
    }

    #[test]
    fn amounts_are_written_with_the_currencys_digits() {
        let table = table();
        let text = |code: &str, minor| {
            let index = table.find(code).expect("in the table");
            table.get(index).amount(minor)
        };
        assert_eq!(text("HKD", 1_250), "12.50 HKD");
        assert_eq!([text("HKD", 5), text("HKD", -5)], ["0.05 HKD", "-0.05 HKD"]);
        assert_eq!(text("JPY", 250), "250 JPY");
    }

    #[test]
    fn both_widths_convert_alike() {
        let table = table();
        for ratio in &table.ratios {
            for minor in (-100_000..100_000).step_by(37) {
                assert_eq!(ratio.of(minor), ratio.of_wide(minor));
            }
        }
    }

    #[test]
    fn a_rate_out_of_range_is_refused() {
        for (rate, is_taken) in [
            (0.0, false),
            (-1.0, false),
            (f64::NAN, false),
            (1e-6, true),
            (0.9e-6, false),
            (1e7, true),
            (1.1e7, false),
        ] {
            let currency = Currency {
                code: "XXX".into(),
                decimals: 2,
                per_base: rate,
            };
            let table = RateTable::new(String::new(), vec![currency]);
            assert_eq!(table.is_ok(), is_taken, "{rate}");
        }
    }
}
