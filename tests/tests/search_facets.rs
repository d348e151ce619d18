//! Facets count exactly what the same filters would find.

use std::collections::{BTreeMap, BTreeSet};

use sampan_proto::v1::{self, FacetKind};
use sampan_tests::{
    catalogue::{MARKS, catalogue},
    clients::query,
    items::{item_everywhere, now_seconds, owned},
    node::TestNode,
    oracle::{self, Market, mode_name, rules_of_dictionaries},
};

use crate::shared::shared_node;

const KINDS: [FacetKind; 5] = [
    FacetKind::Category,
    FacetKind::Brand,
    FacetKind::ShipMode,
    FacetKind::Price,
    FacetKind::Tag,
];

type Counts = BTreeMap<String, u64>;

/// Requests over which facets are counted: a region, a destination, a text and filters.
fn requests() -> Vec<v1::SearchRequest> {
    let in_market = |text, region, ship_to: &str| v1::SearchRequest {
        ship_to: ship_to.to_owned(),
        facets: KINDS.map(i32::from).into(),
        ..query(text, region)
    };
    let appliances = v1::Filters {
        category_path: owned(&["家電"]),
        in_stock: true,
        ..Default::default()
    };
    vec![
        in_market("", "hk", ""),
        in_market("", "tw", "sg"),
        in_market(MARKS[0], "cn", ""),
        v1::SearchRequest {
            filters: Some(appliances),
            ..in_market(MARKS[1], "hk", "us")
        },
    ]
}

#[tokio::test]
async fn facets_count_what_is_found() {
    let node = shared_node().await;
    for request in requests() {
        let answer = node.clients.search(request.clone()).await;
        let kinds: Vec<_> = answer.facets.iter().map(|facet| facet.kind()).collect();
        assert_eq!(kinds, KINDS, "facets come as asked");
        let expected = counted_by_hand(&request);
        for facet in &answer.facets {
            let Some(expected) = expected.get(facet.kind().as_str_name()) else {
                continue;
            };
            let counts: Counts = facet
                .buckets
                .iter()
                .map(|bucket| (bucket.value.clone(), bucket.count))
                .collect();
            assert!(!expected.is_empty(), "the test counts nothing");
            assert_eq!(&counts, expected, "{:?} of {request:?}", facet.kind());
            assert_eq!(counts.len(), facet.buckets.len(), "a value comes twice");
            for pair in facet.buckets.windows(2) {
                assert!(pair[0].count >= pair[1].count, "highest first: {pair:?}");
            }
        }
    }
}

/// Counts by kind of facet, but for prices.
fn counted_by_hand(request: &v1::SearchRequest) -> BTreeMap<&'static str, Counts> {
    let rules = rules_of_dictionaries();
    let ship_to = match request.ship_to.as_str() {
        "" => &request.region,
        ship_to => ship_to,
    };
    let market = Market {
        region: &request.region,
        ship_to,
    };
    let filters = request.filters.clone().unwrap_or_default();
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut count = |kind: FacetKind, values: BTreeSet<String>| {
        let of_kind = counts.entry(kind.as_str_name()).or_default();
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            *of_kind.entry(value).or_default() += 1;
        }
    };
    for item in catalogue() {
        let ways = oracle::ways(&item, market, &rules, now_seconds());
        let found = !ways.is_empty()
            && oracle::passes(&item, &ways, &filters, market)
            && item.titles[0].text.contains(&request.text);
        if !found {
            continue;
        }
        let path = &item.category_path;
        let levels = (1..=path.len()).map(|depth| path[..depth].join(" > "));
        count(FacetKind::Category, levels.collect());
        count(FacetKind::Brand, [item.brand].into());
        count(FacetKind::Tag, item.tags.into_iter().collect());
        let modes = ways.iter().map(|mode| mode_name(*mode).to_owned());
        count(FacetKind::ShipMode, modes.collect());
    }
    counts
}

#[tokio::test]
async fn price_buckets_hold_every_price_once_and_about_equally_many() {
    let node = shared_node().await;
    for request in requests() {
        let answer = node.clients.search(request.clone()).await;
        let facet = answer
            .facets
            .iter()
            .find(|facet| facet.kind() == FacetKind::Price);
        let buckets = &facet.expect("the price facet").buckets;
        assert!((2..=10).contains(&buckets.len()), "{}", buckets.len());
        let hits = node.clients.search_all(request).await;
        let prices = hits.iter().filter(|hit| !hit.partial_match).map(|hit| {
            let offer = hit.offer.as_ref().expect("an offer");
            offer.display_price.as_ref().expect("a price").minor
        });
        let prices: Vec<i64> = prices.collect();
        let counted: u64 = buckets.iter().map(|bucket| bucket.count).sum();
        assert_eq!(counted as usize, prices.len());
        let mut above = None;
        for bucket in buckets {
            let (low, high) = (bucket.price_min_minor, bucket.price_max_minor);
            let range = low.expect("a lowest price")..=high.expect("a highest price");
            let inside = prices.iter().filter(|price| range.contains(price)).count();
            assert_eq!(bucket.count as usize, inside, "{bucket:?}");
            assert!(
                above < low,
                "buckets ascend and do not overlap: {buckets:?}"
            );
            above = high;
        }
        // Ties share a bucket, so the counts may differ, but none may swallow the others.
        let most = buckets.iter().map(|bucket| bucket.count).max();
        assert!(
            most.unwrap_or(0) as usize <= prices.len() / 2,
            "{buckets:?}"
        );
    }
}

#[tokio::test]
async fn a_facet_is_not_counted_unasked() {
    let node = shared_node().await;
    let answer = node.clients.search(query("", "hk")).await;
    assert!(answer.facets.is_empty());
}

#[tokio::test]
async fn a_facet_shows_its_fifty_fullest_values() {
    let node = TestNode::start();
    let clients = node.clients().await;
    // The first ten brands have two items each, the other fifty one.
    let items = (0..70).map(|number| v1::Item {
        brand: format!("brand {:02}", number % 60),
        ..item_everywhere(&format!("i-{number}"), "杯", &["hk"])
    });
    clients.stock(items.collect()).await;
    let request = v1::SearchRequest {
        facets: vec![FacetKind::Brand.into()],
        ..query("", "hk")
    };
    let answer = clients.search(request).await;
    let counts: Vec<u64> = answer.facets[0].buckets.iter().map(|b| b.count).collect();
    assert_eq!(counts, [[2; 10].as_slice(), &[1; 40]].concat());
}
