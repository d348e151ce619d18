//! A word is found where it stands as a word; characters that only meet across the edges of other words bring an item
//! when nothing better does.

use sampan_proto::v1;
use sampan_tests::{
    clients::{ids, query},
    shop::shop,
};

const REGIONS: [&str; 3] = ["hk", "tw", "cn"];

/// What holds the word, then what holds its characters across the edges of others.
const CROSSED: [(&str, &str, &str); 3] = [
    ("花生", "鹽焗花生 200克", "碎花生日蠟燭"),
    ("香水", "玫瑰香水 50毫升", "清香水杯"),
    ("牛肉", "急凍牛肉 500克", "蝸牛肉桂味香薰"),
];

#[tokio::test]
async fn characters_that_meet_across_words_do_not_come_beside_the_word() {
    for (word, right, wrong) in CROSSED {
        let (_node, clients) = shop(&REGIONS, &[("right", right), ("wrong", wrong)]).await;
        for region in REGIONS {
            let answer = clients.search(query(word, region)).await;
            assert_eq!(ids(&answer.hits), ["right"], "{word} in {region}");
            assert_eq!(answer.total, 1, "{word} in {region}");
        }
    }
}

#[tokio::test]
async fn they_come_where_nothing_has_the_word() {
    for (word, _, wrong) in CROSSED {
        let (_node, clients) = shop(&REGIONS, &[("wrong", wrong), ("other", "牙刷")]).await;
        let hits = clients.search_all(query(word, "hk")).await;
        assert_eq!(ids(&hits), ["wrong"], "{word}");
        assert!(!hits[0].partial_match, "{word}");
    }
}

#[tokio::test]
async fn orders_by_price_hold_words_too() {
    for (word, right, wrong) in CROSSED {
        let (_node, clients) = shop(&REGIONS, &[("right", right), ("wrong", wrong)]).await;
        let hits = clients
            .search_all(v1::SearchRequest {
                sort: v1::Sort::PriceAscending.into(),
                ..query(word, "hk")
            })
            .await;
        assert_eq!(ids(&hits), ["right"], "{word}");
    }
}

#[tokio::test]
async fn parts_and_things_of_one_kind_stay_behind_the_word() {
    let (_node, clients) = shop(
        &REGIONS,
        &[
            ("word", "食物保鮮袋 100個"),
            ("part", "保鮮紙 300呎"),
            ("kind", "拉鏈密實袋 50個"),
            ("character", "袋鼠毛絨擺設"),
        ],
    )
    .await;
    let hits = clients.search_all(query("保鮮袋", "hk")).await;
    assert_eq!(hits[0].item_id, "word");
    let mut found = ids(&hits);
    found.sort_unstable();
    assert_eq!(found, ["kind", "part", "word"]);
    let partial: Vec<bool> = hits.iter().map(|hit| hit.partial_match).collect();
    assert_eq!(partial, [false, true, true]);
}

#[tokio::test]
async fn what_the_last_character_names_comes_before_what_only_holds_it() {
    let (_node, clients) = shop(
        &REGIONS,
        &[("holds", "鮮蝦腸粉 即食裝"), ("names", "煙燻雞肉腸 即食裝")],
    )
    .await;
    let hits = clients.search_all(query("臘腸", "hk")).await;
    assert_eq!(ids(&hits)[0], "names");
}
