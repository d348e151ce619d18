//! Every signal is documented, lies in its range, and says what its name says.

use std::{fs, path::Path};

use sampan_proto::v1::{self, EventKind, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    items::{event, hkd, item, offer, owned, user},
    node::TestNode,
    wait::{VISIBLE_WITHIN, until_true},
};

use crate::shared::shared_node;

/// Signals of a shop that is asked for at least so many.
const SIGNALS_MIN: usize = 25;

fn explained(text: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        explain: true,
        page_size: 100,
        ..query(text, "hk")
    }
}

fn value(hit: &v1::Hit, signal: &str) -> f64 {
    let parts = &hit.explanation.as_ref().expect("it was asked for").parts;
    let part = parts.iter().find(|part| part.signal == signal);
    part.unwrap_or_else(|| panic!("no {signal}")).value
}

/// The signal's value for each of some items.
async fn values<const N: usize>(
    clients: &Clients,
    request: v1::SearchRequest,
    signal: &str,
    ids: [&str; N],
) -> [f64; N] {
    let hits = clients.search(request).await.hits;
    ids.map(|id| {
        let hit = hits.iter().find(|hit| hit.item_id == id);
        value(hit.unwrap_or_else(|| panic!("no {id}")), signal)
    })
}

fn close(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-5, "{one} and {other}");
}

#[tokio::test]
async fn the_ranking_page_lists_every_signal_in_order_and_values_lie_in_their_range() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ranking.md");
    let page = fs::read_to_string(page).expect("the page");
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| signal |"));
    let rows = table.skip(2).map_while(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let name = cells.next()?.strip_suffix('`')?;
        Some((name, cells.next()?))
    });
    let rows: Vec<(&str, &str)> = rows.collect();
    assert!(rows.len() >= SIGNALS_MIN, "{} signals", rows.len());
    let node = shared_node().await;
    let mut looked_at = 0;
    for text in ["雪櫃", "北原 咖啡", "平 牛肉", ""] {
        for hit in node.clients.search(explained(text)).await.hits {
            let parts = hit.explanation.expect("it was asked for").parts;
            let names: Vec<&str> = parts.iter().map(|part| part.signal.as_str()).collect();
            let documented: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, documented);
            for (part, (_, range)) in parts.iter().zip(&rows) {
                let fits = match *range {
                    "0 or 1" => part.value == 0.0 || part.value == 1.0,
                    "¼–1" => (0.25..=1.0).contains(&part.value),
                    "-1–1" => (-1.0..=1.0).contains(&part.value),
                    "0–1" => (0.0..=1.0).contains(&part.value),
                    other => panic!("what is {other}?"),
                };
                assert!(fits, "{text}: {part:?} outside {range}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 2_000);
}

#[tokio::test]
async fn an_explanation_changes_no_score() {
    let node = shared_node().await;
    for text in ["雪櫃", "北原 咖啡", ""] {
        let with = node.clients.search(explained(text)).await.hits;
        let without = v1::SearchRequest {
            explain: false,
            ..explained(text)
        };
        let without = node.clients.search(without).await.hits;
        let scores = |hits: &[v1::Hit]| -> Vec<(String, u64)> {
            let scores = hits
                .iter()
                .map(|hit| (hit.item_id.clone(), hit.score.to_bits()));
            scores.collect()
        };
        assert_eq!(scores(&with), scores(&without), "{text}");
    }
}

#[tokio::test]
async fn words_are_told_by_where_and_how_they_stand() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        item("typed", "無線藍牙耳機"),
        item("turned", "耳機 藍牙 無線"),
        v1::Item {
            tags: owned(&["耳機"]),
            ..item("tagged", "無線藍牙")
        },
        v1::Item {
            category_path: owned(&["影音", "耳機"]),
            ..item("shelved", "無線藍牙")
        },
        item("other", "雪櫃"),
        item("fridge", "冰箱"),
    ];
    clients.stock(items).await;
    let ids = ["typed", "turned", "tagged", "shelved"];
    let of = |signal| values(&clients, explained("無線藍牙耳機"), signal, ids);
    let [typed, turned, tagged, _] = of("title_match").await;
    assert!(
        typed > 0.99 && tagged < turned && turned <= typed,
        "{typed} {turned} {tagged}"
    );
    let [typed, turned, tagged, _] = of("exactness").await;
    assert!(
        typed > 0.99 && turned < typed && tagged < typed,
        "{typed} {turned} {tagged}"
    );
    let named = values(
        &clients,
        explained("耳機"),
        "category_match",
        ["typed", "shelved"],
    )
    .await;
    assert_eq!(named, [0.0, 1.0]);
    let rewritten = values(
        &clients,
        explained("雪櫃"),
        "rewritten",
        ["other", "fridge"],
    )
    .await;
    close(rewritten[0], 0.0);
    close(rewritten[1], 1.0);
}

/// Cups of two sellers: one item is shown and clicked, its sister and the other seller's only shown or never.
async fn cups() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let cup = |id: &str, seller: &str, category: &str| v1::Item {
        seller: seller.to_owned(),
        category_path: owned(&["家品", category]),
        ..item(id, "陶瓷杯")
    };
    let items = vec![
        cup("liked", "s", "杯"),
        cup("sister", "s", "杯"),
        cup("shown", "t", "杯"),
        cup("elsewhere", "u", "碗"),
    ];
    clients.stock(items).await;
    let mut events = Vec::new();
    for visit in 0..60 {
        let visitor = format!("v-{visit}");
        events.push(event(EventKind::Impression, &visitor, "liked"));
        events.push(event(EventKind::Impression, &visitor, "shown"));
        if visit % 3 == 0 {
            events.push(event(EventKind::Click, &visitor, "liked"));
        }
        if visit % 30 == 0 {
            events.push(event(EventKind::Cart, &visitor, "liked"));
            events.push(event(EventKind::Order, &visitor, "liked"));
        }
    }
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;
    (node, clients)
}

#[tokio::test]
async fn rates_are_the_regions_own_back_off_and_outlast_a_restart() {
    let (node, clients) = cups().await;
    let ids = ["liked", "sister", "shown", "elsewhere"];
    let mut before = Vec::new();
    for signal in ["click_rate", "cart_rate", "order_rate"] {
        let [liked, sister, shown, elsewhere] =
            values(&clients, explained("陶瓷杯"), signal, ids).await;
        assert!(
            liked > sister,
            "{signal}: its own rate above its seller's: {liked} {sister}"
        );
        assert!(
            sister > elsewhere,
            "{signal}: its seller's above the mean: {sister} {elsewhere}"
        );
        assert!(shown < elsewhere, "{signal}: shown in vain: {shown}");
        close(elsewhere, 0.5);
        before.push([liked, sister, shown, elsewhere]);
    }
    let [liked, shown, elsewhere] = values(
        &clients,
        explained("陶瓷杯"),
        "seller_exposure",
        ["liked", "shown", "elsewhere"],
    )
    .await;
    close(liked, 0.5);
    close(shown, 0.5);
    close(elsewhere, 0.0);
    let node = node.restart().await;
    let clients = node.clients().await;
    for (signal, before) in ["click_rate", "cart_rate", "order_rate"].iter().zip(before) {
        let after = values(&clients, explained("陶瓷杯"), signal, ids).await;
        for (before, after) in before.into_iter().zip(after) {
            close(before, after);
        }
    }
}

#[tokio::test]
async fn a_rate_that_weighs_lifts_what_is_clicked_within_two_seconds() {
    let (_node, clients) = cups().await;
    clients
        .put_profile("hk", "[weights]\nclick_rate = 1.0\n")
        .await;
    let first = || async {
        clients.search(query("陶瓷杯", "hk")).await.hits[0]
            .item_id
            .clone()
    };
    assert_eq!(first().await, "liked");
    // Now everybody wants the other one.
    let clicks = (0..200).map(|n| event(EventKind::Click, &format!("w-{n}"), "shown"));
    clients.record(clicks.collect()).await;
    until_true(VISIBLE_WITHIN, "clicks act", || async {
        first().await == "shown"
    })
    .await;
}

#[tokio::test]
async fn a_users_recent_items_say_what_suits_and_a_stranger_has_no_taste() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let goods = |id: &str, brand: &str, minor, freight_minor, mode| v1::Item {
        brand: brand.to_owned(),
        category_path: owned(&["家品", brand]),
        offers: vec![v1::Offer {
            freight_minor,
            ..offer("hk", &[mode], hkd(minor))
        }],
        ..item(id, "陶瓷杯")
    };
    let items = vec![
        goods("seen", "甲牌", 10_000, Some(0), ShipMode::Local),
        goods("alike", "甲牌", 10_000, Some(0), ShipMode::Local),
        goods("twice", "乙牌", 20_000, Some(20_000), ShipMode::DirectMail),
        goods("dear", "乙牌", 40_000, None, ShipMode::DirectMail),
    ];
    clients.stock(items).await;
    let answer = clients
        .record(vec![event(EventKind::Order, "ann", "seen")])
        .await;
    clients.settle(answer.sequence).await;
    let ids = ["alike", "twice", "dear"];
    for (signal, expected) in [
        ("brand_affinity", [1.0, 0.0, 0.0]),
        ("category_affinity", [1.0, 0.0, 0.0]),
        ("ship_affinity", [1.0, 0.0, 0.0]),
        ("price_affinity", [1.0, 0.5, 0.25]),
        ("freight_affinity", [1.0, 0.5, 0.5]),
    ] {
        let of_ann = v1::SearchRequest {
            user: user("ann"),
            ..explained("陶瓷杯")
        };
        let found = values(&clients, of_ann, signal, ids).await;
        for (found, expected) in found.into_iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-5,
                "{signal}: {found} for {expected}"
            );
        }
        let strangers = values(&clients, explained("陶瓷杯"), signal, ids).await;
        assert_eq!(strangers, [0.0; 3], "{signal}");
    }
}

#[tokio::test]
async fn offers_are_told_by_what_they_cost_at_the_door_and_how_they_come() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let goods = |id: &str, minor, freight_minor, stock, modes: &[ShipMode]| v1::Item {
        category_path: owned(&["家品"]),
        offers: vec![v1::Offer {
            freight_minor,
            stock,
            local_return: stock.is_none(),
            ..offer("hk", modes, hkd(minor))
        }],
        ..item(id, "陶瓷杯")
    };
    let two = [ShipMode::Local, ShipMode::DirectMail];
    let items = vec![
        goods("cheap", 2_000, Some(1_000), None, &two),
        goods("middle", 4_000, Some(2_000), Some(0), &two[..1]),
        goods("dear", 5_000, Some(13_000), Some(1_000), &two[..1]),
        goods("unknown", 1_000, None, Some(5), &two[..1]),
    ];
    clients.stock(items).await;
    let ids = ["cheap", "middle", "dear", "unknown"];
    for (signal, expected) in [
        // Beside the median, 60 dollars.
        ("landed", [2.0 / 3.0, 0.5, 0.25, 0.5]),
        // Beside the median of four, 40 dollars.
        ("category_price", [2.0 / 3.0, 0.5, 4.0 / 9.0, 0.8]),
        ("ship_ways", [0.5, 0.25, 0.25, 0.25]),
        ("stock_depth", [0.5, 0.0, 1.0, 6f64.ln() / 1_001f64.ln()]),
        ("local_return", [1.0, 0.0, 0.0, 0.0]),
    ] {
        let found = values(&clients, explained("陶瓷杯"), signal, ids).await;
        for (found, expected) in found.into_iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-5,
                "{signal}: {found} for {expected}"
            );
        }
    }
}
