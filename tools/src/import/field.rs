//! Reads one field of a record as the type that the item wants.

use std::str::FromStr;

use prost_types::Timestamp;
use sampan_proto::v1::ShipMode;

use super::{record::Record, source::Source};
use crate::money::{self, PriceUnit};

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}")]
pub struct Fault {
    /// Key of the map.
    pub key: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Fault {
    pub fn new(key: &str, reason: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}

/// Unix times below this are seconds; each next thousandfold is milliseconds, microseconds, nanoseconds.
/// In seconds it is the year 5138, in milliseconds 1973.
const UNIX_SECONDS_MAX: u64 = 100_000_000_000;

/// Names of the ship modes in files, in the order of the contract.
const SHIP_MODES: [(&str, ShipMode); 4] = [
    ("direct_mail", ShipMode::DirectMail),
    ("free_shipping", ShipMode::FreeShipping),
    ("consolidated", ShipMode::Consolidated),
    ("local", ShipMode::Local),
];

/// Every value of the sources, in order. Control characters, which real catalogues hold where some other system lost a
/// character, become spaces.
pub fn all(record: &Record, key: &str, sources: &[Source]) -> Result<Vec<String>, Fault> {
    let mut values = Vec::new();
    for source in sources {
        let found = source.values(record);
        values.extend(found.map_err(|error| Fault::new(key, error.to_string()))?);
    }
    for value in &mut values {
        if value.contains(char::is_control) {
            *value = value.replace(char::is_control, " ").trim().to_owned();
        }
    }
    values.retain(|value| !value.is_empty());
    Ok(values)
}

/// The one value of a source, control characters included; none when it is absent or empty.
pub fn text(record: &Record, key: &str, source: Option<&Source>) -> Result<Option<String>, Fault> {
    let Some(source) = source else {
        return Ok(None);
    };
    let mut values = source
        .values(record)
        .map_err(|error| Fault::new(key, error.to_string()))?;
    match values.len() {
        0 | 1 => Ok(values.pop()),
        many => Err(several(key, many)),
    }
}

/// As [`text`], with control characters made spaces as by [`all`].
pub fn name(record: &Record, key: &str, source: Option<&Source>) -> Result<Option<String>, Fault> {
    let mut values = all(
        record,
        key,
        source.map(std::slice::from_ref).unwrap_or_default(),
    )?;
    match values.len() {
        0 | 1 => Ok(values.pop()),
        many => Err(several(key, many)),
    }
}

fn several(key: &str, many: usize) -> Fault {
    Fault::new(key, format!("has {many} values; want one"))
}

/// As [`text`], and absent is an error.
pub fn required(record: &Record, key: &str, source: &Source) -> Result<String, Fault> {
    text(record, key, Some(source))?.ok_or_else(|| Fault::new(key, "is missing"))
}

pub fn number(record: &Record, key: &str, source: Option<&Source>) -> Result<Option<f32>, Fault> {
    match text(record, key, source)? {
        Some(value) => parse_number(key, &value).map(Some),
        None => Ok(None),
    }
}

fn parse_number(key: &str, value: &str) -> Result<f32, Fault> {
    let parsed = value
        .parse::<f32>()
        .ok()
        .filter(|number| number.is_finite());
    parsed.ok_or_else(|| {
        Fault::new(
            key,
            format!("\"{value}\" is not a number; write it like 0.5"),
        )
    })
}

/// A whole number of 0 or more; "12.0", which spreadsheets write, counts as 12.
pub fn count<T: FromStr>(
    record: &Record,
    key: &str,
    source: Option<&Source>,
) -> Result<Option<T>, Fault> {
    let Some(value) = text(record, key, source)? else {
        return Ok(None);
    };
    let whole = match value.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        _ => value.as_str(),
    };
    match whole.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => {
            let reason = format!("\"{value}\" is not a whole number of 0 or more, or is too large");
            Err(Fault::new(key, reason))
        }
    }
}

pub fn flag(record: &Record, key: &str, source: Option<&Source>) -> Result<Option<bool>, Fault> {
    let Some(value) = text(record, key, source)? else {
        return Ok(None);
    };
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(Some(true)),
        "false" | "0" | "no" => Ok(Some(false)),
        _ => Err(Fault::new(key, format!("\"{value}\" is not true or false"))),
    }
}

/// A point in time: RFC 3339, an ISO date (midnight UTC), or a Unix time.
pub fn time(
    record: &Record,
    key: &str,
    source: Option<&Source>,
) -> Result<Option<Timestamp>, Fault> {
    let Some(value) = text(record, key, source)? else {
        return Ok(None);
    };
    parse_time(&value).map(Some).ok_or_else(|| {
        let expected = "2022-10-21, 2022-10-21T08:00:00+08:00, or Unix seconds or milliseconds";
        Fault::new(
            key,
            format!("\"{value}\" is not a time; write it like {expected}"),
        )
    })
}

fn parse_time(value: &str) -> Option<Timestamp> {
    let whole = value.strip_suffix(".0").unwrap_or(value);
    if let Ok(number) = whole.parse::<i64>() {
        return Some(unix_time(number));
    }
    Timestamp::from_str(value).ok()
}

fn unix_time(number: i64) -> Timestamp {
    let per_second: i64 = match number.unsigned_abs() / UNIX_SECONDS_MAX {
        0 => 1,
        1..1_000 => 1_000,
        1_000..1_000_000 => 1_000_000,
        _ => 1_000_000_000,
    };
    let nanos_per_unit = 1_000_000_000 / per_second;
    Timestamp {
        seconds: number.div_euclid(per_second),
        nanos: (number.rem_euclid(per_second) * nanos_per_unit) as i32,
    }
}

/// Numbers from a list, or from one text with spaces or commas between them, in square brackets or not.
pub fn vector(record: &Record, key: &str, source: Option<&Source>) -> Result<Vec<f32>, Fault> {
    let Some(source) = source else {
        return Ok(Vec::new());
    };
    let mut numbers = Vec::new();
    for text in all(record, key, std::slice::from_ref(source))? {
        let inner = text.trim_start_matches('[').trim_end_matches(']');
        for part in inner.split([' ', ',', ';']).filter(|part| !part.is_empty()) {
            numbers.push(parse_number(key, part)?);
        }
    }
    Ok(numbers)
}

pub fn amount(key: &str, text: &str, currency: &str, unit: PriceUnit) -> Result<i64, Fault> {
    money::minor_units(text, currency, unit).map_err(|error| Fault::new(key, error.to_string()))
}

/// Ship modes by name; one text may hold several, with commas, semicolons, bars or spaces between them.
pub fn ship_modes(record: &Record, key: &str, sources: &[Source]) -> Result<Vec<i32>, Fault> {
    let mut modes = Vec::new();
    for value in all(record, key, sources)? {
        for name in value
            .split([',', ';', '|', ' '])
            .filter(|name| !name.is_empty())
        {
            let mode = ship_mode(name).ok_or_else(|| {
                let names: Vec<&str> = SHIP_MODES.iter().map(|(name, _)| *name).collect();
                Fault::new(
                    key,
                    format!("\"{name}\" is no ship mode; want {}", names.join(", ")),
                )
            })?;
            if !modes.contains(&mode.into()) {
                modes.push(mode.into());
            }
        }
    }
    Ok(modes)
}

/// The ship mode of a name ("direct_mail", also "SHIP_MODE_DIRECT_MAIL").
pub fn ship_mode(name: &str) -> Option<ShipMode> {
    let lower = name.to_ascii_lowercase();
    let short = lower.strip_prefix("ship_mode_").unwrap_or(&lower);
    SHIP_MODES
        .iter()
        .find(|(known, _)| *known == short)
        .map(|(_, mode)| *mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_promised_form() {
        let second = |seconds| Some(Timestamp { seconds, nanos: 0 });
        assert_eq!(parse_time("2022-10-21"), second(1_666_310_400));
        assert_eq!(
            parse_time("2022-10-21T08:00:00+08:00"),
            second(1_666_310_400)
        );
        assert_eq!(parse_time("2022-10-21 00:00:00Z"), second(1_666_310_400));
        assert_eq!(parse_time("1666310400"), second(1_666_310_400));
        assert_eq!(parse_time("1666310400.0"), second(1_666_310_400));
        let with_millis = Some(Timestamp {
            seconds: 1_666_310_400,
            nanos: 250_000_000,
        });
        assert_eq!(parse_time("1666310400250"), with_millis);
        assert_eq!(parse_time("1666310400250000"), with_millis);
        assert_eq!(parse_time("1666310400250000000"), with_millis);
        for wrong in ["2022-13-01", "2022-02-30", "21/10/2022", "x", "二〇二二年"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }
}
