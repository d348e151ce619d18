//! What is acknowledged is seen by search within a second, and is what was written.

use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    items::{attribute, hkd, item, item_everywhere, moment, now_seconds, offer, owned, titled},
    node::TestNode,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until},
};
use tonic::Code;

async fn until_total(clients: &Clients, text: &str, total: u64) -> v1::SearchResponse {
    let what = format!("{total} hits for {text}");
    until(VISIBLE_WITHIN, &what, || async {
        let answer = clients.search(query(text, "hk")).await;
        (answer.total == total).then_some(answer)
    })
    .await
}

#[tokio::test]
async fn adding_replacing_and_deleting_are_seen_within_a_second() {
    let node = TestNode::start();
    let clients = node.clients().await;
    for round in 0..3 {
        clients.upsert(vec![item("cup", "玻璃杯")]).await;
        until_total(&clients, "玻璃杯", 1).await;

        clients.upsert(vec![item("cup", "陶瓷碗")]).await;
        until_total(&clients, "陶瓷碗", 1).await;
        let old = clients.search(query("玻璃杯", "hk")).await;
        assert_eq!(old.total, 0, "round {round}: the old words are gone");

        clients.try_delete(&["cup"]).await.expect("it is deleted");
        until_total(&clients, "陶瓷碗", 0).await;
        assert_code(clients.try_get_item("cup").await, Code::NotFound);
    }
}

#[tokio::test]
async fn an_offer_is_seen_within_a_second() {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.stock(vec![item("cup", "玻璃杯")]).await;
    let update = |offer: v1::Offer| v1::OfferUpdate {
        item_id: "cup".to_owned(),
        offers: vec![offer],
        ..Default::default()
    };
    let cheaper = offer("hk", &[ShipMode::Local], hkd(8_800));
    let answer = clients.try_update_offers(vec![update(cheaper)]).await;
    assert!(answer.expect("it is taken").results[0].accepted);
    until(VISIBLE_WITHIN, "the new price", || async {
        let answer = clients.search(query("玻璃杯", "hk")).await;
        let price = answer.hits[0].offer.clone()?.price?.minor;
        (price == 8_800).then_some(())
    })
    .await;
    let withdrawn = v1::OfferUpdate {
        item_id: "cup".to_owned(),
        remove_regions: owned(&["hk"]),
        ..Default::default()
    };
    clients
        .try_update_offers(vec![withdrawn])
        .await
        .expect("it is taken");
    until_total(&clients, "玻璃杯", 0).await;
}

#[tokio::test]
async fn a_write_is_seen_within_a_second_while_others_pour_in() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let writer = clients.clone();
    let (enough, told) = tokio::sync::watch::channel(false);
    let pouring = tokio::spawn(async move {
        let mut batches = 0;
        while !*told.borrow() {
            let items = (0..100).map(|n| item(&format!("flood-{batches}-{n}"), "河水 流水"));
            writer.upsert(items.collect()).await;
            batches += 1;
        }
        batches
    });
    for round in 0..5 {
        let title = format!("獨木舟{round}號");
        clients
            .upsert(vec![item(&format!("boat-{round}"), &title)])
            .await;
        until(VISIBLE_WITHIN, &title, || async {
            let hits = clients.search(query(&title, "hk")).await.hits;
            let first = hits.first()?;
            (first.item_id == format!("boat-{round}")).then_some(())
        })
        .await;
    }
    enough.send(true).expect("it still pours");
    let batches = pouring.await.expect("the flood is taken");
    assert!(batches > 5, "only {batches} batches poured in");
}

#[tokio::test]
async fn an_item_comes_back_as_it_was_written() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let whole = v1::Item {
        id: "完整/1 號".to_owned(),
        titles: vec![
            v1::Title {
                text: "不鏽鋼保溫杯".to_owned(),
                language: "zh-Hant-HK".to_owned(),
            },
            titled("不锈钢保温杯"),
        ],
        brand: "北原".to_owned(),
        category_path: owned(&["家品", "杯"]),
        attributes: [attribute("容量", "500ml"), attribute("顏色", "紅")].into(),
        tags: owned(&["新品", "送禮"]),
        seller: "shop-1".to_owned(),
        created: moment(1_767_225_600),
        quality_prior: 0.75,
        sales_prior: 12_345,
        vector: vec![0.5, -0.25, 1.0],
        image_url: "https://example.com/杯.jpg".to_owned(),
        origin_country: "jp".to_owned(),
        weight_grams: Some(350),
        offers: vec![
            v1::Offer {
                stock: Some(3),
                freight_minor: Some(0),
                delivery_days: Some(2),
                local_return: true,
                ..offer("hk", &[ShipMode::Local, ShipMode::DirectMail], hkd(19_900))
            },
            offer("tw", &[ShipMode::Consolidated], hkd(21_000)),
        ],
    };
    clients.stock(vec![whole.clone()]).await;
    let back = clients.try_get_item(&whole.id).await.expect("it is there");
    assert_eq!(back, whole);

    let hit = clients.search(query("保温杯", "hk")).await.hits.remove(0);
    assert_eq!(hit.item_id, whole.id);
    assert_eq!(hit.brand, whole.brand);
    assert_eq!(hit.seller, whole.seller);
    assert_eq!(hit.image_url, whole.image_url);
    assert_eq!(hit.category_path, whole.category_path);
    let mut badges: Vec<v1::Badge> = hit.badges().collect();
    badges.sort_unstable();
    use v1::Badge::{DirectMail, Local, LocalReturn, LowStock};
    assert_eq!(badges, [DirectMail, Local, LowStock, LocalReturn]);
}

#[tokio::test]
async fn badges_tell_what_is_new_and_what_is_sold_out() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let day = 86_400;
    let aged = |id: &str, days: i64, stock| v1::Item {
        created: moment(now_seconds() - days * day),
        offers: vec![v1::Offer {
            stock,
            ..offer("hk", &[ShipMode::Local], hkd(100))
        }],
        ..item(id, "杯")
    };
    use v1::Badge::{Local, LowStock, New, SoldOut};
    let cases = [
        (aged("young", 29, None), vec![Local, New]),
        (aged("old", 31, Some(10)), vec![Local]),
        (aged("few", 31, Some(9)), vec![Local, LowStock]),
        (aged("none", 31, Some(0)), vec![Local, SoldOut]),
    ];
    clients
        .stock(cases.iter().map(|(item, _)| item.clone()).collect())
        .await;
    let hits = clients.search_all(query("", "hk")).await;
    for (item, badges) in &cases {
        let hit = hits.iter().find(|hit| hit.item_id == item.id);
        let shown: Vec<v1::Badge> = hit.expect("it is shown").badges().collect();
        assert_eq!(&shown, badges, "{}", item.id);
    }
}

#[tokio::test]
async fn an_undated_item_keeps_the_date_of_its_first_upsert() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let dated = v1::Item {
        created: moment(1_000_000_000),
        ..item("dated", "杯")
    };
    let start = now_seconds();
    clients.upsert(vec![dated, item("undated", "杯")]).await;
    let first = clients.try_get_item("undated").await.expect("it is there");
    let first = first.created.expect("it was dated");
    assert!((start..=now_seconds()).contains(&first.seconds));
    clients
        .upsert(vec![item("dated", "碗"), item("undated", "碗")])
        .await;
    let again = clients.try_get_item("undated").await.expect("it is there");
    assert_eq!(again.created, Some(first));
    let dated = clients.try_get_item("dated").await.expect("it is there");
    assert_eq!(dated.created, moment(1_000_000_000));
}

#[tokio::test]
async fn an_item_without_an_offer_is_kept_but_not_shown() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let unsold = v1::Item {
        offers: Vec::new(),
        ..item("unsold", "木凳")
    };
    let sold = item_everywhere("sold", "木凳", &["tw"]);
    clients.stock(vec![unsold, sold]).await;
    assert_eq!(clients.search(query("木凳", "hk")).await.total, 0);
    assert_eq!(clients.search(query("木凳", "tw")).await.total, 1);
    clients.try_get_item("unsold").await.expect("it is kept");
    assert_eq!(clients.status().await.items, 2);
}
