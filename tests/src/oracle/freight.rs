//! What sending costs, worked out by hand: a table as a test states it, written out as TOML for the node.

use sampan_proto::v1::{self, ShipMode};

use super::{Market, Rates, mode_name, offer_in};

/// A row of a freight table. An empty list does not select.
#[derive(Debug, Clone)]
pub struct FreightRow {
    pub id: &'static str,
    /// The only destination it is for; empty: every one.
    pub destination: &'static str,
    pub region: &'static [&'static str],
    pub origin: &'static [&'static str],
    pub modes: &'static [ShipMode],
    pub currency: &'static str,
    pub price: FreightPrice,
    /// The rest of the row, of which the oracle only knows whether it holds.
    pub dates: &'static str,
    pub holds: bool,
}

#[derive(Debug, Clone)]
pub enum FreightPrice {
    Flat(i64),
    /// Heaviest weight in grams, and price.
    Bands(&'static [(u32, i64)]),
    /// First weight and price, step and price, heaviest weight.
    Steps((u32, i64), (u32, i64), u32),
}

impl FreightRow {
    /// The row as an entry of a freight.toml.
    pub fn to_toml(&self) -> String {
        let names: Vec<&str> = self.modes.iter().map(|mode| mode_name(*mode)).collect();
        let price = match &self.price {
            FreightPrice::Flat(minor) => format!("flat_minor = {minor}"),
            FreightPrice::Bands(bands) => {
                let bands = bands
                    .iter()
                    .map(|(grams, minor)| format!("{{ up_to_grams = {grams}, minor = {minor} }}"));
                format!("bands = [{}]", bands.collect::<Vec<_>>().join(", "))
            }
            FreightPrice::Steps((first, price), (step, more), most) => format!(
                "steps = {{ first_grams = {first}, first_minor = {price}, step_grams = {step}, step_minor = {more}, up_to_grams = {most} }}"
            ),
        };
        format!(
            "[[freight]]\nid = {:?}\nsource = \"own\"\nship_modes = {names:?}\nregion = {:?}\norigin = {:?}\ncurrency = {:?}\n{price}\n{}\n",
            self.id, self.region, self.origin, self.currency, self.dates
        )
    }

    fn fits(&self, item: &v1::Item, market: Market<'_>, mode: ShipMode) -> bool {
        let named = |list: &[&str], name: &str| list.is_empty() || list.contains(&name);
        self.holds
            && self.modes.contains(&mode)
            && named(self.region, market.region)
            && named(self.origin, &item.origin_country)
    }

    fn minor(&self, weight: Option<u32>) -> Option<i64> {
        match &self.price {
            FreightPrice::Flat(minor) => Some(*minor),
            FreightPrice::Bands(bands) => {
                let weight = weight?;
                for (grams, minor) in *bands {
                    if weight <= *grams {
                        return Some(*minor);
                    }
                }
                None
            }
            FreightPrice::Steps((first, price), (step, more), most) => {
                let weight = weight?;
                if weight > *most {
                    return None;
                }
                let (mut covered, mut minor) = (*first, *price);
                while covered < weight {
                    covered += step;
                    minor += more;
                }
                Some(minor)
            }
        }
    }
}

/// A price at the door, in minor units of the currency it is shown in.
#[derive(Debug, Clone, PartialEq)]
pub struct Landed {
    pub price: i64,
    /// The cheapest way whose freight is known, and its freight.
    pub freight: Option<(i64, ShipMode)>,
    /// Freight of each way, and the row that says so.
    pub by_mode: Vec<(ShipMode, Option<i64>, &'static str)>,
}

impl Landed {
    pub fn sum(&self) -> Option<i64> {
        self.freight.map(|(freight, _)| self.price + freight)
    }
}

/// What an item costs at the door by the ways that bring it. Of `table`, the first row that fits decides, those for this
/// destination before those for every one.
pub fn landed(
    item: &v1::Item,
    market: Market<'_>,
    ways: &[ShipMode],
    table: &[FreightRow],
    (rates, currency): (&Rates, &str),
) -> Landed {
    let offer = offer_in(item, market.region).expect("it is sold there");
    let price = offer.price.as_ref().expect("a price");
    let shown = |minor: i64, currency_of: &str| {
        let money = v1::Money {
            minor,
            currency: currency_of.to_owned(),
        };
        rates.convert(&money, currency)
    };
    let own = table.iter().filter(|row| row.destination == market.ship_to);
    let common = table.iter().filter(|row| row.destination.is_empty());
    let rows: Vec<&FreightRow> = own.chain(common).collect();
    let mut by_mode = Vec::new();
    for mode in ways {
        let row = rows.iter().find(|row| row.fits(item, market, *mode));
        by_mode.push(match (mode, offer.freight_minor, row) {
            (ShipMode::FreeShipping, _, _) => (*mode, Some(0), ""),
            (_, Some(stated), _) => (*mode, Some(shown(stated, &price.currency)), ""),
            (_, None, None) => (*mode, None, ""),
            (_, None, Some(row)) => match row.minor(item.weight_grams) {
                Some(minor) => (*mode, Some(shown(minor, row.currency)), row.id),
                None => (*mode, None, ""),
            },
        });
    }
    let mut freight: Option<(i64, ShipMode)> = None;
    for (mode, minor, _) in &by_mode {
        if let Some(minor) = minor
            && freight.is_none_or(|(least, _)| *minor < least)
        {
            freight = Some((*minor, *mode));
        }
    }
    Landed {
        price: shown(price.minor, &price.currency),
        freight,
        by_mode,
    }
}
