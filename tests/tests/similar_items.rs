//! Items like one item: by words, by what shoppers did, by vectors; never the item itself.

use sampan_proto::v1::{self, EventKind, Script};
use sampan_tests::{
    clients::card_ids,
    items::{event, item_everywhere},
    node::TestNode,
};

const REGIONS: [&str; 2] = ["hk", "cn"];

fn with_vector(id: &str, title: &str, vector: [f32; 3]) -> v1::Item {
    v1::Item {
        vector: vector.into(),
        ..item_everywhere(id, title, &REGIONS)
    }
}

#[tokio::test]
async fn items_with_like_words_come_and_the_item_itself_does_not() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        item_everywhere("seed", "無線藍牙耳機 降噪", &REGIONS),
        item_everywhere("trad", "入耳式藍牙耳機", &REGIONS),
        item_everywhere("simp", "无线蓝牙耳机 运动", &REGIONS),
        item_everywhere("far", "純棉毛巾", &REGIONS),
    ];
    clients.stock(items).await;
    let cards = clients.similar("seed", "hk").await;
    let mut found = card_ids(&cards);
    found.sort_unstable();
    assert_eq!(found, ["simp", "trad"]);
    let request = v1::SimilarItemsRequest {
        item_id: "seed".to_owned(),
        region: "hk".to_owned(),
        display_script: Script::Simplified.into(),
        count: 1,
        ..Default::default()
    };
    let cards = clients.try_similar(request).await.expect("cards").cards;
    assert_eq!(cards.len(), 1, "no more than asked for");
    let hit = cards[0].hit.as_ref().expect("a hit");
    assert!(
        hit.display_title.contains("蓝牙耳机"),
        "{}",
        hit.display_title
    );
}

#[tokio::test]
async fn what_shoppers_looked_at_together_is_similar() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        item_everywhere("tent", "四人帳篷", &REGIONS),
        item_everywhere("stove", "卡式爐", &REGIONS),
        item_everywhere("towel", "純棉毛巾", &REGIONS),
    ];
    clients.stock(items).await;
    assert!(clients.similar("tent", "hk").await.is_empty());
    let events = ["ann", "ben"]
        .map(|user| ["tent", "stove"].map(|item| event(EventKind::Detail, user, item)));
    let answer = clients.record(events.concat()).await;
    clients.settle(answer.sequence).await;
    let cards = clients.similar("tent", "hk").await;
    assert_eq!(card_ids(&cards), ["stove"]);
    assert_eq!(cards[0].source, "item_to_item");
}

#[tokio::test]
async fn near_vectors_are_similar() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        with_vector("seed", "甲", [1.0, 0.0, 0.0]),
        with_vector("near", "乙", [0.9, 0.1, 0.0]),
        with_vector("far", "丙", [0.0, 0.0, 1.0]),
    ];
    clients.stock(items).await;
    let cards = clients.similar("seed", "hk").await;
    assert_eq!(card_ids(&cards)[0], "near");
    assert_eq!(cards[0].source, "vector");
    let status = clients.status().await;
    assert_eq!((status.vectors, status.vector_dimensions), (3, 3));
    assert_eq!(status.vector_source, "client");

    // The vectors follow the items: one moves, one goes.
    clients
        .upsert(vec![with_vector("far", "丙", [0.99, 0.0, 0.0])])
        .await;
    clients.try_delete(&["near"]).await.expect("deleted");
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let cards = clients.similar("seed", "hk").await;
    assert_eq!(card_ids(&cards), ["far"]);
}
