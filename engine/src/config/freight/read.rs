//! A freight table's text to rows; what cannot be used is refused by its line.

use sampan_analyzers::DictionaryFiles;

use super::{Band, FILE, FreightPrice, FreightRow, Steps};
use crate::{
    base::{
        error::Result,
        limits,
        money::RateTable,
        region::{RegionIndex, RegionTable},
        ship::{ModeSet, ShipMode},
    },
    config::{place, validity::Validity},
};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FreightFile {
    #[serde(default)]
    freight: Vec<RowText>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RowText {
    id: String,
    source: String,
    ship_modes: Vec<ShipMode>,
    #[serde(default)]
    region: Vec<String>,
    #[serde(default)]
    origin: Vec<String>,
    currency: String,
    flat_minor: Option<i64>,
    bands: Option<Vec<Band>>,
    steps: Option<Steps>,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
}

/// What is wrong with a row: the key, and what would be right.
type Fault = (&'static str, String);

/// All rows of all destinations, a destination's own before those of `common`; the error names file, line and row.
pub fn read(
    files: &DictionaryFiles,
    regions: &RegionTable,
    rates: &RateTable,
) -> Result<Vec<FreightRow>> {
    let every: Vec<RegionIndex> = regions.iter().map(|(index, _)| index).collect();
    let mut rows = Vec::new();
    let own = regions
        .iter()
        .map(|(index, region)| (region.code.as_str(), vec![index]));
    for (folder, destinations) in own.chain([("common", every)]) {
        let path = format!("{folder}/{FILE}");
        let Some(text) = files.get(&path) else {
            continue;
        };
        let file: FreightFile = place::parse(&path, text)?;
        if file.freight.len() > limits::FREIGHT_ROWS_MAX {
            let (count, most) = (file.freight.len(), limits::FREIGHT_ROWS_MAX);
            let reason = format!("{count} rows; at most {most}");
            return Err(place::wrong(&path, text, "", "id", reason));
        }
        let first = rows.len();
        for row in file.freight {
            let (id, mark) = (row.id.clone(), format!("\"{}\"", row.id));
            let fail = |(key, reason): Fault| {
                place::wrong(&path, text, &mark, key, format!("{id}: {reason}"))
            };
            let row = checked(row, &destinations, regions, rates).map_err(fail)?;
            if rows[first..]
                .iter()
                .any(|known: &FreightRow| known.id == row.id)
            {
                return Err(fail(("id", "an id only once a file".to_owned())));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn checked(
    row: RowText,
    destinations: &[RegionIndex],
    regions: &RegionTable,
    rates: &RateTable,
) -> Result<FreightRow, Fault> {
    if row.id.is_empty() {
        return Err(("id", "an id is needed".to_owned()));
    }
    let price = price(&row)?;
    if row.ship_modes.is_empty() || row.ship_modes.contains(&ShipMode::FreeShipping) {
        let reason = "names direct_mail, consolidated or local; free_shipping costs nothing";
        return Err(("ship_modes", reason.to_owned()));
    }
    let region = |code: &String| {
        let unknown = || ("region", format!("no region {code:?}"));
        regions.find(code).ok_or_else(unknown)
    };
    let validity = Validity::read(row.from.as_ref(), row.until.as_ref())
        .map_err(|(key, reason)| (key, reason.to_owned()))?;
    let currency = rates.find(&row.currency);
    let no_rate = || {
        (
            "currency",
            format!("{:?} has no rate in common/rates.toml", row.currency),
        )
    };
    Ok(FreightRow {
        destinations: destinations.to_vec(),
        regions: row.region.iter().map(region).collect::<Result<_, _>>()?,
        origins: row.origin.iter().map(origin).collect::<Result<_, _>>()?,
        modes: row
            .ship_modes
            .into_iter()
            .fold(ModeSet::NONE, ModeSet::with),
        currency: currency.ok_or_else(no_rate)?,
        price,
        validity,
        id: row.id,
        source: row.source,
    })
}

fn origin(code: &String) -> Result<[u8; 2], Fault> {
    match code.to_ascii_lowercase().as_bytes() {
        [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok([*a, *b]),
        _ => Err((
            "origin",
            format!("{code:?} is no ISO 3166-1 alpha-2 code such as \"cn\""),
        )),
    }
}

fn price(row: &RowText) -> Result<FreightPrice, Fault> {
    match (row.flat_minor, &row.bands, row.steps) {
        (Some(minor), None, None) => {
            amount("flat_minor", minor)?;
            Ok(FreightPrice::Flat { minor })
        }
        (None, Some(bands), None) => {
            check_bands(bands)?;
            Ok(FreightPrice::Bands(bands.clone()))
        }
        (None, None, Some(steps)) => {
            check_steps(&steps)?;
            Ok(FreightPrice::Steps(steps))
        }
        _ => Err(("id", "needs one of flat_minor, bands and steps".to_owned())),
    }
}

fn check_bands(bands: &[Band]) -> Result<(), Fault> {
    let mut last = 0;
    for band in bands {
        weight("bands", band.up_to_grams)?;
        amount("bands", band.minor)?;
        if band.up_to_grams <= last {
            let reason = format!("{} g after {last} g: from light to heavy", band.up_to_grams);
            return Err(("bands", reason));
        }
        last = band.up_to_grams;
    }
    match bands {
        [] => Err(("bands", "at least one is needed".to_owned())),
        _ => Ok(()),
    }
}

fn check_steps(steps: &Steps) -> Result<(), Fault> {
    for grams in [steps.first_grams, steps.step_grams, steps.up_to_grams] {
        weight("steps", grams)?;
    }
    for minor in [
        steps.first_minor,
        steps.step_minor,
        steps.price(steps.up_to_grams),
    ] {
        amount("steps", minor)?;
    }
    Ok(())
}

fn weight(key: &'static str, grams: u32) -> Result<(), Fault> {
    let most = limits::WEIGHT_GRAMS_MAX;
    match grams {
        grams if (1..=most).contains(&grams) => Ok(()),
        grams => Err((
            key,
            format!("{grams} g: a weight lies between 1 and {most} g"),
        )),
    }
}

fn amount(key: &'static str, minor: i64) -> Result<(), Fault> {
    let most = limits::PRICE_MINOR_MAX;
    match minor {
        minor if (0..=most).contains(&minor) => Ok(()),
        minor => Err((
            key,
            format!("{minor}: a price lies between 0 and {most} minor units"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::{base::money::Currency, base::region::Region};

    fn regions() -> RegionTable {
        let region = |code: &str| Region {
            code: code.to_owned(),
            name: code.to_owned(),
            currency: "HKD".to_owned(),
            script: sampan_analyzers::DisplayScript::HongKong,
        };
        RegionTable::new(vec![region("hk"), region("cn")]).expect("two regions")
    }

    fn rates() -> RateTable {
        let hkd = Currency {
            code: "HKD".to_owned(),
            decimals: 2,
            per_base: 1.0,
        };
        RateTable::new("2026-11-20".to_owned(), vec![hkd]).expect("a rate")
    }

    fn rows(files: &[(&str, &str)]) -> Result<Vec<FreightRow>> {
        let files = files
            .iter()
            .map(|(path, text)| (path.to_string(), text.to_string()));
        read(&DictionaryFiles(files.collect()), &regions(), &rates())
    }

    fn row(price: &str) -> String {
        format!(
            "[[freight]]\nid = \"x\"\nsource = \"own\"\nship_modes = [\"local\"]\ncurrency = \"HKD\"\n{price}\n"
        )
    }

    fn of(price: &str, grams: u32) -> Option<i64> {
        let rows = rows(&[("hk/freight.toml", &row(price))]).expect("valid");
        rows[0].price.of(NonZeroU32::new(grams))
    }

    #[test]
    fn a_band_reaches_to_its_last_gram() {
        let bands =
            "bands = [{ up_to_grams = 500, minor = 20 }, { up_to_grams = 1000, minor = 30 }]";
        let prices = [0, 1, 500, 501, 1_000, 1_001].map(|grams| of(bands, grams));
        assert_eq!(prices, [None, Some(20), Some(20), Some(30), Some(30), None]);
    }

    #[test]
    fn a_step_that_is_begun_counts_whole() {
        let steps = "steps = { first_grams = 1000, first_minor = 30, step_grams = 500, step_minor = 7, up_to_grams = 2200 }";
        let prices = [0, 1, 1_000, 1_001, 1_500, 1_501, 2_200, 2_201].map(|grams| of(steps, grams));
        let expected = [
            None,
            Some(30),
            Some(30),
            Some(37),
            Some(37),
            Some(44),
            Some(51),
            None,
        ];
        assert_eq!(prices, expected);
    }

    #[test]
    fn a_flat_price_asks_for_no_weight() {
        let prices = [0, 1, limits::WEIGHT_GRAMS_MAX].map(|grams| of("flat_minor = 9", grams));
        assert_eq!(prices, [Some(9); 3]);
    }

    #[test]
    fn the_destinations_own_rows_come_before_those_of_all() {
        let (common, own) = (row("flat_minor = 1"), row("flat_minor = 2"));
        let rows = rows(&[("common/freight.toml", &common), ("hk/freight.toml", &own)]);
        let rows = rows.expect("valid");
        let hk = regions().find("hk").expect("hk");
        let serving: Vec<_> = rows.iter().filter(|row| row.serves(hk, hk, 0)).collect();
        let prices: Vec<_> = serving.iter().map(|row| row.price.of(None)).collect();
        assert_eq!(prices, [Some(2), Some(1)]);
    }

    #[test]
    fn a_row_that_cannot_be_used_is_refused_with_its_line() {
        let most = limits::PRICE_MINOR_MAX;
        let heavy = limits::WEIGHT_GRAMS_MAX + 1;
        for (text, line, part) in [
            (row(""), 2, "needs one of"),
            (row("flat_minor = 1\nbands = []"), 2, "needs one of"),
            (row("bands = []"), 6, "at least one"),
            (row("flat_minor = -1"), 6, "between 0"),
            (row(&format!("flat_minor = {}", most + 1)), 6, "between 0"),
            (
                row("bands = [{ up_to_grams = 0, minor = 1 }]"),
                6,
                "between 1",
            ),
            (
                row(&format!("bands = [{{ up_to_grams = {heavy}, minor = 1 }}]")),
                6,
                "between 1",
            ),
            (
                row("bands = [{ up_to_grams = 5, minor = 1 }, { up_to_grams = 5, minor = 2 }]"),
                6,
                "light to heavy",
            ),
            (
                row(
                    "steps = { first_grams = 1, first_minor = 1, step_grams = 1, step_minor = 1000000 }",
                ),
                6,
                "between 0",
            ),
            (
                row("flat_minor = 1").replace("local", "free_shipping"),
                4,
                "costs nothing",
            ),
            (row("flat_minor = 1").replace("HKD", "XXX"), 5, "no rate"),
            (row("flat_minor = 1\nregion = [\"zz\"]"), 7, "no region"),
            (row("flat_minor = 1\norigin = [\"chn\"]"), 7, "ISO 3166-1"),
            (
                row("flat_minor = 1\nfrom = 2026-02-01\nuntil = 2026-01-01"),
                8,
                "before",
            ),
            (row("flat_minor = 1").repeat(2), 2, "only once"),
            (row("colour = 1"), 6, "colour"),
        ] {
            let error = rows(&[("hk/freight.toml", &text)]).unwrap_err().to_string();
            let place = format!("hk/freight.toml:{line}:");
            assert!(
                error.contains(&place) && error.contains(part),
                "{text}\n{error}"
            );
        }
    }

    #[test]
    fn a_file_takes_as_many_rows_as_the_limit_says() {
        let many = |count: usize| -> String {
            let rows =
                (0..count).map(|n| row("flat_minor = 1").replace("\"x\"", &format!("\"r{n}\"")));
            rows.collect()
        };
        let most = limits::FREIGHT_ROWS_MAX;
        assert_eq!(
            rows(&[("hk/freight.toml", &many(most))])
                .expect("valid")
                .len(),
            most
        );
        let error = rows(&[("hk/freight.toml", &many(most + 1))]).unwrap_err();
        assert!(error.to_string().contains("at most"), "{error}");
    }
}
