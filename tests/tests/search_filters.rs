//! Each filter lets through exactly what it names, from every region to every destination.

use std::collections::BTreeSet;

use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    catalogue::{MARKS, catalogue},
    clients::{Clients, query},
    items::{now_seconds, owned},
    oracle::{self, Market, Rates, Rule, rules_of_dictionaries},
};

use crate::shared::shared_node;

const MARKETS: [(&str, &str); 5] = [
    ("hk", "hk"),
    ("tw", "tw"),
    ("cn", "hk"),
    ("hk", "us"),
    ("sg", "cn"),
];

/// A filter each, and some together.
fn filters() -> Vec<(&'static str, v1::Filters)> {
    let filters = v1::Filters::default;
    let modes = |modes: &[ShipMode]| v1::Filters {
        ship_modes: modes.iter().map(|mode| (*mode).into()).collect(),
        ..filters()
    };
    let tags = |tags: &[&str]| v1::Filters {
        tags: owned(tags),
        ..filters()
    };
    let category = |path: &[&str]| v1::Filters {
        category_path: owned(path),
        ..filters()
    };
    let brands = |brands: &[&str]| v1::Filters {
        brands: owned(brands),
        ..filters()
    };
    vec![
        ("none", filters()),
        ("a department", category(&["家電"])),
        ("a section", category(&["家電", "大型家電"])),
        ("a shelf", category(&["家電", "大型家電", "雪櫃"])),
        ("half a name is no category", category(&["家"])),
        ("a brand", brands(&["北原"])),
        ("a brand in the other script", brands(&["维记"])),
        ("a brand in another case", brands(&["norvik"])),
        ("two brands", brands(&["維記", "樂居"])),
        ("a brand that nobody has", brands(&["無此牌"])),
        ("direct mail", modes(&[ShipMode::DirectMail])),
        (
            "two modes",
            modes(&[ShipMode::FreeShipping, ShipMode::Local]),
        ),
        ("a tag", tags(&["新品"])),
        ("a tag in either script", tags(&["熱賣"])),
        ("two tags", tags(&["新品", "送禮"])),
        ("a tag that nobody has", tags(&["無此標籤"])),
        (
            "in stock",
            v1::Filters {
                in_stock: true,
                ..filters()
            },
        ),
        (
            "sellers",
            v1::Filters {
                sellers: owned(&["shop-1", "旗艦店"]),
                ..filters()
            },
        ),
        (
            "everything at once",
            v1::Filters {
                category_path: owned(&["家電"]),
                brands: owned(&["維記", "北原", "norvik"]),
                ship_modes: vec![ShipMode::DirectMail.into(), ShipMode::Consolidated.into()],
                tags: owned(&["熱賣"]),
                in_stock: true,
                sellers: owned(&["shop-1", "shop-2", "shop-3"]),
                ..filters()
            },
        ),
    ]
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names_and_nothing_else() {
    let node = shared_node().await;
    let (items, rules) = (catalogue(), rules_of_dictionaries());
    let mut met = 0;
    for (region, ship_to) in MARKETS {
        let market = Market { region, ship_to };
        for (name, filters) in filters() {
            for text in ["", MARKS[0]] {
                let expected = expected(&items, &rules, market, &filters, text);
                met += expected.len();
                let request = v1::SearchRequest {
                    ship_to: ship_to.to_owned(),
                    filters: Some(filters.clone()),
                    ..query(text, region)
                };
                let total = node.clients.search(request.clone()).await.total;
                let found = whole_matches(&node.clients, request).await;
                assert_eq!(found, expected, "{name}, {text:?}, {market:?}");
                assert_eq!(
                    total as usize,
                    expected.len(),
                    "{name}, {text:?}, {market:?}"
                );
            }
        }
    }
    assert!(
        met > 2_000,
        "the filters met only {met} items: the test tests little"
    );
}

fn expected(
    items: &[v1::Item],
    rules: &[Rule],
    market: Market<'_>,
    filters: &v1::Filters,
    text: &str,
) -> BTreeSet<String> {
    let shown = items.iter().filter(|item| {
        let ways = oracle::ways(item, market, rules, now_seconds());
        !ways.is_empty()
            && oracle::passes(item, &ways, filters, market)
            && item.titles[0].text.contains(text)
    });
    shown.map(|item| item.id.clone()).collect()
}

/// Ids of the items that match the whole query; none may come twice.
async fn whole_matches(clients: &Clients, request: v1::SearchRequest) -> BTreeSet<String> {
    let hits = clients.search_all(request).await;
    let whole: Vec<_> = hits.into_iter().filter(|hit| !hit.partial_match).collect();
    let ids: BTreeSet<String> = whole.iter().map(|hit| hit.item_id.clone()).collect();
    assert_eq!(ids.len(), whole.len(), "an item came twice");
    ids
}

#[tokio::test]
async fn prices_are_filtered_in_the_display_currency() {
    let node = shared_node().await;
    let (items, rules, rates) = (
        catalogue(),
        rules_of_dictionaries(),
        Rates::of_dictionaries(),
    );
    for (region, currency) in [("hk", "HKD"), ("hk", "JPY"), ("tw", "TWD"), ("cn", "USD")] {
        let market = Market::at_home(region);
        let price = |item: &v1::Item| {
            let offer = oracle::offer_in(item, region)?;
            Some(rates.convert_down(offer.price.as_ref()?, currency))
        };
        let mut prices: Vec<i64> = items.iter().filter_map(price).collect();
        prices.sort_unstable();
        let (low, high) = (prices[prices.len() / 4], prices[prices.len() * 3 / 4]);
        for (low, high) in [
            (Some(low), None),
            (None, Some(high)),
            (Some(low), Some(high)),
        ] {
            let request = v1::SearchRequest {
                display_currency: currency.to_owned(),
                filters: Some(v1::Filters {
                    price_min_minor: low,
                    price_max_minor: high,
                    ..Default::default()
                }),
                ..query("", region)
            };
            let found = whole_matches(&node.clients, request).await;
            let range = low.unwrap_or(0)..=high.unwrap_or(i64::MAX);
            let mut sure = 0;
            for item in &items {
                let shown = !oracle::ways(item, market, &rules, now_seconds()).is_empty();
                let Some(price) = price(item).filter(|_| shown) else {
                    assert!(!found.contains(&item.id), "{} is not for sale", item.id);
                    continue;
                };
                // The node rounds to the nearest unit: this one or the next.
                if range.contains(&price) && range.contains(&(price + 1)) {
                    assert!(found.contains(&item.id), "{price} {currency} in {range:?}");
                    sure += 1;
                } else if !range.contains(&price) && !range.contains(&(price + 1)) {
                    assert!(!found.contains(&item.id), "{price} {currency} in {range:?}");
                }
            }
            assert!(sure > 50, "only {sure} items lie inside {range:?}");
        }
    }
}
