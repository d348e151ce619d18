//! A pool as `pools.toml` writes it.

use std::sync::Arc;

use toml::{Spanned, value::Datetime};

use super::{Pool, PoolRule, PriceBounds};
use crate::{
    base::{
        limits,
        money::{CurrencyIndex, RateTable},
        ship::{ModeSet, ShipMode},
    },
    config::{
        selector::{AttributeRow, Selector, category_paths, lower_case},
        validity::Validity,
    },
};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolsFile {
    #[serde(default)]
    pub pool: Vec<PoolRow>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolRow {
    id: Spanned<String>,
    #[serde(default)]
    title: String,
    from: Option<Datetime>,
    until: Option<Datetime>,
    #[serde(default)]
    category: Vec<String>,
    #[serde(default)]
    brand: Vec<String>,
    #[serde(default)]
    seller: Vec<String>,
    #[serde(default)]
    tag: Vec<String>,
    #[serde(default)]
    item: Vec<String>,
    #[serde(default)]
    origin: Vec<String>,
    #[serde(default)]
    attribute: Vec<AttributeRow>,
    #[serde(default)]
    ship_modes: Vec<ShipMode>,
    price_min: Option<Amount>,
    price_max: Option<Amount>,
    currency: Option<String>,
    in_stock: Option<bool>,
    popular: Option<usize>,
    #[serde(default)]
    union: Vec<String>,
    #[serde(default)]
    intersect: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// Money in major units: `100`, `99.9` or `"99.90"`.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Amount {
    Whole(i64),
    Decimal(f64),
    Text(String),
}

impl Amount {
    fn text(&self) -> String {
        match self {
            Self::Whole(amount) => amount.to_string(),
            Self::Decimal(amount) => amount.to_string(),
            Self::Text(amount) => amount.clone(),
        }
    }
}

/// Key at fault, and why.
type Fault = (&'static str, String);

impl PoolRow {
    /// The keys that name other pools.
    pub const REFERENCE_KEYS: [&'static str; 3] = ["union", "intersect", "without"];

    pub fn id(&self) -> &str {
        self.id.get_ref()
    }

    /// Byte offset of the id in the file.
    pub fn offset(&self) -> usize {
        self.id.span().start
    }

    /// Ids of the pools that it is made out of, by [`Self::REFERENCE_KEYS`].
    pub fn references(&self) -> [Vec<String>; 3] {
        [&self.union, &self.intersect, &self.without].map(Clone::clone)
    }

    /// The pool. `currency` is what its prices are in when it does not say.
    pub fn into_pool(
        self,
        folder: &str,
        currency: Option<CurrencyIndex>,
        rates: &RateTable,
    ) -> Result<Pool, Fault> {
        let id = self.id.get_ref();
        if id.trim().is_empty() || id.len() > limits::POOL_ID_BYTES_MAX {
            let reason = format!("must hold 1 to {} bytes", limits::POOL_ID_BYTES_MAX);
            return Err(("id", reason));
        }
        if self.title.len() > limits::POOL_TITLE_BYTES_MAX {
            let reason = format!("at most {} bytes", limits::POOL_TITLE_BYTES_MAX);
            return Err(("title", reason));
        }
        let validity = Validity::read(self.from.as_ref(), self.until.as_ref())
            .map_err(|(key, reason)| (key, reason.to_owned()))?;
        let most = limits::POPULAR_ITEMS_MAX;
        if self.popular.is_some_and(|count| count == 0 || count > most) {
            return Err(("popular", format!("lies between 1 and {most}")));
        }
        let price = self.price(currency, rates)?;
        let takes_from_pools = !self.union.is_empty() || !self.intersect.is_empty();
        let modes = self.ship_modes.iter().copied();
        let rule = PoolRule {
            selector: Selector {
                categories: category_paths(&self.category),
                brands: self.brand,
                sellers: self.seller,
                tags: self.tag,
                items: self.item,
                origins: lower_case(&self.origin),
                attributes: self.attribute.into_iter().map(AttributeRow::pair).collect(),
            },
            price,
            modes: modes.fold(ModeSet::NONE, ModeSet::with),
            in_stock: self.in_stock,
            popular: self.popular,
        };
        let rule = (rule != PoolRule::default()).then(|| Arc::new(rule));
        if rule.is_none() && !takes_from_pools {
            let reason = "selects nothing: name category, brand, seller, tag, item, origin, attribute, ship_modes, \
                price_min, price_max, in_stock, popular, union or intersect";
            return Err(("id", reason.to_owned()));
        }
        Ok(Pool {
            id: self.id.into_inner(),
            title: self.title,
            validity,
            rule,
            folder: folder.to_owned(),
        })
    }

    fn price(
        &self,
        currency: Option<CurrencyIndex>,
        rates: &RateTable,
    ) -> Result<Option<PriceBounds>, Fault> {
        let stated = match &self.currency {
            Some(code) => {
                let unknown = || ("currency", format!("unknown currency {code:?}"));
                Some(rates.find(code).ok_or_else(unknown)?)
            }
            None => currency,
        };
        let bounds = [
            ("price_min", &self.price_min),
            ("price_max", &self.price_max),
        ];
        let Some((key, _)) = bounds.iter().find(|(_, amount)| amount.is_some()) else {
            return match self.currency {
                Some(_) => Err(("currency", "there is no price that it is of".to_owned())),
                None => Ok(None),
            };
        };
        let needed = || {
            (
                *key,
                "needs `currency`, for regions differ in theirs".to_owned(),
            )
        };
        let currency = stated.ok_or_else(needed)?;
        let minor = |(key, amount): (&'static str, &Option<Amount>)| {
            let Some(text) = amount.as_ref().map(Amount::text) else {
                return Ok(None);
            };
            let known = rates.get(currency);
            let wrong = || {
                let decimals = known.decimals;
                let code = &known.code;
                (
                    key,
                    format!(
                        "{text:?} is no amount of {code} in major units, with at most {decimals} decimals"
                    ),
                )
            };
            known.minor_units(&text).map(Some).ok_or_else(wrong)
        };
        let [low, high] = bounds.map(minor);
        let (low, high) = (low?.unwrap_or(0), high?.unwrap_or(i64::MAX));
        if high < low {
            return Err(("price_max", "lies below `price_min`".to_owned()));
        }
        Ok(Some(PriceBounds {
            low,
            high,
            currency,
        }))
    }
}
