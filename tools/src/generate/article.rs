//! One generated item.

use prost_types::Timestamp;
use rand::{Rng, SeedableRng as _, rngs::StdRng};
use sampan_analyzers::Analyzer;
use sampan_proto::v1;

use super::{
    title::title,
    vocabulary::{Thing, Vocabulary},
};
use crate::demo::logistics::{Goods, Logistics};

/// Brands; popular ones have many items.
const BRANDS: u64 = 6_000;

/// Sellers, likewise.
const SELLERS: u64 = 20_000;

/// Items are created in the three years before this time, Unix seconds: 2026-11-01.
const NEWEST: i64 = 1_793_491_200;
const OLDEST_DAYS: i64 = 1_095;

/// Units sold of the best sellers.
const SALES_MAX: f64 = 1_000_000.0;

/// Whose wording a title is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Mainland,
    HongKong,
    Taiwan,
    English,
}

/// Sellers of one place.
struct Sellers {
    /// Of all items, percent.
    share: u32,
    style: Style,
    currency: &'static str,
    /// Names of the routes they ship by, each with its share, percent.
    routes: &'static [(u32, &'static str)],
}

const SELLERS_OF: [Sellers; 5] = [
    Sellers {
        share: 64,
        style: Style::Mainland,
        currency: "CNY",
        routes: &[
            (40, "cn-direct-free"),
            (25, "cn-direct"),
            (20, "cn-consolidated"),
            (15, "cn-only"),
        ],
    },
    Sellers {
        share: 18,
        style: Style::HongKong,
        currency: "HKD",
        routes: &[(70, "hk-local"), (15, "hk-local-free"), (15, "hk-wide")],
    },
    Sellers {
        share: 10,
        style: Style::Taiwan,
        currency: "TWD",
        routes: &[(80, "tw-local"), (20, "tw-wide")],
    },
    Sellers {
        share: 4,
        style: Style::Mainland,
        currency: "MYR",
        routes: &[(50, "my-local"), (50, "my-sg-local")],
    },
    Sellers {
        share: 4,
        style: Style::English,
        currency: "USD",
        routes: &[(100, "global-direct")],
    },
];

/// Makes items by number.
pub struct Generator {
    vocabulary: Vocabulary,
    logistics: Logistics,
    seed: u64,
}

impl Generator {
    /// A generator whose items depend on the seed, the dictionaries and this version of Sampan, and on nothing else.
    ///
    /// # Errors
    /// The words or routes that are in this binary cannot be read.
    pub fn new(analyzer: &Analyzer, seed: u64) -> anyhow::Result<Self> {
        let vocabulary = Vocabulary::new(analyzer)?;
        Ok(Self {
            vocabulary,
            logistics: Logistics::built_in()?,
            seed,
        })
    }

    /// The item of a number; any order of calls gives the same items.
    ///
    /// # Errors
    /// The routes name an unknown region or currency.
    pub fn item(&self, number: u64) -> anyhow::Result<v1::Item> {
        let rng = &mut StdRng::seed_from_u64(self.seed.rotate_left(32) ^ number);
        let things = &self.vocabulary.things;
        // Some things have many more articles than others.
        let thing = &things[(skewed(rng, 1.4) * things.len() as f64) as usize % things.len()];
        let (style, currency, logistics) = seller(rng);
        let brand = self.brand((skewed(rng, 2.5) * BRANDS as f64) as u64);
        let words = &self.vocabulary.words;
        let text = title(rng, words, thing, &brand, style);
        let id = format!("g{:08}", number);
        let age_days = (skewed(rng, 1.5) * OLDEST_DAYS as f64) as i64;
        let home_price = v1::Money {
            minor: self.price(rng, thing, currency),
            currency: currency.to_owned(),
        };
        let goods = Goods {
            id: &id,
            department: &thing.department,
            logistics,
            price: home_price,
        };
        let offers = self.logistics.offers(&goods)?;
        let colour = words.colours.hk[rng.random_range(0..words.colours.hk.len())].clone();
        let attribute = v1::AttributeValues {
            values: vec![colour],
        };
        Ok(v1::Item {
            titles: vec![v1::Title {
                text,
                language: language(style).to_owned(),
            }],
            brand,
            category_path: thing.category_path.clone(),
            attributes: [("顏色".to_owned(), attribute)].into(),
            tags: tags(rng, thing, age_days),
            seller: format!("店{:05}", (skewed(rng, 2.0) * SELLERS as f64) as u64),
            created: Some(Timestamp {
                seconds: NEWEST - age_days * 86_400,
                nanos: 0,
            }),
            quality_prior: (rng.random_range(20..100) + rng.random_range(0..100)) as f32 / 200.0,
            sales_prior: sales(rng),
            origin_country: origin(style).to_owned(),
            offers,
            id,
            ..Default::default()
        })
    }

    /// The brand of a number: Chinese characters, a Latin name, or both.
    fn brand(&self, number: u64) -> String {
        let rng = &mut StdRng::seed_from_u64(number);
        let words = &self.vocabulary.words;
        let characters: Vec<char> = words.brand_characters.chars().collect();
        let chinese: String = (0..rng.random_range(2..4))
            .map(|_| characters[rng.random_range(0..characters.len())])
            .collect();
        let syllables = &words.brand_syllables;
        let latin: String = (0..rng.random_range(2..4))
            .map(|_| syllables[rng.random_range(0..syllables.len())].as_str())
            .collect();
        match rng.random_range(0..10) {
            0..6 => chinese,
            6..9 => latin.to_uppercase(),
            _ => format!("{latin} {chinese}"),
        }
    }

    /// A price in minor units of the seller's currency: cheap articles are many, dear ones few.
    fn price(&self, rng: &mut impl Rng, thing: &Thing, currency: &str) -> i64 {
        let (low, high) = thing.goods.price;
        let hkd = low * (high / low).powf(skewed(rng, 1.6));
        let minor = self.logistics.hkd_in((hkd * 100.0) as i64, currency);
        // Shops end prices in 9.
        (minor / 100).max(1) * 100 - 10
    }
}

/// 0 to 1, small numbers more often the higher the power.
fn skewed(rng: &mut impl Rng, power: f64) -> f64 {
    rng.random::<f64>().powf(power)
}

/// Units sold: a Pareto tail; half of the items have sold fewer than ten.
fn sales(rng: &mut impl Rng) -> u64 {
    let even = 1.0 - rng.random::<f64>();
    (6.0 * (even.powf(-1.0 / 0.9) - 1.0)).min(SALES_MAX) as u64
}

fn seller(rng: &mut impl Rng) -> (Style, &'static str, &'static str) {
    let sellers = &SELLERS_OF[by_share(rng, SELLERS_OF.iter().map(|sellers| sellers.share))];
    let route = by_share(rng, sellers.routes.iter().map(|(share, _)| *share));
    (sellers.style, sellers.currency, sellers.routes[route].1)
}

/// Index of a share, as often as it is large; the shares add up to 100.
fn by_share(rng: &mut impl Rng, shares: impl Iterator<Item = u32>) -> usize {
    let drawn = rng.random_range(0..100);
    let mut below = 0;
    let reached = shares.map(|share| {
        below += share;
        below
    });
    reached.take_while(|below| *below <= drawn).count()
}

fn tags(rng: &mut impl Rng, thing: &Thing, age_days: i64) -> Vec<String> {
    let mut tags = Vec::new();
    if let Some((tag, percent)) = &thing.goods.tag
        && rng.random_range(0..100) < *percent
    {
        tags.push(tag.clone());
    }
    if age_days < 30 {
        tags.push("新品".to_owned());
    }
    if rng.random_bool(0.08) {
        tags.push("熱賣".to_owned());
    }
    tags
}

fn language(style: Style) -> &'static str {
    match style {
        Style::Mainland => "zh-Hans-CN",
        Style::HongKong => "zh-Hant-HK",
        Style::Taiwan => "zh-Hant-TW",
        Style::English => "en",
    }
}

fn origin(style: Style) -> &'static str {
    match style {
        Style::Mainland => "cn",
        Style::HongKong => "hk",
        Style::Taiwan => "tw",
        Style::English => "us",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_100() {
        assert_eq!(
            SELLERS_OF.iter().map(|sellers| sellers.share).sum::<u32>(),
            100
        );
        for sellers in &SELLERS_OF {
            assert_eq!(
                sellers.routes.iter().map(|(share, _)| share).sum::<u32>(),
                100
            );
        }
    }
}
