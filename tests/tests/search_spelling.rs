//! A mistyped query finds what was meant where that is sure; where it is not, the shopper is asked.

use std::{collections::BTreeSet, time::Duration};

use sampan_engine::base::limits::SPELLING_QUERY_EVENTS_MIN;
use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, query},
    items::{event, item, item_everywhere},
    node::TestNode,
    oracle::Rule,
    wait::{VISIBLE_WITHIN, until_true},
};

/// Time in which the node counts what it holds.
const COUNTED_WITHIN: Duration = Duration::from_secs(20);

/// Time after which a small node has surely counted again what it was told.
const RECOUNTED_WITHIN: Duration = Duration::from_secs(5);

/// Items of each title: evidence takes numbers.
const COPIES: usize = 8;

/// Titles of a small general store, with several of each thing.
const TITLES: &[&str] = &[
    "雙門雪櫃 300公升",
    "單門雪櫃 90公升",
    "三門雪櫃 變頻",
    "日式雪櫃 上置冰格",
    "迷你雪櫃 宿舍適用",
    "前置式洗衣機 7公斤",
    "日式洗衣機 8公斤",
    "滾筒洗衣機 薄身",
    "迷你洗衣機 內衣專用",
    "保濕面膜 10片裝",
    "美白面膜 5片裝",
    "蝸牛面膜 補水",
    "蘆薈面膜 舒緩",
    "三合一即溶咖啡",
    "黑咖啡粉 深烘焙",
    "掛耳咖啡 10包",
    "咖啡豆 中烘焙",
    "Nestle 牛奶朱古力",
    "Nestle 穀物早餐",
    "Nestle 即溶飲品",
    "Nestle 雀巢雪糕",
    "HomiChef 易潔鑊",
    "HomiChef 不鏽鋼湯鍋",
    "Border Biscuits 薑餅",
    "iPhone 15 保護殼",
    "iPhone 15 屏幕貼",
    "純棉毛巾",
    "竹纖維毛巾",
    "不鏽鋼保溫杯",
    "玻璃水樽",
];

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = TITLES.iter().enumerate().flat_map(|(number, title)| {
        let id = move |copy| format!("i-{number}-{copy}");
        (0..COPIES).map(move |copy| item_everywhere(&id(copy), title, &["hk", "tw", "cn"]))
    });
    clients.stock(items.collect()).await;
    until_true(COUNTED_WITHIN, "words are counted", || async {
        let answer = clients.search(query("雪貴", "hk")).await;
        !answer.did_you_mean.is_empty()
    })
    .await;
    (node, clients)
}

#[tokio::test]
async fn what_nobody_sells_is_taken_for_what_sounds_or_looks_like_it() {
    let (_node, clients) = shop().await;
    for (typed, right, region, rule) in [
        ("雪貴", "雪櫃", "hk", "spell.homophone"),
        ("雪柜", "雪櫃", "hk", ""),
        ("洗衣基", "洗衣機", "tw", "spell.homophone"),
        ("洗衣衣機", "洗衣機", "hk", "spell.doubled"),
        ("nestel", "nestle", "hk", "spell.latin"),
    ] {
        let answer = clients.search(query(typed, region)).await;
        let found = found(&clients, typed, region).await;
        let wanted = self::found(&clients, right, region).await;
        assert_eq!(found, wanted, "{typed}: {:?}", answer.rewrites);
        let rules: Vec<&str> = answer
            .rewrites
            .iter()
            .map(|edit| edit.rule.as_str())
            .filter(|rule| rule.starts_with("spell."))
            .collect();
        if rule.is_empty() {
            assert!(
                rules.is_empty() && answer.did_you_mean.is_empty(),
                "{typed}"
            );
            continue;
        }
        assert_eq!(rules, [rule], "{typed}");
        let meant = &answer.did_you_mean[0];
        assert!(meant.applied, "{typed}");
        assert_eq!(meant.text, right);
        assert_eq!(meant.edits[0].rule, rule);
    }
}

/// Ids of the items that match the whole query.
async fn found(clients: &Clients, text: &str, region: &str) -> BTreeSet<String> {
    let hits = clients.search_all(query(text, region)).await;
    let whole = hits.into_iter().filter(|hit| !hit.partial_match);
    whole.map(|hit| hit.item_id).collect()
}

#[tokio::test]
async fn an_edit_tells_its_place_and_the_words_typed_stay() {
    let (_node, clients) = shop().await;
    clients.stock(vec![item("odd", "雪貴牌 純棉毛巾")]).await;
    let text = "雙門 雪貴";
    let answer = clients.search(query(text, "hk")).await;
    let edit = answer
        .rewrites
        .iter()
        .find(|edit| edit.rule == "spell.homophone")
        .expect("it is corrected");
    let source = edit.source.expect("an edit has a source");
    assert_eq!(&text[source.start as usize..source.end as usize], "雪貴");
    assert_eq!(edit.target, "雪櫃");
    assert!(edit.weight > 0.0 && edit.weight < 1.0);
    assert!(answer.hits[0].item_id.starts_with("i-0-"));
    let answer = clients.search(query("雪貴", "hk")).await;
    let found: Vec<&str> = answer.hits.iter().map(|hit| &*hit.item_id).collect();
    assert!(found.contains(&"odd"), "{found:?}");
}

#[tokio::test]
async fn a_rule_that_is_switched_off_corrects_nothing() {
    let (_node, clients) = shop().await;
    let request = v1::SearchRequest {
        disabled_rules: vec!["spell.homophone".to_owned(), "spell.look_alike".to_owned()],
        ..query("雪貴", "hk")
    };
    let answer = clients.search(request).await;
    assert!(
        answer
            .rewrites
            .iter()
            .all(|edit| !edit.rule.starts_with("spell."))
    );
    assert!(answer.did_you_mean.is_empty(), "{:?}", answer.did_you_mean);
}

#[tokio::test]
async fn models_and_words_that_are_sold_are_left_alone() {
    let (_node, clients) = shop().await;
    for text in [
        "iPhone 14",
        "iphone14",
        "面膜",
        "毛巾",
        "咖啡豆",
        "Nestle",
        "保溫杯",
        "水樽",
    ] {
        let answer = clients.search(query(text, "hk")).await;
        assert!(
            answer.did_you_mean.is_empty(),
            "{text}: {:?}",
            answer.did_you_mean
        );
    }
}

#[tokio::test]
async fn spaces_in_a_latin_name_do_not_matter() {
    let (_node, clients) = shop().await;
    for (typed, wanted, total) in [
        ("homi chef", "HomiChef", 2),
        ("homichef", "HomiChef", 2),
        ("borderbiscuits", "Border Biscuits", 1),
        ("iphone15", "iPhone 15", 2),
        ("iphone 15", "iPhone 15", 2),
    ] {
        let answer = clients.search(query(typed, "hk")).await;
        let total = total * COPIES as u64;
        assert_eq!(answer.total, total, "{typed}: {:?}", answer.rewrites);
        assert!(answer.hits[0].title.contains(wanted), "{typed}");
    }
}

/// 冰箱 is what some call a fridge; no title says so.
#[tokio::test]
async fn what_shoppers_asked_and_no_title_says_is_corrected_towards_once_enough_did() {
    let (_node, clients) = shop().await;
    let clicks = |queries: &[&'static str], round: u32| -> Vec<v1::Event> {
        let queries = queries.iter();
        let clicks = queries.map(|query| v1::Event {
            event_id: format!("{query}-{round}"),
            query: (*query).to_owned(),
            ..event(v1::EventKind::Click, &format!("u-{round}"), "i-0-0")
        });
        clicks.collect()
    };
    let is_offered = || async {
        let answer = clients.search(query("冰廂", "hk")).await;
        answer.did_you_mean.iter().any(|meant| meant.text == "冰箱")
    };
    let asked = ["迷你冰箱", "雙門冰箱", "冰箱 90公升"];
    for round in 1..SPELLING_QUERY_EVENTS_MIN {
        clients.record(clicks(&asked, round)).await;
    }
    tokio::time::sleep(RECOUNTED_WITHIN).await;
    assert!(!is_offered().await, "one event too few");
    clients
        .record(clicks(&asked, SPELLING_QUERY_EVENTS_MIN))
        .await;
    until_true(COUNTED_WITHIN, "queries are counted", is_offered).await;
}

#[tokio::test]
async fn what_may_not_be_sold_is_never_asked_about() {
    let (_node, clients) = shop().await;
    let rule = Rule {
        id: "no-fridges".to_owned(),
        item: (0..5 * COPIES)
            .map(|place| format!("i-{}-{}", place / COPIES, place % COPIES))
            .collect(),
        ..Rule::default()
    };
    clients.put_restrictions("hk", &rule.to_toml()).await;
    until_true(VISIBLE_WITHIN, "nothing is asked", || async {
        let answer = clients.search(query("雪貴", "hk")).await;
        answer.did_you_mean.is_empty()
    })
    .await;
    let elsewhere = clients.search(query("雪貴", "tw")).await;
    assert_eq!(elsewhere.did_you_mean[0].text, "雪櫃");
}
