//! What a merchandiser states in a rule is what shoppers of its query see: within seconds, and never past the gate.

use std::time::Duration;

use sampan_proto::v1::{self, DocumentKind, ShipMode};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    items::{attribute, hkd, item, moment, now_seconds, offer, owned},
    node::TestNode,
    wait::{VISIBLE_WITHIN, until_true},
};

/// Time in which a rule must act.
const ACTS_WITHIN: Duration = Duration::from_secs(2);

/// Forty fridges that differ in what they sell, best first; one that is sold in Taiwan alone; a fan and a kettle.
async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let fridge = |number: u64| v1::Item {
        brand: if number.is_multiple_of(2) {
            "冰河"
        } else {
            "北原"
        }
        .to_owned(),
        category_path: owned(&["家電", "雪櫃"]),
        seller: format!("s-{}", number % 4),
        sales_prior: 40_000 - 900 * number,
        tags: owned(&[if number < 5 { "新品" } else { "常規" }]),
        attributes: [attribute("款式", "雙門")].into(),
        ..item(&format!("f-{number:02}"), "雙門雪櫃")
    };
    let mut items: Vec<v1::Item> = (0..40).map(fridge).collect();
    items.push(v1::Item {
        offers: vec![offer("tw", &[ShipMode::Local], hkd(100))],
        ..item("far", "雙門雪櫃")
    });
    items.push(v1::Item {
        category_path: owned(&["家電", "風扇"]),
        ..item("fan", "手提風扇")
    });
    items.push(item("kettle", "電熱水壺"));
    clients.stock(items).await;
    (node, clients)
}

fn rule(id: &str, when: &str, then: &str) -> String {
    format!(
        "[[rule]]\nid = {id:?}\nreason = \"測試\"\nowner = \"tests\"\nwhen = {{ {when} }}\nthen = {{ {then} }}\n"
    )
}

fn put(toml: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Rules.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        ..Default::default()
    }
}

async fn put_rules(clients: &Clients, toml: &str) -> v1::PutDocumentResponse {
    clients
        .try_put(put(toml))
        .await
        .expect("the rules are taken")
}

async fn order(clients: &Clients, text: &str) -> Vec<String> {
    let hits = clients.search_all(query(text, "hk")).await;
    hits.into_iter().map(|hit| hit.item_id).collect()
}

#[tokio::test]
async fn pins_stand_in_their_places_on_every_page_and_nothing_repeats_or_goes_missing() {
    let (_node, clients) = shop().await;
    let before = order(&clients, "雪櫃").await;
    let pins = "pin = [{ item = \"f-39\", position = 1 }, { item = \"f-30\", position = 12 }, \
                { item = \"kettle\", position = 3 }, { item = \"gone\", position = 2 }]";
    put_rules(&clients, &rule("fridges", "query = \"雪櫃\"", pins)).await;
    for (text, page_size) in [("雪櫃", 5), ("雪柜", 7), ("雪櫃", 100)] {
        let request = v1::SearchRequest {
            page_size,
            explain: true,
            ..query(text, "hk")
        };
        let pages = clients.search_pages(request).await;
        let hits: Vec<v1::Hit> = pages.into_iter().flat_map(|page| page.hits).collect();
        let shown = ids(&hits);
        assert_eq!([shown[0], shown[2], shown[11]], ["f-39", "kettle", "f-30"]);
        let mut all: Vec<&str> = shown.clone();
        all.sort_unstable();
        let mut expected: Vec<&str> = before.iter().map(String::as_str).collect();
        expected.push("kettle");
        expected.sort_unstable();
        assert_eq!(all, expected, "each item once");
        let unpinned = |id: &&&str| !["f-39", "kettle", "f-30"].contains(*id);
        let others: Vec<&str> = shown.iter().filter(unpinned).copied().collect();
        let natural: Vec<&str> = before.iter().map(String::as_str).collect();
        let natural: Vec<&str> = natural.iter().filter(unpinned).copied().collect();
        assert_eq!(others, natural, "the others keep their order");
        for (place, hit) in (0..).zip(&hits) {
            assert_eq!(hit.position, place);
            let is_pinned = [0, 2, 11].contains(&place);
            assert_eq!(hit.pinned_by, if is_pinned { "fridges" } else { "" });
            let parts = &hit.explanation.as_ref().expect("explained").parts;
            let sum = parts.iter().fold(0.0, |sum, part| sum + part.contribution);
            assert_eq!(sum.to_bits(), hit.score.to_bits());
        }
    }
    let answer = clients.search(query("雪櫃", "hk")).await;
    assert_eq!(answer.applied_rules[0].pinned, 3);
    let other = clients.search(query("雙門雪櫃", "hk")).await;
    assert!(
        other.hits.iter().all(|hit| hit.pinned_by.is_empty()),
        "another query"
    );
    let by_price = v1::SearchRequest {
        sort: v1::Sort::PriceAscending.into(),
        ..query("雪櫃", "hk")
    };
    let sorted = clients.search(by_price).await.hits;
    assert!(
        sorted
            .iter()
            .all(|hit| hit.pinned_by.is_empty() && hit.item_id != "kettle")
    );
}

#[tokio::test]
async fn what_is_barred_filtered_or_not_sold_there_is_never_pinned() {
    let (_node, clients) = shop().await;
    let pins = "pin = [{ item = \"f-10\", position = 1 }, { item = \"far\", position = 2 }, \
                { item = \"f-11\", position = 3 }]";
    put_rules(&clients, &rule("fridges", "contains = \"雪櫃\"", pins)).await;
    let bar =
        "[[restriction]]\nid = \"ten\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"f-10\"]\n";
    clients.put_restrictions("hk", bar).await;
    for page_size in [1, 100] {
        let request = v1::SearchRequest {
            page_size,
            ..query("雪櫃", "hk")
        };
        let pages = clients.search_pages(request).await;
        let hits: Vec<v1::Hit> = pages.into_iter().flat_map(|page| page.hits).collect();
        let shown = ids(&hits);
        assert!(
            !shown.contains(&"f-10") && !shown.contains(&"far"),
            "{shown:?}"
        );
        assert_eq!((shown[2], hits[2].pinned_by.as_str()), ("f-11", "fridges"));
    }
    let filtered = v1::SearchRequest {
        filters: Some(v1::Filters {
            brands: owned(&["冰河"]),
            ..Default::default()
        }),
        ..query("雪櫃", "hk")
    };
    let hits = clients.search(filtered).await.hits;
    assert!(!ids(&hits).contains(&"f-11"), "it is of another brand");
    // Barred between two pages: it is not on the second.
    clients.put_restrictions("hk", "").await;
    until_true(VISIBLE_WITHIN, "it is free", || async {
        clients.search(query("雪櫃", "hk")).await.hits[0].item_id == "f-10"
    })
    .await;
    let first = v1::SearchRequest {
        page_size: 2,
        ..query("雪櫃", "hk")
    };
    let page = clients.search(first.clone()).await;
    clients
        .put_restrictions("hk", &bar.replace("f-10", "f-11"))
        .await;
    let second = v1::SearchRequest {
        page_token: page.next_page_token,
        ..first
    };
    let hits = clients.search(second).await.hits;
    assert!(!ids(&hits).contains(&"f-11"), "{:?}", ids(&hits));
}

#[tokio::test]
async fn hidden_items_are_in_no_list_count_or_facet() {
    let (_node, clients) = shop().await;
    let before = clients.search(query("雪櫃", "hk")).await;
    let hide = "hide = { brand = \"冰河\", tag = [\"新品\"] }";
    put_rules(&clients, &rule("old only", "contains = \"雪櫃\"", hide)).await;
    for sort in [v1::Sort::Relevance, v1::Sort::Newest] {
        let request = v1::SearchRequest {
            sort: sort.into(),
            page_size: 100,
            facets: vec![v1::FacetKind::Brand.into()],
            ..query("雪櫃", "hk")
        };
        let answer = clients.search(request).await;
        let shown = ids(&answer.hits);
        assert!(
            !shown.iter().any(|id| ["f-00", "f-02", "f-04"].contains(id)),
            "{shown:?}"
        );
        assert_eq!((shown.len(), answer.total), (37, before.total - 3));
        let counted: Vec<u64> = answer.facets[0].buckets.iter().map(|b| b.count).collect();
        assert_eq!(counted.iter().sum::<u64>(), 37);
        assert_eq!(answer.applied_rules[0].hidden, 3, "they are counted");
        assert!(answer.removed.is_empty(), "no restriction did that");
    }
    let browsed = clients.search_all(query("", "hk")).await;
    assert!(ids(&browsed).contains(&"f-00"), "only for that query");
}

#[tokio::test]
async fn boosts_lift_and_buries_lower_within_the_margin() {
    let (_node, clients) = shop().await;
    let explained = || v1::SearchRequest {
        explain: true,
        page_size: 100,
        ..query("雪櫃", "hk")
    };
    let before = clients.search(explained()).await.hits;
    let rules = rule(
        "seller",
        "query = \"雪櫃\"",
        "boost = { seller = \"s-3\", by = 1.0 }, bury = { seller = [\"s-0\"], by = 0.5 }",
    );
    put_rules(&clients, &rules).await;
    let answer = clients.search(explained()).await;
    let applied = &answer.applied_rules[0];
    assert_eq!((applied.boosted, applied.buried), (10, 10));
    let place = |hits: &[v1::Hit], id: &str| ids(hits).iter().position(|it| *it == id);
    assert!(place(&answer.hits, "f-07") < place(&before, "f-07"));
    assert!(place(&answer.hits, "f-04") > place(&before, "f-04"));
    let evidence: Vec<f64> = answer
        .hits
        .iter()
        .map(|hit| {
            let parts = &hit.explanation.as_ref().expect("explained").parts;
            let sum = parts.iter().fold(0.0, |sum, part| sum + part.contribution);
            assert_eq!(sum.to_bits(), hit.score.to_bits(), "the parts add up");
            let own = parts
                .iter()
                .find(|part| part.signal == "rule")
                .expect("a part");
            let value = match hit.seller.as_str() {
                "s-3" => 1.0,
                "s-0" => -0.5,
                _ => 0.0,
            };
            assert_eq!(own.value, value);
            assert!(own.rank_without.is_some());
            let boosts = ["direct_mail", "free_shipping", "local", "rule"];
            let is_evidence = |part: &&v1::ScorePart| !boosts.contains(&part.signal.as_str());
            parts
                .iter()
                .filter(is_evidence)
                .map(|part| part.contribution)
                .sum()
        })
        .collect();
    let profile = clients
        .try_get_document(DocumentKind::RankingProfile, "common")
        .await;
    let profile: toml::Table = profile.expect("a profile").toml.parse().expect("TOML");
    let margin = profile["boosts"]["margin"].as_float().expect("a margin");
    for (place, above) in evidence.iter().enumerate() {
        for below in &evidence[place..] {
            assert!(below - above <= margin + 1e-9, "{below} under {above}");
        }
    }
}

#[tokio::test]
async fn a_replacement_is_told_and_banners_and_redirects_are_handed_on() {
    let (_node, clients) = shop().await;
    let rules = rule(
        "cold",
        "query = \"凍櫃仔\"",
        "replace = \"雪櫃\", banner = \"雪櫃節\"",
    ) + &rule(
        "fridges",
        "query = \"雪櫃\"",
        "pin = [{ item = \"f-20\", position = 1 }], redirect = \"https://example.com/fridge\", \
         banner = { image = \"a.png\", link = \"/fridge\" }",
    );
    put_rules(&clients, &rules).await;
    let typed = v1::SearchRequest {
        page_size: 10,
        explain: true,
        ..query("凍櫃仔", "hk")
    };
    let pages = clients.search_pages(typed).await;
    assert_eq!(pages.len(), 4);
    for page in &pages {
        let rewrite = &page.rewrites[0];
        assert_eq!(
            (rewrite.rule.as_str(), rewrite.target.as_str()),
            ("merchandising.cold", "雪櫃")
        );
        for rewrite in &page.rewrites {
            let source = rewrite.source.as_ref().expect("a source");
            assert_eq!((source.start, source.end), (0, "凍櫃仔".len() as u32));
        }
        assert_eq!(
            page.redirect, "https://example.com/fridge",
            "the new words have rules, too"
        );
        let banners: Vec<&str> = page.banners.iter().map(|b| b.rule.as_str()).collect();
        assert_eq!(banners, ["cold", "fridges"]);
        assert_eq!(page.banners[0].text, "雪櫃節");
        assert_eq!(page.banners[1].values["link"], "/fridge");
        for hit in &page.hits {
            let told = &hit.explanation.as_ref().expect("explained").rewrites;
            assert!(
                told.iter().any(|rule| rule == "merchandising.cold"),
                "{told:?}"
            );
            assert!(!hit.highlights.is_empty(), "雪櫃 is what was looked for");
        }
    }
    assert_eq!(pages[0].hits[0].item_id, "f-20");
    let counted = clients.status().await.rules;
    let counted = counted.iter().find(|rule| rule.rule == "merchandising");
    assert_eq!(counted.map(|rule| (rule.queries, rule.edits)), Some((1, 1)));
    let without = v1::SearchRequest {
        disabled_rules: owned(&["merchandising"]),
        ..query("凍櫃仔", "hk")
    };
    let answer = clients.search(without).await;
    assert!(answer.banners.is_empty() && answer.applied_rules.is_empty());
    assert!(
        answer
            .rewrites
            .iter()
            .all(|rewrite| !rewrite.rule.starts_with("merchandising"))
    );
}

#[tokio::test]
async fn a_category_rule_holds_for_what_is_about_the_category() {
    let (_node, clients) = shop().await;
    let rules = rule(
        "fridges",
        "category = \"家电 > 雪柜\"",
        "banner = \"雪櫃\", hide = { item = \"f-00\" }, pin = [{ item = \"f-39\", position = 1 }]",
    );
    put_rules(&clients, &rules).await;
    let by_newest = |text: &str| v1::SearchRequest {
        sort: v1::Sort::Newest.into(),
        ..query(text, "hk")
    };
    for request in [
        query("雪櫃", "hk"),
        query("雙門冰箱", "hk"),
        by_newest("雪櫃"),
    ] {
        let answer = clients.search(request.clone()).await;
        assert_eq!(answer.banners.len(), 1, "{request:?}");
        assert!(!ids(&answer.hits).contains(&"f-00"));
    }
    assert_eq!(
        clients.search(query("雪櫃", "hk")).await.hits[0].item_id,
        "f-39"
    );
    for text in ["風扇", "水壺", ""] {
        assert!(
            clients.search(query(text, "hk")).await.banners.is_empty(),
            "{text}"
        );
    }
    let within = v1::SearchRequest {
        filters: Some(v1::Filters {
            category_path: owned(&["家電", "雪櫃"]),
            ..Default::default()
        }),
        ..query("", "hk")
    };
    assert_eq!(
        clients.search(within).await.hits[0].item_id,
        "f-39",
        "its own page"
    );
}

#[tokio::test]
async fn a_rule_is_for_its_region_segment_and_time() {
    let (_node, clients) = shop().await;
    let gold = "segment = { tier = \"gold\" }";
    let begins = now_seconds() + 2;
    let timed = format!(
        "query = \"雪櫃\", from = {}, until = {}",
        moment(begins).expect("a time"),
        moment(begins + 2).expect("a time")
    );
    let rules =
        rule("gold", gold, "banner = \"gold\"") + &rule("timed", &timed, "banner = \"now\"");
    put_rules(&clients, &rules).await;
    let of = |tier: &str| v1::SearchRequest {
        user: Some(v1::UserContext {
            attributes: [("tier".to_owned(), tier.to_owned())].into(),
            ..Default::default()
        }),
        ..query("風扇", "hk")
    };
    assert_eq!(clients.search(of("gold")).await.banners.len(), 1);
    assert!(clients.search(of("new")).await.banners.is_empty());
    assert!(clients.search(query("風扇", "hk")).await.banners.is_empty());
    let elsewhere = v1::SearchRequest {
        region: "tw".to_owned(),
        ..of("gold")
    };
    assert!(clients.search(elsewhere).await.banners.is_empty());
    for (shown, what) in [(true, "it begins"), (false, "it ends")] {
        until_true(Duration::from_secs(4), what, || async {
            clients.search(query("雪櫃", "hk")).await.banners.is_empty() != shown
        })
        .await;
        assert!(
            now_seconds() >= if shown { begins } else { begins + 2 },
            "{what} too soon"
        );
    }
}

#[tokio::test]
async fn rules_act_and_go_within_two_seconds_on_search_and_feed() {
    let (_node, clients) = shop().await;
    let feed = || v1::GetFeedRequest {
        region: "hk".to_owned(),
        page_size: 100,
        ..Default::default()
    };
    until_true(Duration::from_secs(10), "the feed is filled", || async {
        card_ids(&clients.feed(feed()).await.cards).contains(&"f-01")
    })
    .await;
    let hide = |id: &str| rule("hide", "", &format!("hide = {{ item = {id:?} }}"));
    for id in ["f-01", "f-02"] {
        let started = std::time::Instant::now();
        put_rules(&clients, &hide(id)).await;
        until_true(ACTS_WITHIN, "it acts", || async {
            let hits = clients.search(query("雪櫃", "hk")).await.hits;
            let cards = clients.feed(feed()).await.cards;
            !ids(&hits).contains(&id) && !card_ids(&cards).contains(&id)
        })
        .await;
        assert!(started.elapsed() <= ACTS_WITHIN, "{:?}", started.elapsed());
    }
    let similar = clients.similar("f-03", "hk").await;
    assert!(
        !card_ids(&similar).contains(&"f-02"),
        "nor beside another item"
    );
    clients.try_put(put("")).await.expect("withdrawn");
    until_true(ACTS_WITHIN, "it goes", || async {
        ids(&clients.search(query("雪櫃", "hk")).await.hits).contains(&"f-02")
    })
    .await;
    // A rule of a query is no rule of the feed.
    put_rules(
        &clients,
        &rule("q", "query = \"雪櫃\"", "hide = { item = \"f-01\" }"),
    )
    .await;
    assert!(card_ids(&clients.feed(feed()).await.cards).contains(&"f-01"));
}
