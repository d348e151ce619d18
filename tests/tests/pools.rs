//! Pools: sets of items by rule, by list and out of each other, which search and feed can be kept to.

use sampan_proto::v1::{self, EventKind, ShipMode};
use sampan_tests::{
    catalogue::ALL_MODES,
    clients::{Clients, card_ids, ids, query},
    items::{attribute, event, hkd, item, money, offer, owned},
    node::TestNode,
    refusal::assert_names_field,
    wait::{VISIBLE_WITHIN, until_true},
};

/// Everything that a rule may select by.
fn kettle() -> v1::Item {
    let in_hk = v1::Offer {
        stock: Some(3),
        ..offer("hk", &[ShipMode::DirectMail], hkd(9_900))
    };
    v1::Item {
        brand: "維記".to_owned(),
        category_path: owned(&["家電", "廚房", "水壺"]),
        tags: owned(&["夏日", "清倉"]),
        attributes: [attribute("顏色", "紅")].into(),
        seller: "s-1".to_owned(),
        origin_country: "jp".to_owned(),
        offers: vec![in_hk, offer("tw", &ALL_MODES, money(90_000, "TWD"))],
        ..item("kettle", "電熱水壺")
    }
}

/// Nothing of it.
fn cup() -> v1::Item {
    let in_hk = v1::Offer {
        stock: Some(0),
        ..offer("hk", &[ShipMode::Local], hkd(30_000))
    };
    v1::Item {
        brand: "北原".to_owned(),
        category_path: owned(&["家品", "杯"]),
        tags: owned(&["新品"]),
        attributes: [attribute("顏色", "藍")].into(),
        seller: "s-2".to_owned(),
        origin_country: "cn".to_owned(),
        offers: vec![in_hk, offer("tw", &ALL_MODES, money(90_000, "TWD"))],
        ..item("cup", "水壺杯")
    }
}

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.stock(vec![kettle(), cup()]).await;
    (node, clients)
}

fn pool(id: &str, lines: &str) -> String {
    format!("[[pool]]\nid = {id:?}\n{lines}\n")
}

fn asking(pools: &[&str], not_pools: &[&str]) -> v1::SearchRequest {
    let filters = v1::Filters {
        pools: owned(pools),
        not_pools: owned(not_pools),
        ..Default::default()
    };
    v1::SearchRequest {
        filters: Some(filters),
        page_size: 100,
        ..query("", "hk")
    }
}

/// What of the region is in all of some pools and in none of others, in the order of its ids.
async fn held(clients: &Clients, pools: &[&str], not_pools: &[&str]) -> Vec<String> {
    let hits = clients.search(asking(pools, not_pools)).await.hits;
    let mut held: Vec<String> = hits.into_iter().map(|hit| hit.item_id).collect();
    held.sort_unstable();
    held
}

#[tokio::test]
async fn a_pool_holds_what_meets_all_that_it_names() {
    let (_node, clients) = shop().await;
    for rule in [
        "category = [\"家電\"]",
        "category = [\"家电 > 厨房\"]",
        "brand = [\"维记\", \"別的\"]",
        "seller = [\"s-1\"]",
        "tag = [\"清仓\"]",
        "item = [\"kettle\", \"nobody\"]",
        "origin = [\"JP\"]",
        "attribute = [{ name = \"顏色\", value = \"紅\" }]",
        "ship_modes = [\"direct_mail\", \"consolidated\"]",
        "price_max = 99",
        "price_max = \"99.00\"\nprice_min = 99.0",
        "price_max = 13\ncurrency = \"USD\"",
        "in_stock = true",
        "category = [\"家電\"]\nbrand = [\"維記\"]\nseller = [\"s-1\"]\ntag = [\"夏日\"]\nprice_max = 100\nin_stock = true",
    ] {
        clients.put_pools("hk", &pool("p", rule)).await;
        assert_eq!(held(&clients, &["p"], &[]).await, ["kettle"], "{rule}");
        assert_eq!(held(&clients, &[], &["p"]).await, ["cup"], "{rule}");
    }
    for rule in [
        "price_max = 98.99",
        "price_max = 12.7\ncurrency = \"USD\"",
        "brand = [\"維記\"]\ntag = [\"新品\"]",
        "category = [\"家\"]",
        "attribute = [{ name = \"紅\", value = \"顏色\" }]",
        "popular = 10",
    ] {
        clients.put_pools("hk", &pool("p", rule)).await;
        assert!(held(&clients, &["p"], &[]).await.is_empty(), "{rule}");
    }
    let sold_out = pool("p", "in_stock = false");
    clients.put_pools("hk", &sold_out).await;
    assert_eq!(held(&clients, &["p"], &[]).await, ["cup"]);
}

#[tokio::test]
async fn pools_are_made_out_of_pools() {
    let (_node, clients) = shop().await;
    clients
        .stock(vec![
            item("red", "紅杯"),
            item("blue", "藍杯"),
            item("both", "紅藍杯"),
        ])
        .await;
    let pools = [
        pool("red", "item = [\"red\", \"both\"]"),
        // Before what it is made of.
        pool("any", "union = [\"red\", \"blue\"]"),
        pool("blue", "item = [\"blue\", \"both\"]"),
        pool("two", "intersect = [\"red\", \"blue\"]"),
        pool("one", "union = [\"any\"]\nwithout = [\"two\"]"),
        pool("dear", "price_min = 200\nunion = [\"any\"]"),
        pool(
            "cheap",
            "price_max = 100\nintersect = [\"any\", \"one\"]\nwithout = [\"blue\"]",
        ),
    ];
    clients.put_pools("hk", &pools.concat()).await;
    for (id, items) in [
        ("red", vec!["both", "red"]),
        ("any", vec!["blue", "both", "red"]),
        ("two", vec!["both"]),
        ("one", vec!["blue", "red"]),
        ("dear", vec![]),
        ("cheap", vec!["red"]),
    ] {
        assert_eq!(held(&clients, &[id], &[]).await, items, "{id}");
    }
    assert_eq!(held(&clients, &["red", "blue"], &[]).await, ["both"]);
    assert_eq!(held(&clients, &["any"], &["two", "blue"]).await, ["red"]);
}

#[tokio::test]
async fn a_region_has_its_own_pools_and_the_common_ones() {
    let (_node, clients) = shop().await;
    let common = pool("a", "tag = [\"夏日\"]") + &pool("b", "union = [\"a\"]");
    clients.put_pools("common", &common).await;
    clients
        .put_pools("hk", &pool("a", "tag = [\"新品\"]"))
        .await;
    assert_eq!(held(&clients, &["a"], &[]).await, ["cup"]);
    assert_eq!(
        held(&clients, &["b"], &[]).await,
        ["cup"],
        "of the region's own"
    );
    let elsewhere = v1::SearchRequest {
        region: "tw".to_owned(),
        ..asking(&["b"], &[])
    };
    let hits = clients.search(elsewhere).await.hits;
    assert_eq!(ids(&hits), ["kettle"]);
    let listed = clients.pools("hk").await;
    let rows: Vec<_> = listed
        .iter()
        .map(|pool| (pool.id.as_str(), pool.defined_in.as_str(), pool.items))
        .collect();
    assert_eq!(rows, [("a", "hk", 1), ("b", "common", 1)]);
}

#[tokio::test]
async fn the_feed_is_kept_to_pools_too() {
    let (_node, clients) = shop().await;
    clients
        .put_pools("hk", &pool("p", "tag = [\"夏日\"]"))
        .await;
    let feed = |pools: &[&str], not_pools: &[&str]| v1::GetFeedRequest {
        region: "hk".to_owned(),
        pools: owned(pools),
        not_pools: owned(not_pools),
        ..Default::default()
    };
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed(feed(&[], &[])).await.cards.len() == 2 },
    )
    .await;
    let within = clients.feed(feed(&["p"], &[])).await;
    assert_eq!(card_ids(&within.cards), ["kettle"]);
    let without = clients.feed(feed(&[], &["p"])).await;
    assert_eq!(card_ids(&without.cards), ["cup"]);
    let search = clients.search(asking(&["p"], &[])).await;
    assert!(!search.pools_version.is_empty());
    assert_eq!(within.pools_version, search.pools_version);
    assert_eq!(clients.status().await.pools_version, search.pools_version);
}

#[tokio::test]
async fn an_unknown_pool_is_refused_by_its_field() {
    let (_node, clients) = shop().await;
    clients
        .put_pools("hk", &pool("p", "tag = [\"夏日\"]"))
        .await;
    let wrong = asking(&["p", "q"], &[]);
    assert_names_field(clients.try_search(wrong).await, "filters.pools[1]");
    let wrong = asking(&[], &["q"]);
    assert_names_field(clients.try_search(wrong).await, "filters.not_pools[0]");
    let elsewhere = v1::SearchRequest {
        region: "tw".to_owned(),
        ..asking(&["p"], &[])
    };
    assert_names_field(clients.try_search(elsewhere).await, "filters.pools[0]");
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        ..Default::default()
    };
    let wrong = v1::GetFeedRequest {
        pools: owned(&["q"]),
        ..feed.clone()
    };
    assert_names_field(clients.try_feed(wrong).await, "pools[0]");
    let wrong = v1::GetFeedRequest {
        not_pools: owned(&["q"]),
        ..feed.clone()
    };
    assert_names_field(clients.try_feed(wrong).await, "not_pools[0]");
    let nowhere = v1::ListPoolsRequest {
        region: "atlantis".to_owned(),
    };
    let listed = clients.admin.clone().list_pools(nowhere).await;
    assert_names_field(listed, "region");
    for (count, taken) in [(16, true), (17, false)] {
        let many = vec!["p"; count];
        let search = clients.try_search(asking(&many, &[])).await;
        let feed = v1::GetFeedRequest {
            not_pools: owned(&many),
            ..feed.clone()
        };
        let feed = clients.try_feed(feed).await;
        if taken {
            assert!(search.is_ok() && feed.is_ok());
        } else {
            assert_names_field(search, "filters.pools");
            assert_names_field(feed, "not_pools");
        }
    }
}

#[tokio::test]
async fn what_is_barred_is_in_no_answer_for_being_in_a_pool() {
    let (_node, clients) = shop().await;
    clients
        .put_pools("hk", &pool("p", "item = [\"kettle\", \"cup\"]"))
        .await;
    let rule = "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\ntag = [\"清倉\"]\n";
    clients.put_restrictions("hk", rule).await;
    assert_eq!(held(&clients, &["p"], &[]).await, ["cup"]);
    let listed = clients.pools("hk").await;
    assert_eq!((listed[0].items, listed[0].eligible_items), (2, 1));
}

#[tokio::test]
async fn a_pool_follows_what_is_popular() {
    let (_node, clients) = shop().await;
    clients.put_pools("hk", &pool("top", "popular = 1")).await;
    assert!(
        held(&clients, &["top"], &[]).await.is_empty(),
        "nobody did anything"
    );
    // What events change may take a second more than what is written.
    let within = 2 * VISIBLE_WITHIN;
    clients
        .record(vec![event(EventKind::Click, "ann", "cup")])
        .await;
    until_true(within, "the clicked one", || async {
        held(&clients, &["top"], &[]).await == ["cup"]
    })
    .await;
    clients
        .record(vec![event(EventKind::Order, "ben", "kettle")])
        .await;
    until_true(within, "the ordered one in its place", || async {
        held(&clients, &["top"], &[]).await == ["kettle"]
    })
    .await;
}
