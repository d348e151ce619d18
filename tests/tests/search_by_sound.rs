//! Queries typed by sound or with the keyboard in the wrong mode: what was meant is found, and nothing that the
//! catalogue really has in Latin letters is lost.

use std::time::Duration;

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, query},
    items::item_everywhere,
    node::TestNode,
    wait::until_true,
};

/// Names are known by their sound within seconds.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(10);
const REGIONS: &[&str] = &["hk", "tw", "cn"];

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let branded = |id, brand: &str, title: &str| v1::Item {
        brand: brand.to_owned(),
        ..item_everywhere(id, &format!("{brand} {title}"), REGIONS)
    };
    let items = vec![
        item_everywhere("fridge", "雙門雪櫃", REGIONS),
        item_everywhere("washer", "變頻洗衣機", REGIONS),
        item_everywhere("socks", "Naizeon 運動襪", REGIONS),
        item_everywhere("bottle", "防脹氣奶樽", REGIONS),
        branded("milk", "紅蜻蜓坊", "低糖豆奶"),
    ];
    clients.stock(items).await;
    (node, clients)
}

/// Items that the query is whole in, and its rewrites.
async fn found(clients: &Clients, text: &str, region: &str) -> (Vec<String>, Vec<v1::Rewrite>) {
    let answer = clients.search(query(text, region)).await;
    let whole = answer.hits.into_iter().filter(|hit| !hit.partial_match);
    (whole.map(|hit| hit.item_id).collect(), answer.rewrites)
}

#[tokio::test]
async fn every_way_to_type_finds_what_was_meant_and_tells_so() {
    let (_node, clients) = shop().await;
    for (text, region, rule, id) in [
        ("syut3 gwai6", "hk", "sound.jyutping", "fridge"),
        ("xiyiji", "cn", "sound.pinyin", "washer"),
        ("xi衣機", "tw", "sound.pinyin", "washer"),
        ("ㄒㄧˇ ㄧ ㄐㄧ", "tw", "sound.zhuyin", "washer"),
        ("vu3u ru", "tw", "sound.zhuyin_keys", "washer"),
        ("mbsmdslc", "hk", "sound.cangjie", "fridge"),
        ("mm1dc2", "hk", "sound.quick", "fridge"),
    ] {
        let (ids, rewrites) = found(&clients, text, region).await;
        assert_eq!(ids, [id], "{text}");
        let edit = rewrites.iter().find(|edit| edit.rule == rule);
        let edit = edit.unwrap_or_else(|| panic!("{text}: {rewrites:?}"));
        let source = edit.source.expect("an edit has a source");
        assert_eq!(&text[source.start as usize..source.end as usize], text);
        let request = v1::SearchRequest {
            disabled_rules: vec![rule.to_owned()],
            ..query(text, region)
        };
        let without = clients.search(request).await;
        assert!(without.rewrites.iter().all(|edit| edit.rule != rule));
    }
}

#[tokio::test]
async fn what_the_catalogue_has_in_latin_letters_is_no_sound() {
    let (_node, clients) = shop().await;
    let (ids, rewrites) = found(&clients, "naizeon", "hk").await;
    assert_eq!(ids, ["socks"]);
    assert!(rewrites.is_empty(), "{rewrites:?}");
    clients.try_delete(&["socks"]).await.expect("deleted");
    let (ids, rewrites) = found(&clients, "naai5 zeon1", "hk").await;
    assert_eq!(ids, ["bottle"], "{rewrites:?}");
}

#[tokio::test]
async fn a_brand_of_the_catalogue_is_known_by_its_sound() {
    let (_node, clients) = shop().await;
    for text in [
        "hungcingtingfong",
        "hongqingtingfang",
        "hung4 cing1 ting4 fong1",
    ] {
        until_true(FOLLOWS_WITHIN, text, || async {
            found(&clients, text, "hk").await.0 == ["milk"]
        })
        .await;
    }
}
