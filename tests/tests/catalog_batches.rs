//! Batches: a result an item in order, the last of two wins, and a stream may be long.

use sampan_engine::base::limits;
use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    clients::query,
    items::{hkd, item, offer, owned},
    node::TestNode,
    refusal::{assert_code, assert_names_field},
};
use tonic::Code;

#[tokio::test]
async fn an_empty_batch_changes_nothing() {
    let node = TestNode::start();
    let clients = node.clients().await;
    for batches in [vec![], vec![vec![]], vec![vec![], vec![]]] {
        let answer = clients.try_upsert(batches).await.expect("taken");
        assert_eq!((answer.accepted, answer.refused), (0, 0));
        assert!(answer.results.is_empty());
    }
    let answer = clients.try_delete(&[]).await.expect("taken");
    assert!(answer.results.is_empty());
    let answer = clients.try_update_offers(vec![]).await.expect("taken");
    assert!(answer.results.is_empty());
    let answer = clients.try_record(vec![]).await.expect("taken");
    assert_eq!((answer.accepted, answer.refused), (0, 0));
    assert_eq!(clients.status().await.sequence_written, 0);
}

#[tokio::test]
async fn the_last_of_two_in_one_batch_wins() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let wrong = v1::Item {
        titles: Vec::new(),
        ..item("cup", "")
    };
    let batch = vec![item("cup", "玻璃杯"), item("cup", "陶瓷碗"), wrong];
    let answer = clients.try_upsert(vec![batch]).await.expect("taken");
    let accepted: Vec<bool> = answer.results.iter().map(|r| r.accepted).collect();
    assert_eq!(accepted, [true, true, false]);
    clients.settle(answer.sequence).await;
    assert_eq!(clients.search(query("陶瓷碗", "hk")).await.total, 1);
    assert_eq!(clients.search(query("玻璃杯", "hk")).await.total, 0);
    assert_eq!(clients.status().await.items, 1);

    let price = |minor| v1::OfferUpdate {
        item_id: "cup".to_owned(),
        offers: vec![offer("hk", &[ShipMode::Local], hkd(minor))],
        ..Default::default()
    };
    let answer = clients.try_update_offers(vec![price(1), price(2)]).await;
    assert!(answer.expect("taken").results.iter().all(|r| r.accepted));
    let cup = clients.try_get_item("cup").await.expect("it is there");
    assert_eq!(cup.offers[0].price, Some(hkd(2)));

    let answer = clients.try_delete(&["cup", "cup"]).await.expect("taken");
    let accepted: Vec<bool> = answer.results.iter().map(|r| r.accepted).collect();
    assert_eq!(
        accepted,
        [true, false],
        "the second finds nothing to delete"
    );
}

#[tokio::test]
async fn many_batches_in_a_stream_are_answered_in_their_order() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let batches = (0..20).map(|batch| {
        let items = (0..5).map(|number| {
            let mut item = item(&format!("i-{batch}-{number}"), "杯");
            if number == 3 {
                item.titles.clear();
            }
            item
        });
        items.collect()
    });
    let answer = clients.try_upsert(batches.collect()).await.expect("taken");
    assert_eq!((answer.accepted, answer.refused), (80, 20));
    for (place, result) in answer.results.iter().enumerate() {
        assert_eq!(result.index, place as u64);
        assert_eq!(result.item_id, format!("i-{}-{}", place / 5, place % 5));
        assert_eq!(result.accepted, place % 5 != 3);
    }
    clients.settle(answer.sequence).await;
    assert_eq!(clients.search(query("", "hk")).await.total, 80);
}

#[tokio::test]
async fn a_long_stream_lists_the_refused_alone() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let small = |id: String| item(&id, "杯");
    let batches = (0..11).map(|batch| {
        let mut items: Vec<v1::Item> = (0..1_000)
            .map(|n| small(format!("i-{batch}-{n}")))
            .collect();
        items[500].titles.clear();
        items
    });
    let answer = clients.try_upsert(batches.collect()).await.expect("taken");
    assert!(answer.accepted + answer.refused > limits::STREAM_RESULTS_MAX as u64);
    assert_eq!((answer.accepted, answer.refused), (10_989, 11));
    let places: Vec<u64> = answer.results.iter().map(|result| result.index).collect();
    let expected: Vec<u64> = (0..11).map(|batch| batch * 1_000 + 500).collect();
    assert_eq!(places, expected);
    assert!(answer.results.iter().all(|result| !result.accepted));

    // Beyond ten thousand, a total says no more than that there are more.
    clients.settle(answer.sequence).await;
    for text in ["", "杯"] {
        let found = clients.search(query(text, "hk")).await;
        assert_eq!((found.total, found.total_is_lower_bound), (10_000, true));
        assert_eq!(found.hits.len(), 20);
    }
}

#[tokio::test]
async fn a_stream_that_goes_wrong_keeps_the_batches_before() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let endless = (0..=limits::BATCH_MAX).map(|n| item(&format!("n-{n}"), "碗"));
    let batches = vec![
        vec![item("first", "杯")],
        endless.collect(),
        vec![item("last", "杯")],
    ];
    assert_names_field(clients.try_upsert(batches).await, "items");
    clients.try_get_item("first").await.expect("it came before");
    assert_code(clients.try_get_item("last").await, Code::NotFound);
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    assert_eq!(clients.search(query("", "hk")).await.total, 1);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_deleted() {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.stock(vec![item("here", "杯")]).await;
    let answer = clients
        .try_delete(&["gone", "here", ""])
        .await
        .expect("taken");
    let accepted: Vec<bool> = answer.results.iter().map(|r| r.accepted).collect();
    assert_eq!(accepted, [false, true, false]);
    assert_eq!(answer.results[0].field, "item_ids[0]");
    assert_eq!(answer.results[2].field, "item_ids[2]");
}

#[tokio::test]
async fn an_offer_update_changes_offers_and_indexes_no_text() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let two_regions = v1::Item {
        offers: vec![
            v1::Offer {
                stock: Some(5),
                freight_minor: Some(100),
                ..offer("hk", &[ShipMode::Local], hkd(1_000))
            },
            offer("tw", &[ShipMode::DirectMail], hkd(2_000)),
        ],
        ..item("cup", "玻璃杯")
    };
    clients.stock(vec![two_regions.clone()]).await;
    let before = clients.status().await;
    let update = v1::OfferUpdate {
        item_id: "cup".to_owned(),
        offers: vec![
            offer("hk", &[ShipMode::DirectMail], hkd(900)),
            offer("sg", &[ShipMode::Consolidated], hkd(3_000)),
        ],
        remove_regions: owned(&["tw", "us"]),
    };
    let answer = clients
        .try_update_offers(vec![update.clone()])
        .await
        .expect("taken");
    assert!(answer.results[0].accepted, "{answer:?}");
    clients.settle(answer.sequence).await;
    let after = clients.status().await;
    assert_eq!(after.segments, before.segments, "no text was indexed again");

    let mut cup = clients.try_get_item("cup").await.expect("it is there");
    cup.offers.sort_by(|a, b| a.region.cmp(&b.region));
    assert_eq!(cup.offers, update.offers, "an offer is replaced whole");
    assert_eq!(cup.titles, two_regions.titles);
    for (region, total) in [("hk", 1), ("tw", 0), ("sg", 1)] {
        let found = clients.search(query("玻璃杯", region)).await;
        assert_eq!(found.total, total, "in {region}");
    }
}
