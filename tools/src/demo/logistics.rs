//! Expands where a demo item is sold (`tools/demo/routes.toml`) into offers: the same ones every time.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sampan_analyzers::DictionaryFiles;
use sampan_engine::{base::money::RateTable, config::rates};
use sampan_proto::v1;
use serde::Deserialize;

use crate::import::{field, regions};

const ROUTES: &str = include_str!("../../demo/routes.toml");

/// Currency that freight and generated prices are stated in.
const FREIGHT_CURRENCY: &str = "HKD";

/// Converted prices are rounded to this many minor units, as shops do.
const PRICE_STEP_MINOR: i64 = 10;

/// Shares of offers, in percent: without a counted stock, sold out, and nearly so.
const UNCOUNTED_PERCENT: u64 = 10;
const SOLD_OUT_PERCENT: u64 = 3;
const LOW_STOCK_PERCENT: u64 = 6;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bulk: BTreeMap<String, f64>,
    routes: BTreeMap<String, BTreeMap<String, Route>>,
}

/// How goods reach one region.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    modes: Vec<String>,
    freight: i64,
    days: u32,
    #[serde(default)]
    returns: bool,
}

/// The routes, ready to make offers.
#[derive(Debug)]
pub struct Logistics {
    file: File,
    rates: RateTable,
    /// Region code to currency.
    currencies: BTreeMap<String, String>,
}

/// What an offer is made for.
#[derive(Debug)]
pub struct Goods<'a> {
    pub id: &'a str,
    /// Department: the file that the item is in.
    pub department: &'a str,
    /// Name of its routes.
    pub logistics: &'a str,
    pub price: v1::Money,
}

impl Logistics {
    /// Reads the routes and rates that are in this binary.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn built_in() -> anyhow::Result<Self> {
        let file = toml::from_str(ROUTES).context("tools/demo/routes.toml")?;
        let rates = rates::read(&DictionaryFiles::embedded())?;
        let regions = regions::built_in().into_iter();
        let currencies = regions
            .map(|region| (region.code, region.currency))
            .collect();
        Ok(Self {
            file,
            rates,
            currencies,
        })
    }

    /// One offer a region that the routes reach, by region code.
    ///
    /// # Errors
    /// The routes, a region, a ship mode or a currency is unknown.
    pub fn offers(&self, goods: &Goods<'_>) -> anyhow::Result<Vec<v1::Offer>> {
        let name = goods.logistics;
        let routes = self
            .file
            .routes
            .get(name)
            .with_context(|| format!("no routes {name}"))?;
        routes
            .iter()
            .map(|(region, route)| self.offer(goods, region, route))
            .collect()
    }

    fn offer(&self, goods: &Goods<'_>, region: &str, route: &Route) -> anyhow::Result<v1::Offer> {
        let no_region = || format!("routes {}: no region {region}", goods.logistics);
        let currency = self.currencies.get(region).with_context(no_region)?;
        let price = if *currency == goods.price.currency {
            goods.price.minor
        } else {
            let converted = self.convert(goods.price.minor, &goods.price.currency, currency)?;
            ((converted + PRICE_STEP_MINOR / 2) / PRICE_STEP_MINOR).max(1) * PRICE_STEP_MINOR
        };
        let bulk = self.file.bulk.get(goods.department).copied().unwrap_or(1.0);
        let freight = (route.freight as f64 * bulk).round() as i64 * 100;
        let modes = route.modes.iter().map(|mode| {
            let found = field::ship_mode(mode).map(i32::from);
            found.with_context(|| format!("routes {}: no ship mode {mode}", goods.logistics))
        });
        Ok(v1::Offer {
            region: region.to_owned(),
            price: Some(v1::Money {
                minor: price,
                currency: currency.clone(),
            }),
            stock: stock(goods.id, region),
            ship_modes: modes.collect::<anyhow::Result<_>>()?,
            freight_minor: Some(self.convert(freight, FREIGHT_CURRENCY, currency)?),
            delivery_days: Some(route.days),
            local_return: route.returns,
        })
    }

    /// Minor units of HKD in minor units of another currency; an unknown currency counts as HKD.
    pub fn hkd_in(&self, minor: i64, currency: &str) -> i64 {
        self.convert(minor, FREIGHT_CURRENCY, currency)
            .unwrap_or(minor)
    }

    fn convert(&self, minor: i64, from: &str, to: &str) -> anyhow::Result<i64> {
        let rate = |code: &str| {
            self.rates
                .find(code)
                .with_context(|| format!("no rate for the currency {code}"))
        };
        Ok(self.rates.convert(minor, rate(from)?, rate(to)?))
    }
}

/// A stock that is the same every time: mostly plenty, sometimes low, sold out, or not counted.
fn stock(id: &str, region: &str) -> Option<u32> {
    let hash = blake3::hash(format!("{id}/{region}").as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    let number = u64::from_le_bytes(bytes);
    let plenty = 20 + ((number >> 32) % 480) as u32;
    let (sold_out, low) = (
        UNCOUNTED_PERCENT + SOLD_OUT_PERCENT,
        UNCOUNTED_PERCENT + SOLD_OUT_PERCENT + LOW_STOCK_PERCENT,
    );
    match number % 100 {
        percent if percent < UNCOUNTED_PERCENT => None,
        percent if percent < sold_out => Some(0),
        percent if percent < low => Some(1 + plenty % 9),
        _ => Some(plenty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goods(logistics: &str) -> Goods<'_> {
        let price = v1::Money {
            minor: 10_000,
            currency: "CNY".into(),
        };
        Goods {
            id: "d-1",
            department: "toys",
            logistics,
            price,
        }
    }

    #[test]
    fn every_route_makes_offers_in_known_regions_and_modes() {
        let logistics = Logistics::built_in().unwrap();
        for name in logistics.file.routes.keys() {
            let offers = logistics.offers(&goods(name)).unwrap();
            assert!(!offers.is_empty(), "{name}");
            for offer in offers {
                let price = offer.price.unwrap();
                assert_eq!(
                    price.currency, logistics.currencies[&offer.region],
                    "{name}"
                );
                assert!(price.minor > 0 && !offer.ship_modes.is_empty());
            }
        }
        assert!(logistics.offers(&goods("by-pigeon")).is_err());
    }

    #[test]
    fn the_home_price_is_the_stated_one_and_free_shipping_is_free() {
        let logistics = Logistics::built_in().unwrap();
        let offers = logistics.offers(&goods("cn-direct-free")).unwrap();
        let of = |region: &str| offers.iter().find(|offer| offer.region == region).unwrap();
        assert_eq!(of("cn").price.as_ref().unwrap().minor, 10_000);
        assert_eq!(of("hk").freight_minor, Some(0));
        assert_ne!(of("us").freight_minor, Some(0));
        assert_eq!(of("hk").price.as_ref().unwrap().minor % PRICE_STEP_MINOR, 0);
        assert_eq!(offers, logistics.offers(&goods("cn-direct-free")).unwrap());
    }

    #[test]
    fn bulky_goods_cost_more_to_send() {
        let logistics = Logistics::built_in().unwrap();
        let freight = |department| {
            let goods = Goods {
                department,
                ..goods("hk-local")
            };
            logistics.offers(&goods).unwrap()[0].freight_minor.unwrap()
        };
        assert!(freight("large-appliances") > 5 * freight("toys"));
    }
}
