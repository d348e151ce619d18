//! Every order is what its name says, over the same items, and money is converted as the dated rates say.

use std::collections::BTreeSet;

use sampan_proto::v1::{self, ShipMode, Sort};
use sampan_tests::{
    catalogue::{MARKS, catalogue},
    clients::{ids, query},
    items::now_seconds,
    oracle::{self, Market, Rates, rules_of_dictionaries},
};

use crate::shared::shared_node;

const MARKETS: [(&str, &str, &str); 4] = [
    ("hk", "hk", ""),
    ("tw", "tw", "JPY"),
    ("cn", "hk", "HKD"),
    ("hk", "sg", "USD"),
];

fn request(region: &str, ship_to: &str, currency: &str, sort: Sort) -> v1::SearchRequest {
    v1::SearchRequest {
        ship_to: ship_to.to_owned(),
        display_currency: currency.to_owned(),
        sort: sort.into(),
        ..query("", region)
    }
}

fn shown(hit: &v1::Hit) -> &v1::DisplayOffer {
    hit.offer.as_ref().expect("a hit has an offer")
}

fn price(hit: &v1::Hit) -> i64 {
    shown(hit).display_price.as_ref().expect("a price").minor
}

fn landed(hit: &v1::Hit) -> i64 {
    let landed = shown(hit).display_landed.as_ref();
    landed.map_or(i64::MAX, |sum| sum.minor)
}

/// The same with what is unknown below everything.
fn landed_below(hit: &v1::Hit) -> i64 {
    let landed = shown(hit).display_landed.as_ref();
    landed.map_or(i64::MIN, |sum| sum.minor)
}

#[tokio::test]
async fn each_order_is_what_its_name_says_over_all_eligible_items() {
    let node = shared_node().await;
    let (items, rules) = (catalogue(), rules_of_dictionaries());
    let of = |hit: &v1::Hit| {
        let item = items.iter().find(|item| item.id == hit.item_id);
        item.expect("an item of the catalogue")
    };
    let created = |hit: &v1::Hit| of(hit).created.expect("it is dated").seconds;
    for (region, ship_to, currency) in MARKETS {
        let market = Market { region, ship_to };
        let eligible = items
            .iter()
            .filter(|item| !oracle::ways(item, market, &rules, now_seconds()).is_empty());
        let eligible: BTreeSet<&str> = eligible.map(|item| item.id.as_str()).collect();
        for sort in [
            Sort::PriceAscending,
            Sort::PriceDescending,
            Sort::LandedPriceAscending,
            Sort::LandedPriceDescending,
            Sort::Sales,
            Sort::Newest,
        ] {
            let asked = request(region, ship_to, currency, sort);
            let hits = node.clients.search_all(asked.clone()).await;
            let found = ids(&hits);
            let distinct: BTreeSet<&str> = found.iter().copied().collect();
            assert_eq!(found.len(), distinct.len(), "{sort:?}: an item came twice");
            assert_eq!(distinct, eligible, "{sort:?} in {market:?}");
            let in_order = |a: &v1::Hit, b: &v1::Hit| match sort {
                Sort::PriceAscending => price(a) <= price(b),
                Sort::PriceDescending => price(a) >= price(b),
                Sort::LandedPriceAscending => landed(a) <= landed(b),
                Sort::LandedPriceDescending => landed_below(a) >= landed_below(b),
                Sort::Sales => of(a).sales_prior >= of(b).sales_prior,
                Sort::Newest => created(a) >= created(b),
                Sort::Unspecified | Sort::Relevance => a.score >= b.score,
            };
            for pair in hits.windows(2) {
                assert!(in_order(&pair[0], &pair[1]), "{sort:?}: {pair:?}");
            }
            let again = node.clients.search_all(asked).await;
            assert_eq!(found, ids(&again), "{sort:?}: ties are broken the same way");
        }
    }
}

#[tokio::test]
async fn relevance_is_the_default_order_and_its_scores_fall() {
    let node = shared_node().await;
    for text in ["雪櫃", "咖啡 北原", MARKS[1], ""] {
        let relevant = v1::SearchRequest {
            sort: Sort::Relevance.into(),
            ..query(text, "hk")
        };
        let relevant = node.clients.search_all(relevant).await;
        let default = node.clients.search_all(query(text, "hk")).await;
        assert!(relevant.len() > 10, "{text} finds {}", relevant.len());
        assert_eq!(ids(&relevant), ids(&default), "{text}");
        for pair in relevant.windows(2) {
            assert!(pair[0].score >= pair[1].score, "{text}: {pair:?}");
        }
    }
}

#[tokio::test]
async fn an_order_holds_only_items_that_match_the_query() {
    let node = shared_node().await;
    for sort in [Sort::PriceAscending, Sort::Sales, Sort::Newest] {
        let request = v1::SearchRequest {
            sort: sort.into(),
            ..query(MARKS[0], "hk")
        };
        let hits = node.clients.search_all(request).await;
        assert!(!hits.is_empty());
        for hit in hits {
            assert!(hit.title.contains(MARKS[0]), "{sort:?}: {}", hit.title);
            assert!(!hit.partial_match);
        }
    }
}

#[tokio::test]
async fn a_hit_that_has_only_part_of_the_query_says_so() {
    let node = shared_node().await;
    for sort in [Sort::Relevance, Sort::PriceAscending] {
        for (text, partial) in [("雪櫃", false), ("雪櫃 潛水艇", true)] {
            let request = v1::SearchRequest {
                sort: sort.into(),
                ..query(text, "hk")
            };
            let hits = node.clients.search(request).await.hits;
            assert!(!hits.is_empty(), "{text} finds nothing by {sort:?}");
            let fridges = hits
                .iter()
                .filter(|hit| hit.category_path.ends_with(&["雪櫃".to_owned()]));
            for hit in fridges {
                assert_eq!(
                    hit.partial_match, partial,
                    "{text} by {sort:?}: {}",
                    hit.title
                );
            }
        }
    }
}

#[tokio::test]
async fn money_is_shown_as_stated_and_converted_at_the_dated_rates() {
    let node = shared_node().await;
    let rates = Rates::of_dictionaries();
    let items = catalogue();
    for (region, ship_to, currency) in MARKETS {
        let asked = request(region, ship_to, currency, Sort::PriceAscending);
        assert_eq!(
            node.clients.search(asked.clone()).await.rate_date,
            rates.date
        );
        let currency = match (currency, region) {
            ("", _) => "HKD",
            (currency, _) => currency,
        };
        for hit in node.clients.search_all(asked).await {
            let item = items.iter().find(|item| item.id == hit.item_id);
            let stated = oracle::offer_in(item.expect("an item"), region).expect("an offer");
            let shown = shown(&hit);
            assert_eq!(shown.region, region);
            assert_eq!(shown.price, stated.price);
            assert_eq!(shown.stock, stated.stock);
            assert_eq!(shown.delivery_days, stated.delivery_days);
            assert_eq!(shown.local_return, stated.local_return);
            let near = |shown: &Option<v1::Money>, stated: &v1::Money| {
                let shown = shown.as_ref().expect("money");
                let down = rates.convert_down(stated, currency);
                let exact = stated.currency == currency;
                assert_eq!(shown.currency, currency);
                assert!(
                    shown.minor == down || (!exact && shown.minor == down + 1),
                    "{shown:?}"
                );
                shown.minor
            };
            let stated_price = stated.price.as_ref().expect("a price");
            let price = near(&shown.display_price, stated_price);
            let free = shown
                .ship_modes()
                .any(|mode| mode == ShipMode::FreeShipping);
            let freight = match (free, stated.freight_minor) {
                (true, _) => Some(0),
                (false, None) => {
                    assert_eq!(shown.display_freight, None, "unknown is not free");
                    None
                }
                (false, Some(minor)) => {
                    let stated = v1::Money {
                        minor,
                        currency: stated_price.currency.clone(),
                    };
                    Some(near(&shown.display_freight, &stated))
                }
            };
            let landed = shown.display_landed.as_ref().map(|sum| sum.minor);
            assert_eq!(landed, freight.map(|freight| price + freight));
        }
    }
}
