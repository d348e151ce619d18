//! Amounts of money between text in major units ("28.50") and minor units (2850), without floating point.

use std::str::FromStr;

/// Most decimal digits an amount may be written with; more cannot fit 64 bits and means a broken file.
const AMOUNT_DIGITS_MAX: usize = 30;

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("\"{0}\" is not an amount; write it like 28.50")]
    NotANumber(String),
    #[error("{0} is negative; a price is 0 or more")]
    Negative(String),
    #[error("{0} is too large for an amount of money")]
    TooLarge(String),
}

/// Unit that amounts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceUnit {
    /// "28.50" is 2,850 cents.
    Major,
    /// "2850" is 2,850 cents.
    Minor,
}

/// Decimal places of a currency's minor unit, by ISO 4217 (edition of 2024). Unknown codes have two.
pub fn decimal_places(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// Reads an amount and gives it in minor units of the currency.
///
/// Thousands separators ("1,299.00") and exponents ("1.2e3") are read; what is finer than the minor unit is rounded
/// half up (12.345 HKD is 1235, 1200.5 JPY is 1201).
///
/// # Errors
/// The text is no number, negative, or does not fit 64 bits.
pub fn minor_units(text: &str, currency: &str, unit: PriceUnit) -> Result<i64, AmountError> {
    let trimmed = text.trim();
    if let Some(rest) = trimmed.strip_prefix('-')
        && rest.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
    {
        return Err(AmountError::Negative(trimmed.to_owned()));
    }
    let decimal = trimmed
        .trim_start_matches(['+', '-'])
        .parse::<Decimal>()
        .map_err(|()| AmountError::NotANumber(trimmed.to_owned()))?;
    let places = match unit {
        PriceUnit::Major => decimal_places(currency),
        PriceUnit::Minor => 0,
    };
    decimal
        .scaled(places)
        .ok_or_else(|| AmountError::TooLarge(trimmed.to_owned()))
}

/// Writes minor units in major units with the currency's decimal places: `(2850, "HKD")` is "28.50".
pub fn major_text(minor: i64, currency: &str) -> String {
    let places = decimal_places(currency) as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// A decimal number of 0 or more: `digits` × 10^`exponent`.
struct Decimal {
    digits: u128,
    exponent: i32,
}

impl FromStr for Decimal {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().map_err(|_| ())?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = without_thousands_separators(whole)?;
        let all = format!("{whole}{fraction}");
        let all_digits = all.bytes().all(|byte| byte.is_ascii_digit());
        if all.is_empty() || !all_digits || all.len() > AMOUNT_DIGITS_MAX {
            return Err(());
        }
        Ok(Self {
            digits: all.parse().map_err(|_| ())?,
            exponent: i32::from(exponent) - fraction.len() as i32,
        })
    }
}

impl Decimal {
    /// The number × 10^`places`, rounded half up; none when it does not fit.
    fn scaled(&self, places: u32) -> Option<i64> {
        let shift = self.exponent + places as i32;
        let power = 10u128.checked_pow(shift.unsigned_abs());
        let value = if self.digits == 0 {
            0
        } else if shift >= 0 {
            self.digits.checked_mul(power?)?
        } else {
            match power {
                Some(power) => self.digits / power + u128::from(self.digits % power >= power / 2),
                None => 0,
            }
        };
        i64::try_from(value).ok()
    }
}

/// "1,299" is "1299"; commas anywhere but before groups of three are no separators.
fn without_thousands_separators(whole: &str) -> Result<String, ()> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut joined = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return Err(());
        }
        joined.push_str(group);
    }
    Ok(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn major(text: &str, currency: &str) -> Result<i64, AmountError> {
        minor_units(text, currency, PriceUnit::Major)
    }

    #[test]
    fn decimals_follow_the_currency() {
        assert_eq!(major("28.5", "HKD"), Ok(2850));
        assert_eq!(major("1200", "JPY"), Ok(1200));
        assert_eq!(major("1200.00", "JPY"), Ok(1200));
        assert_eq!(major("1.234", "KWD"), Ok(1234));
        assert_eq!(major(".5", "HKD"), Ok(50));
        assert_eq!(major("7.", "HKD"), Ok(700));
        assert_eq!(minor_units("2850", "HKD", PriceUnit::Minor), Ok(2850));
    }

    #[test]
    fn every_cent_survives_the_way_there_and_back() {
        for minor in 0..20_000 {
            assert_eq!(major(&major_text(minor, "HKD"), "HKD"), Ok(minor));
            // As a JSON number, which is a binary fraction in between.
            let number = serde_json::Number::from_f64(minor as f64 / 100.0).unwrap();
            assert_eq!(major(&number.to_string(), "HKD"), Ok(minor), "{number}");
        }
    }

    #[test]
    fn separators_and_exponents_are_read() {
        assert_eq!(major("1,299.00", "HKD"), Ok(129_900));
        assert_eq!(major("1,234,567", "HKD"), Ok(123_456_700));
        assert_eq!(major("1.2e3", "HKD"), Ok(120_000));
        assert_eq!(major("5E-1", "HKD"), Ok(50));
        for wrong in ["12,99", ",123", "1234,567", "1,2345", "12 50"] {
            assert_eq!(
                major(wrong, "HKD"),
                Err(AmountError::NotANumber(wrong.into())),
                "{wrong}"
            );
        }
    }

    #[test]
    fn finer_than_the_minor_unit_is_rounded_half_up() {
        assert_eq!(major("12.345", "HKD"), Ok(1235));
        assert_eq!(major("12.3449999", "HKD"), Ok(1234));
        assert_eq!(major("1200.5", "JPY"), Ok(1201));
        assert_eq!(major("1e-300", "HKD"), Ok(0));
    }

    #[test]
    fn what_is_no_price_is_told() {
        for wrong in ["", " ", "HK$5", "1.2.3", "NaN", "inf", "-", "1e", "１２"] {
            let reason = major(wrong, "HKD").unwrap_err();
            assert!(
                matches!(reason, AmountError::NotANumber(_)),
                "{wrong}: {reason}"
            );
        }
        assert_eq!(major("-1", "HKD"), Err(AmountError::Negative("-1".into())));
        assert_eq!(major("-0.00", "HKD"), Ok(0));
        assert_eq!(
            major("1e25", "HKD"),
            Err(AmountError::TooLarge("1e25".into()))
        );
        assert_eq!(
            major("1e999", "HKD"),
            Err(AmountError::TooLarge("1e999".into()))
        );
    }

    #[test]
    fn minor_units_are_written_with_the_currencys_decimals() {
        assert_eq!(major_text(5, "HKD"), "0.05");
        assert_eq!(major_text(123_456, "JPY"), "123456");
        assert_eq!(major_text(-2850, "HKD"), "-28.50");
        assert_eq!(major_text(1, "KWD"), "0.001");
    }
}
