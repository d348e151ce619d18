//! A shopper finds what sellers elsewhere call otherwise, sees every edit that was made, and can switch each off.

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, ids, query},
    items::item_everywhere,
    node::TestNode,
};

const REGIONS: [&str; 5] = ["hk", "tw", "cn", "mo", "us"];

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let titles = [
        ("fridge-hk", "樂聲牌雙門雪櫃 300公升"),
        ("fridge-tw", "日立雙門電冰箱 300公升"),
        ("fridge-cn", "海尔双门冰箱 300升"),
        ("dress-hk", "碎花連身裙"),
        ("dress-tw", "碎花洋裝"),
        ("dress-cn", "碎花连衣裙"),
        ("cooker-hk", "智能電飯煲"),
        ("cooker-tw", "智慧電子鍋"),
        ("cooker-cn", "智能电饭锅"),
        ("towel", "純棉毛巾"),
    ];
    let items = titles.map(|(id, title)| item_everywhere(id, title, &REGIONS));
    clients.stock(items.into()).await;
    (node, clients)
}

#[tokio::test]
async fn a_regional_word_finds_what_others_call_otherwise() {
    let (_node, clients) = shop().await;
    for (text, region, thing) in [
        ("雪櫃", "hk", "fridge"),
        ("雪柜", "mo", "fridge"),
        ("冰箱", "tw", "fridge"),
        ("冰箱", "cn", "fridge"),
        ("雪櫃", "us", "fridge"),
        ("連身裙", "hk", "dress"),
        ("洋裝", "tw", "dress"),
        ("连衣裙", "cn", "dress"),
        ("電飯煲", "hk", "cooker"),
        ("電子鍋", "tw", "cooker"),
        ("电饭锅", "cn", "cooker"),
    ] {
        let answer = clients.search(query(text, region)).await;
        let mut found = ids(&answer.hits);
        found.truncate(3);
        found.sort_unstable();
        let expected = ["cn", "hk", "tw"].map(|home| format!("{thing}-{home}"));
        assert_eq!(found, expected, "{text} in {region}");
        assert_eq!(answer.total, 3, "{text} in {region}");
    }
}

#[tokio::test]
async fn every_edit_is_told_with_its_place_in_the_query() {
    let (_node, clients) = shop().await;
    let text = "平 雪櫃 300公升";
    let answer = clients.search(query(text, "hk")).await;
    let regional: Vec<_> = answer
        .rewrites
        .iter()
        .filter(|edit| edit.rule == "region.term")
        .collect();
    assert!(!regional.is_empty(), "{:?}", answer.rewrites);
    for edit in &answer.rewrites {
        let source = edit.source.expect("an edit has a source");
        let part = text.get(source.start as usize..source.end as usize);
        assert!(part.is_some_and(|part| !part.is_empty()), "{edit:?}");
        assert!(edit.weight > 0.0 && edit.weight <= 1.0, "{edit:?}");
    }
    for edit in regional {
        let source = edit.source.expect("an edit has a source");
        assert_eq!(&text[source.start as usize..source.end as usize], "雪櫃");
        assert!(!edit.target.is_empty() && edit.target != "雪櫃", "{edit:?}");
    }
    let plain = clients.search(query("純棉毛巾", "hk")).await;
    let regional = plain.rewrites.iter().any(|edit| edit.target.contains("雪"));
    assert!(!regional, "{:?}", plain.rewrites);
}

#[tokio::test]
async fn a_rule_that_is_switched_off_makes_no_edit_and_no_match() {
    let (_node, clients) = shop().await;
    let request = v1::SearchRequest {
        disabled_rules: vec!["region.term".to_owned(), "concept.kind".to_owned()],
        ..query("雪櫃", "hk")
    };
    let answer = clients.search(request).await;
    assert!(answer.rewrites.is_empty(), "{:?}", answer.rewrites);
    assert_eq!(answer.total, 1);
    assert_eq!(answer.hits[0].item_id, "fridge-hk");
    let whole = answer.hits.iter().filter(|hit| !hit.partial_match);
    assert_eq!(whole.count(), 1);
}

#[tokio::test]
async fn a_hit_tells_which_rules_it_was_found_by() {
    let (_node, clients) = shop().await;
    let request = v1::SearchRequest {
        explain: true,
        ..query("雪櫃", "hk")
    };
    let answer = clients.search(request).await;
    for hit in &answer.hits[..3] {
        let explanation = hit.explanation.as_ref().expect("it was asked for");
        let through = explanation
            .rewrites
            .iter()
            .any(|rule| rule == "region.term");
        assert_eq!(through, hit.item_id != "fridge-hk", "{}", hit.item_id);
    }
}

#[tokio::test]
async fn the_status_counts_what_each_rule_did() {
    let (_node, clients) = shop().await;
    let first = v1::SearchRequest {
        page_size: 1,
        ..query("雪櫃", "hk")
    };
    let answer = clients.search(first.clone()).await;
    let edits = |answer: &v1::SearchResponse| {
        let regional = answer.rewrites.iter();
        regional.filter(|edit| edit.rule == "region.term").count() as u64
    };
    let of_first = edits(&answer);
    assert!(of_first > 0);
    // The later page of a query is no other query; one that no rule changes counts for none.
    let later = v1::SearchRequest {
        page_token: answer.next_page_token,
        ..first
    };
    clients.search(later).await;
    let unchanged = clients.search(query("WH-1000XM5", "hk")).await;
    assert_eq!(edits(&unchanged), 0);
    let of_third = edits(&clients.search(query("洋裝", "tw")).await);
    let rules = clients.status().await.rules;
    let known: Vec<&str> = rules.iter().map(|rule| rule.rule.as_str()).collect();
    assert!(known.contains(&"query.spoken"), "{known:?}");
    let regional = rules.iter().find(|rule| rule.rule == "region.term");
    let regional = regional.expect("the rule is there");
    assert_eq!((regional.queries, regional.edits), (2, of_first + of_third));
    assert!(!regional.description.is_empty());
}
