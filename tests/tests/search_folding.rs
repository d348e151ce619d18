//! Offers of the same product by several sellers fold into one hit, on every page, and only what may be shown counts.

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, ids, query},
    items::item_everywhere,
    node::TestNode,
};

const REGIONS: [&str; 2] = ["hk", "tw"];

fn sold_by(seller: &str, title: &str) -> v1::Item {
    v1::Item {
        seller: seller.to_owned(),
        brand: "維他奶".to_owned(),
        ..item_everywhere(&format!("{title}/{seller}"), title, &REGIONS)
    }
}

async fn shop(items: Vec<v1::Item>) -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients.stock(items).await;
    (node, clients)
}

fn folded(text: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        fold_products: true,
        ..query(text, "hk")
    }
}

#[tokio::test]
async fn one_product_of_several_sellers_is_one_hit() {
    let (_node, clients) = shop(vec![
        sold_by("a", "低糖豆奶 250毫升 6包裝"),
        sold_by("b", "【包邮】维他奶 250ml 低糖豆奶 6包裝 正品"),
        sold_by("c", "低糖豆奶 6包裝 250mL 現貨"),
        sold_by("a", "低糖豆奶 375毫升 6包裝"),
        sold_by("a", "原味豆奶 250毫升 6包裝"),
    ])
    .await;
    let answer = clients.search(folded("豆奶")).await;
    assert_eq!((answer.hits.len(), answer.total), (3, 5));
    let mut more: Vec<u32> = answer.hits.iter().map(|hit| hit.more_offers).collect();
    more.sort_unstable();
    assert_eq!(more, [0, 0, 2]);
    let first = answer.hits.iter().find(|hit| hit.more_offers == 2);
    let first = first.expect("a folded hit");
    assert_eq!(first.more_item_ids.len(), 2);
    assert!(!first.more_item_ids.contains(&first.item_id));
    let apart = clients.search(query("豆奶", "hk")).await;
    assert_eq!(apart.hits.len(), 5);
    assert!(apart.hits.iter().all(|hit| hit.more_offers == 0));
}

#[tokio::test]
async fn an_order_by_price_shows_the_cheapest_offer() {
    let priced = |seller: &str, minor| {
        let mut item = sold_by(seller, "低糖豆奶 250毫升");
        for offer in &mut item.offers {
            offer.price = Some(sampan_tests::items::hkd(minor));
        }
        item
    };
    let (_node, clients) = shop(vec![priced("a", 900), priced("b", 700), priced("c", 800)]).await;
    let request = v1::SearchRequest {
        sort: v1::Sort::PriceAscending.into(),
        ..folded("豆奶")
    };
    let hits = clients.search(request).await.hits;
    assert_eq!(ids(&hits), ["低糖豆奶 250毫升/b"]);
    let others = ["低糖豆奶 250毫升/c", "低糖豆奶 250毫升/a"];
    assert_eq!(hits[0].more_item_ids, others);
}

#[tokio::test]
async fn pages_do_not_repeat_and_what_was_barred_since_gives_its_place_to_another_offer() {
    let mut items = Vec::new();
    for number in 100..112 {
        for seller in ["a", "b"] {
            items.push(sold_by(seller, &format!("豆奶 {number}毫升")));
        }
    }
    let (_node, clients) = shop(items).await;
    let request = v1::SearchRequest {
        page_size: 5,
        ..folded("豆奶")
    };
    let first = clients.search(request.clone()).await;
    assert_eq!(first.hits.len(), 5);
    clients
        .put_restrictions(
            "hk",
            "[[restriction]]\nid = \"no-a\"\nreason = \"test\"\nsource = \"test\"\nitem = [\"豆奶 100毫升/a\", \"豆奶 105毫升/a\", \"豆奶 111毫升/a\"]\n",
        )
        .await;
    let next = v1::SearchRequest {
        page_token: first.next_page_token.clone(),
        ..request
    };
    let later: Vec<v1::Hit> = clients.search_all(next).await;
    let barred = ["豆奶 100毫升/a", "豆奶 105毫升/a", "豆奶 111毫升/a"];
    assert_eq!(later.len(), 7);
    for hit in &later {
        let shown = std::iter::once(&hit.item_id).chain(&hit.more_item_ids);
        assert!(shown.clone().all(|id| !barred.contains(&id.as_str())));
        assert_eq!(shown.count(), 1 + hit.more_offers as usize);
    }
    let title = |hit: &v1::Hit| hit.title.clone();
    let titles: std::collections::BTreeSet<String> =
        first.hits.iter().chain(&later).map(title).collect();
    assert_eq!(titles.len(), 12);
}

#[tokio::test]
async fn the_ids_of_other_offers_are_listed_up_to_the_limit() {
    for (sellers, listed) in [(21, 20), (22, 20)] {
        let sellers = (0..sellers).map(|number| format!("s{number}"));
        let items: Vec<v1::Item> = sellers.map(|s| sold_by(&s, "低糖豆奶 250毫升")).collect();
        let count = items.len() as u32;
        let (_node, clients) = shop(items).await;
        let hits = clients.search(folded("豆奶")).await.hits;
        assert_eq!(hits[0].more_offers, count - 1);
        assert_eq!(hits[0].more_item_ids.len(), listed);
    }
}
