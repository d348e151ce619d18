//! The script a shopper types in, and the one a seller wrote in, do not matter; titles come back in the asked one.

use std::collections::BTreeSet;

use sampan_proto::v1::{self, Script};
use sampan_tests::{
    clients::{Clients, ids, query},
    items::{item_everywhere, titled},
    node::TestNode,
    shop::shop,
};

const REGIONS: [&str; 3] = ["hk", "tw", "cn"];

#[tokio::test]
async fn both_scripts_find_the_same_items() {
    let (_node, clients) = shop(
        &REGIONS,
        &[
            ("soy-hk", "維他奶 低糖豆奶 250毫升 6包裝"),
            ("soy-cn", "维他奶 原味豆奶饮料 250ml*16盒"),
            ("cooker-hk", "樂聲牌 西施電飯煲 1公升"),
            ("cooker-cn", "乐声 智能电饭煲 1L"),
            ("washer-hk", "前置式洗衣機 7公斤"),
            ("washer-cn", "滚筒洗衣机 7公斤"),
            ("other", "純棉毛巾"),
        ],
    )
    .await;
    for (traditional, simplified, expected) in [
        ("維他奶", "维他奶", ["soy-cn", "soy-hk"]),
        ("電飯煲", "电饭煲", ["cooker-cn", "cooker-hk"]),
        ("樂聲", "乐声", ["cooker-cn", "cooker-hk"]),
        ("洗衣機", "洗衣机", ["washer-cn", "washer-hk"]),
    ] {
        for region in REGIONS {
            let found = found(&clients, traditional, region).await;
            assert_eq!(
                found,
                BTreeSet::from(expected.map(String::from)),
                "{traditional} in {region}"
            );
            let other = self::found(&clients, simplified, region).await;
            assert_eq!(found, other, "{traditional} and {simplified} in {region}");
        }
    }
}

/// Ids of the items that match the whole query.
async fn found(clients: &Clients, text: &str, region: &str) -> BTreeSet<String> {
    let hits = clients.search_all(query(text, region)).await;
    let whole = hits.into_iter().filter(|hit| !hit.partial_match);
    whole.map(|hit| hit.item_id).collect()
}

#[tokio::test]
async fn two_characters_of_a_title_find_it_wherever_they_stand() {
    let titles = [
        ("t-1", "後背包防水大容量旅行收納"),
        ("t-2", "日本製不鏽鋼保溫瓶"),
        ("t-3", "手工皂薰衣草精油"),
        ("t-4", "儿童积木玩具拼装"),
        ("t-5", "無線藍牙耳機降噪"),
    ];
    let (_node, clients) = shop(&REGIONS, &titles).await;
    for (id, title) in titles {
        let characters: Vec<char> = title.chars().collect();
        let singles = characters.chunks(1);
        for part in characters.windows(2).chain(singles) {
            let text: String = part.iter().collect();
            let hits = clients.search_all(query(&text, "hk")).await;
            assert!(ids(&hits).contains(&id), "{text} does not find {title}");
        }
    }
}

#[tokio::test]
async fn highlights_mark_the_sellers_own_words_to_the_byte() {
    let (_node, clients) = shop(
        &REGIONS,
        &[
            ("soy-cn", "维他奶 原味饮料 250ml*16盒"),
            ("fridge-cn", "海尔家用小型冰箱"),
            ("wide", "ＳＯＮＹ　無線耳機 WH-1000XM5"),
        ],
    )
    .await;
    for (text, id, marked) in [
        ("維他奶", "soy-cn", vec!["维他奶"]),
        ("飲料", "soy-cn", vec!["饮料"]),
        ("雪櫃", "fridge-cn", vec!["冰箱"]),
        ("sony", "wide", vec!["ＳＯＮＹ"]),
        ("wh-1000xm5", "wide", vec!["WH-1000XM5"]),
    ] {
        let hits = clients.search_all(query(text, "hk")).await;
        let hit = hits.iter().find(|hit| hit.item_id == id);
        let hit = hit.unwrap_or_else(|| panic!("{text} finds {id}"));
        assert_eq!(highlighted(hit), marked, "{text} in {}", hit.title);
    }
}

/// The marked parts of a title; ranges must ascend, not overlap, and lie on character boundaries.
fn highlighted(hit: &v1::Hit) -> Vec<&str> {
    let mut last = 0;
    let mut parts = Vec::new();
    for range in &hit.highlights {
        let (start, end) = (range.start as usize, range.end as usize);
        assert!(start >= last && start < end, "{:?}", hit.highlights);
        parts.push(hit.title.get(start..end).expect("character boundaries"));
        last = end;
    }
    parts
}

#[tokio::test]
async fn the_title_that_matches_best_is_shown() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let titles = ["Foldable Umbrella", "縮骨遮 輕便", "折疊傘 輕便"];
    let item = v1::Item {
        titles: titles.map(titled).into(),
        ..item_everywhere("umbrella", "", &REGIONS)
    };
    clients.stock(vec![item]).await;
    for (text, title) in [
        ("umbrella", titles[0]),
        ("縮骨", titles[1]),
        ("折疊", titles[2]),
    ] {
        let answer = clients.search(query(text, "hk")).await;
        assert_eq!(answer.hits[0].title, title, "{text}");
    }
}

#[tokio::test]
async fn display_titles_come_in_the_asked_script_and_the_title_stays_the_sellers() {
    let (_node, clients) = shop(
        &REGIONS,
        &[("box", "抽屉里面收纳盒"), ("noodles", "裡面有麵")],
    )
    .await;
    for (id, script, shown) in [
        ("box", Script::Original, "抽屉里面收纳盒"),
        ("box", Script::Simplified, "抽屉里面收纳盒"),
        ("box", Script::HongKong, "抽屜裏面收納盒"),
        ("box", Script::Taiwan, "抽屜裡面收納盒"),
        ("noodles", Script::Original, "裡面有麵"),
        ("noodles", Script::Simplified, "里面有面"),
        ("noodles", Script::Taiwan, "裡面有麵"),
    ] {
        let hit = shown_as(&clients, id, "hk", script).await;
        assert_eq!(hit.display_title, shown, "{script:?}");
        let own = if id == "box" {
            "抽屉里面收纳盒"
        } else {
            "裡面有麵"
        };
        assert_eq!(hit.title, own);
    }
    for (region, shown) in [
        ("hk", "抽屜裏面收納盒"),
        ("tw", "抽屜裡面收納盒"),
        ("cn", "抽屉里面收纳盒"),
    ] {
        let hit = shown_as(&clients, "box", region, Script::Unspecified).await;
        assert_eq!(hit.display_title, shown, "the script of {region}");
    }
}

async fn shown_as(clients: &Clients, id: &str, region: &str, script: Script) -> v1::Hit {
    let request = v1::SearchRequest {
        display_script: script.into(),
        ..query("", region)
    };
    let hits = clients.search_all(request).await;
    hits.into_iter()
        .find(|hit| hit.item_id == id)
        .expect("it is on the page")
}
