//! What may not be sold or shipped is nowhere: not in search, facets, suggestions, the feed or similar items.

use std::time::Duration;

use sampan_proto::v1::{self, EventKind, FacetKind, ShipMode};
use sampan_tests::{
    catalogue::ALL_MODES,
    clients::{Clients, card_ids, ids, query},
    items::{attribute, event, hkd, item, now_seconds, offer, owned},
    node::TestNode,
    oracle::{Attribute, Rule, mode_name},
    wait::{VISIBLE_WITHIN, until_true},
};

/// Time in which the node gathers new names for completions.
const GATHERED_WITHIN: Duration = Duration::from_secs(10);

/// The item that rules are about: everything a rule may select by.
fn whisky() -> v1::Item {
    let everywhere = |region| offer(region, &ALL_MODES, hkd(30_000));
    v1::Item {
        brand: "維記酒莊".to_owned(),
        category_path: owned(&["食品", "酒類", "威士忌"]),
        tags: owned(&["烈酒", "玻璃裝"]),
        attributes: [attribute("包裝", "木盒")].into(),
        origin_country: "jp".to_owned(),
        offers: ["hk", "tw", "us"].map(everywhere).into(),
        ..item("whisky", "單一麥芽威士忌 禮盒")
    }
}

/// A neighbour that shares its words and its customers, and nothing that a rule selects by.
fn glasses() -> v1::Item {
    v1::Item {
        brand: "北原".to_owned(),
        category_path: owned(&["家品", "酒具"]),
        tags: owned(&["新品"]),
        attributes: [attribute("包裝", "紙盒")].into(),
        origin_country: "cn".to_owned(),
        offers: whisky().offers,
        ..item("glasses", "威士忌杯 禮盒")
    }
}

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.stock(vec![whisky(), glasses()]).await;
    let events = ["ann", "ben"].map(|user| {
        ["whisky", "glasses"].map(|item| v1::Event {
            query: "威士忌禮盒".to_owned(),
            ..event(EventKind::Order, user, item)
        })
    });
    clients.record(events.concat()).await;
    until_true(GATHERED_WITHIN, "the brand can be completed", || async {
        !clients.suggest("維記", "hk").await.is_empty()
            && card_ids(&clients.feed_all(feed("hk", "hk")).await).contains(&"glasses")
    })
    .await;
    (node, clients)
}

fn feed(region: &str, ship_to: &str) -> v1::GetFeedRequest {
    v1::GetFeedRequest {
        region: region.to_owned(),
        ship_to: ship_to.to_owned(),
        ..Default::default()
    }
}

fn search(text: &str, region: &str, ship_to: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        ship_to: ship_to.to_owned(),
        facets: vec![
            FacetKind::Brand.into(),
            FacetKind::Category.into(),
            FacetKind::Tag.into(),
        ],
        ..query(text, region)
    }
}

/// Every path on which the whisky is seen.
async fn seen_on(clients: &Clients, region: &str, ship_to: &str) -> Vec<&'static str> {
    let mut paths = Vec::new();
    for (path, text) in [("search", "威士忌"), ("browse", "")] {
        let answer = clients.search(search(text, region, ship_to)).await;
        if ids(&answer.hits).contains(&"whisky") {
            paths.push(path);
        }
        let values = answer.facets.iter().flat_map(|facet| &facet.buckets);
        let own = ["維記酒莊", "食品", "烈酒"];
        if values
            .into_iter()
            .any(|bucket| own.contains(&bucket.value.as_str()))
        {
            paths.push("facets");
        }
    }
    let suggest = v1::SuggestRequest {
        prefix: "維記".to_owned(),
        region: region.to_owned(),
        ship_to: ship_to.to_owned(),
        ..Default::default()
    };
    let suggested = clients.try_suggest(suggest).await.expect("suggestions");
    if !suggested.suggestions.is_empty() {
        paths.push("suggest");
    }
    let cards = clients.feed_all(feed(region, ship_to)).await;
    if card_ids(&cards).contains(&"whisky") {
        paths.push("feed");
    }
    let similar = v1::SimilarItemsRequest {
        item_id: "glasses".to_owned(),
        region: region.to_owned(),
        ship_to: ship_to.to_owned(),
        ..Default::default()
    };
    let cards = clients.try_similar(similar).await.expect("cards").cards;
    if card_ids(&cards).contains(&"whisky") {
        paths.push("similar");
    }
    paths
}

const EVERY_PATH: [&str; 7] = [
    "search", "facets", "browse", "facets", "suggest", "feed", "similar",
];

/// A rule for each selector, and some with several.
fn rules() -> Vec<Rule> {
    let named = |id: &str| Rule {
        id: id.to_owned(),
        ..Rule::default()
    };
    let wooden = |name: &str, value: &str| Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    vec![
        Rule {
            category: owned(&["食品 > 酒類"]),
            ..named("category")
        },
        Rule {
            category: owned(&["食品 > 酒类 > 威士忌"]),
            ..named("category-other-script")
        },
        Rule {
            brand: owned(&["维记酒庄"]),
            ..named("brand-other-script")
        },
        Rule {
            tag: owned(&["活體", "烈酒"]),
            ..named("one-of-two-tags")
        },
        Rule {
            item: owned(&["whisky"]),
            ..named("item")
        },
        Rule {
            origin: owned(&["JP"]),
            ..named("origin")
        },
        Rule {
            attribute: vec![wooden("包裝", "木盒")],
            ..named("attribute")
        },
        Rule {
            category: owned(&["食品"]),
            brand: owned(&["維記酒莊"]),
            tag: owned(&["玻璃裝"]),
            origin: owned(&["jp"]),
            attribute: vec![wooden("包裝", "木盒"), wooden("包裝", "鐵盒")],
            ..named("all-at-once")
        },
    ]
}

#[tokio::test]
async fn what_a_rule_selects_is_on_no_path() {
    let (_node, clients) = shop().await;
    for rule in rules() {
        assert_eq!(
            seen_on(&clients, "hk", "hk").await,
            EVERY_PATH,
            "before {}",
            rule.id
        );
        clients.put_restrictions("hk", &rule.to_toml()).await;
        until_true(VISIBLE_WITHIN, &rule.id, || async {
            seen_on(&clients, "hk", "hk").await.is_empty()
        })
        .await;
        let hits = clients.search(query("威士忌", "hk")).await.hits;
        assert_eq!(ids(&hits), ["glasses"], "{}: its neighbour stays", rule.id);
        let elsewhere = seen_on(&clients, "tw", "tw").await;
        assert_eq!(elsewhere, EVERY_PATH, "{}: only there", rule.id);
        clients.put_restrictions("hk", "").await;
        until_true(VISIBLE_WITHIN, "it is back", || async {
            seen_on(&clients, "hk", "hk").await == EVERY_PATH
        })
        .await;
    }
}

#[tokio::test]
async fn a_rule_that_misses_by_one_selector_takes_nothing() {
    let (_node, clients) = shop().await;
    let rules = [
        Rule {
            id: "brand-and-wrong-tag".to_owned(),
            brand: owned(&["維記酒莊"]),
            tag: owned(&["新品"]),
            ..Rule::default()
        },
        Rule {
            id: "half-a-category".to_owned(),
            category: owned(&["食品 > 酒"]),
            ..Rule::default()
        },
        Rule {
            id: "value-of-another-attribute".to_owned(),
            attribute: vec![Attribute {
                name: "顏色".to_owned(),
                value: "木盒".to_owned(),
            }],
            ..Rule::default()
        },
    ];
    for rule in rules {
        clients.put_restrictions("hk", &rule.to_toml()).await;
        clients
            .settle(clients.status().await.sequence_written)
            .await;
        assert_eq!(
            seen_on(&clients, "hk", "hk").await,
            EVERY_PATH,
            "{}",
            rule.id
        );
    }
}

#[tokio::test]
async fn a_rule_takes_the_modes_it_names_where_it_holds() {
    let (_node, clients) = shop().await;
    let rule = Rule {
        id: "no-mail".to_owned(),
        tag: owned(&["烈酒"]),
        ship_modes: [ShipMode::DirectMail, ShipMode::FreeShipping]
            .map(|mode| mode_name(mode).to_owned())
            .into(),
        ..Rule::default()
    };
    clients.put_restrictions("us", &rule.to_toml()).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    use ShipMode::{Consolidated, DirectMail, FreeShipping, Local};
    for (region, ship_to, modes) in [
        ("us", "us", vec![Consolidated, Local]),
        ("hk", "us", vec![Consolidated]),
        ("us", "hk", vec![DirectMail, FreeShipping, Consolidated]),
        (
            "hk",
            "hk",
            vec![DirectMail, FreeShipping, Consolidated, Local],
        ),
    ] {
        let answer = clients.search(search("威士忌", region, ship_to)).await;
        let hit = answer.hits.iter().find(|hit| hit.item_id == "whisky");
        let offer = hit.and_then(|hit| hit.offer.as_ref()).expect("it is shown");
        assert_eq!(
            offer.ship_modes().collect::<Vec<_>>(),
            modes,
            "{region} to {ship_to}"
        );
        assert_eq!(
            offer.region, region,
            "the offer of the region it is seen from"
        );
        let by_mail = v1::SearchRequest {
            filters: Some(v1::Filters {
                ship_modes: vec![DirectMail.into()],
                ..Default::default()
            }),
            ..search("威士忌", region, ship_to)
        };
        let answer = clients.search(by_mail).await;
        let found = ids(&answer.hits).contains(&"whisky");
        assert_eq!(found, modes.contains(&DirectMail), "{region} to {ship_to}");
    }
    // When the last mode goes, the item goes.
    let rule = Rule {
        ship_modes: owned(&["direct_mail", "free_shipping", "consolidated"]),
        ..rule
    };
    clients.put_restrictions("us", &rule.to_toml()).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    assert!(seen_on(&clients, "hk", "us").await.is_empty());
    assert!(
        !seen_on(&clients, "us", "us").await.is_empty(),
        "local delivery is left"
    );
}

#[tokio::test]
async fn a_common_rule_holds_for_every_destination() {
    let (_node, clients) = shop().await;
    let rule = Rule {
        id: "nowhere".to_owned(),
        tag: owned(&["烈酒"]),
        ..Rule::default()
    };
    clients.put_restrictions("common", &rule.to_toml()).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    for (region, ship_to) in [("hk", "hk"), ("tw", "tw"), ("us", "hk"), ("hk", "sg")] {
        let paths = seen_on(&clients, region, ship_to).await;
        assert!(paths.is_empty(), "{region} to {ship_to}: {paths:?}");
    }
}

#[tokio::test]
async fn a_rule_begins_and_ends_on_the_second() {
    let (_node, clients) = shop().await;
    let now = now_seconds();
    let rule = Rule {
        id: "for-two-seconds".to_owned(),
        tag: owned(&["烈酒"]),
        from: Some(now + 2),
        until: Some(now + 4),
        ..Rule::default()
    };
    let past = Rule {
        id: "over".to_owned(),
        item: owned(&["whisky"]),
        until: Some(now - 1),
        ..Rule::default()
    };
    clients
        .put_restrictions("hk", &(rule.to_toml() + &past.to_toml()))
        .await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    if now_seconds() < now + 2 {
        assert_eq!(seen_on(&clients, "hk", "hk").await, EVERY_PATH, "not yet");
    }
    let second = Duration::from_secs(1);
    until_true(2 * second + VISIBLE_WITHIN, "it begins", || async {
        seen_on(&clients, "hk", "hk").await.is_empty()
    })
    .await;
    assert!(now_seconds() >= now + 2, "it began too soon");
    until_true(2 * second + VISIBLE_WITHIN, "it ends", || async {
        seen_on(&clients, "hk", "hk").await == EVERY_PATH
    })
    .await;
    assert!(now_seconds() >= now + 4, "it ended too soon");
}

#[tokio::test]
async fn an_item_that_becomes_barred_or_free_follows_within_a_second() {
    let (_node, clients) = shop().await;
    let rule = Rule {
        id: "spirits".to_owned(),
        tag: owned(&["酒精"]),
        ..Rule::default()
    };
    clients.put_restrictions("hk", &rule.to_toml()).await;
    // The label is new to the node: nothing had it when the rule was read.
    let labelled = v1::Item {
        tags: owned(&["酒精"]),
        ..whisky()
    };
    clients.upsert(vec![labelled]).await;
    until_true(VISIBLE_WITHIN, "it is barred", || async {
        seen_on(&clients, "hk", "hk").await.is_empty()
    })
    .await;
    clients.upsert(vec![whisky()]).await;
    until_true(VISIBLE_WITHIN, "it is free", || async {
        seen_on(&clients, "hk", "hk").await == EVERY_PATH
    })
    .await;
}

#[tokio::test]
async fn goods_that_have_no_way_to_the_shopper_are_not_shown() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let by = |id: &str, modes: &[ShipMode]| v1::Item {
        offers: vec![offer("hk", modes, hkd(100))],
        ..item(id, "木凳")
    };
    let items = vec![
        by("local", &[ShipMode::Local]),
        by("mailed", &[ShipMode::DirectMail]),
        by("both", &[ShipMode::Local, ShipMode::Consolidated]),
    ];
    clients.stock(items).await;
    for (region, ship_to, found) in [
        ("hk", "hk", vec!["both", "local", "mailed"]),
        ("hk", "", vec!["both", "local", "mailed"]),
        ("hk", "tw", vec!["both", "mailed"]),
        ("tw", "hk", vec![]),
        ("tw", "tw", vec![]),
    ] {
        let hits = clients.search_all(search("木凳", region, ship_to)).await;
        let mut shown = ids(&hits);
        shown.sort_unstable();
        assert_eq!(shown, found, "{region} to {ship_to:?}");
        for hit in hits {
            let modes: Vec<ShipMode> = hit.offer.expect("an offer").ship_modes().collect();
            assert!(!modes.is_empty());
            assert!(ship_to != "tw" || !modes.contains(&ShipMode::Local));
        }
    }
}
