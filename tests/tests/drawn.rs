//! Catalogues and restrictions to be drawn at random: small worlds in which brands, tags and categories meet rules often.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};
use sampan_proto::v1;
use sampan_tests::{
    catalogue::ALL_MODES,
    items::{attribute, hkd, item, offer, owned},
    oracle::{Attribute, Rule, mode_name},
};

/// Where goods are sold and sent to.
pub const REGIONS: [&str; 4] = ["hk", "tw", "cn", "us"];
/// Two names of one brand among them.
pub const BRANDS: [&str; 4] = ["維記", "维记", "北原", ""];
pub const TAGS: [&str; 4] = ["熱賣", "热卖", "易碎", "液體"];
pub const PATHS: [&[&str]; 4] = [
    &["食品"],
    &["食品", "飲品"],
    &["食品", "饮品", "茶"],
    &["家電"],
];
const ORIGINS: [&str; 3] = ["jp", "us", ""];
const COLOURS: [&str; 2] = ["紅", "藍"];

/// An offer in a region, or none.
pub fn any_offer(region: &'static str) -> impl Strategy<Value = Option<v1::Offer>> {
    let modes = subsequence(ALL_MODES.to_vec(), 1..=4);
    proptest::option::weighted(
        0.75,
        (modes, 1..1_000i64).prop_map(move |(modes, minor)| offer(region, &modes, hkd(minor))),
    )
}

/// An item without an id, called 貨品.
pub fn any_item() -> impl Strategy<Value = v1::Item> {
    let offers = REGIONS.map(any_offer);
    (
        select(BRANDS.as_slice()),
        subsequence(TAGS.to_vec(), 0..=2),
        select(PATHS.as_slice()),
        select(ORIGINS.as_slice()),
        select(COLOURS.as_slice()),
        offers,
    )
        .prop_map(|(brand, tags, path, origin, colour, offers)| v1::Item {
            brand: brand.to_owned(),
            tags: owned(&tags),
            category_path: owned(path),
            origin_country: origin.to_owned(),
            attributes: [attribute("顏色", colour)].into(),
            offers: offers.into_iter().flatten().collect(),
            ..item("", "貨品")
        })
}

/// Moments between which a rule may hold, seconds since 1970.
#[derive(Debug, Clone)]
pub struct Moments {
    pub from: Vec<Option<i64>>,
    pub until: Vec<Option<i64>>,
}

/// A rule without an id, by one selector or two; those by item select among `i-0`, `i-3` and `i-7`.
pub fn any_rule(moments: Moments) -> impl Strategy<Value = Rule> {
    let destination = select(["", "hk", "tw", "cn", "us"].as_slice());
    let modes = subsequence(ALL_MODES.to_vec(), 0..=3);
    let (from, until) = (select(moments.from), select(moments.until));
    let selectors = vec(0..6usize, 1..=2);
    (destination, modes, from, until, selectors, any_item()).prop_map(
        |(destination, modes, from, until, selectors, like)| {
            let mut rule = Rule {
                destination: destination.to_owned(),
                ship_modes: modes
                    .iter()
                    .map(|mode| mode_name(*mode).to_owned())
                    .collect(),
                from,
                until: until.filter(|until| from.is_none_or(|from| from < *until)),
                ..Rule::default()
            };
            for selector in selectors {
                match selector {
                    0 if !like.brand.is_empty() => rule.brand = vec![like.brand.clone()],
                    1 if !like.tags.is_empty() => rule.tag = like.tags.clone(),
                    2 if !like.origin_country.is_empty() => {
                        rule.origin = vec![like.origin_country.clone()];
                    }
                    3 => {
                        let values = &like.attributes["顏色"].values;
                        rule.attribute = vec![Attribute {
                            name: "顏色".to_owned(),
                            value: values[0].clone(),
                        }];
                    }
                    4 => rule.item = owned(&["i-0", "i-3", "i-7"]),
                    _ => rule.category = vec![like.category_path.join(" > ")],
                }
            }
            rule
        },
    )
}
