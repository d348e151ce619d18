//! A restart keeps everything that was acknowledged.

use sampan_proto::v1::{self, DocumentKind, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids, query},
    items::{event, item_everywhere, owned, user},
    node::TestNode,
    refusal::assert_code,
};
use tonic::Code;

const BAR_GLASS: &str =
    "[[restriction]]\nid = \"glass\"\nreason = \"r\"\nsource = \"own\"\ntag = [\"易碎\"]\n";

/// Everything a node can be told: items, vectors, offers, deletions, events, documents.
pub async fn tell_everything(clients: &Clients) {
    let items = (0..40).map(|number| v1::Item {
        vector: vec![1.0, number as f32 / 10.0, 0.5],
        tags: owned(if number % 10 == 0 {
            &["易碎"]
        } else {
            &["耐用"]
        }),
        brand: format!("牌{}", number % 4),
        ..item_everywhere(
            &format!("i-{number:02}"),
            &format!("陶瓷杯 第{number}款"),
            &["hk", "tw"],
        )
    });
    clients.upsert(items.collect()).await;
    let replaced = item_everywhere("i-05", "玻璃碗", &["hk"]);
    clients.upsert(vec![replaced]).await;
    let withdrawn = v1::OfferUpdate {
        item_id: "i-06".to_owned(),
        remove_regions: owned(&["hk"]),
        ..Default::default()
    };
    clients
        .try_update_offers(vec![withdrawn])
        .await
        .expect("taken");
    clients
        .try_delete(&["i-07", "i-08"])
        .await
        .expect("deleted");
    let seen =
        ["ann", "ben"].map(|user| ["i-11", "i-12"].map(|id| event(EventKind::Cart, user, id)));
    clients.record(seen.concat()).await;
    let mut own = vec![
        event(EventKind::Click, "me", "i-11"),
        event(EventKind::Dislike, "me", "i-13"),
    ];
    own[0].event_id = "mine".to_owned();
    clients.record(own).await;
    clients.put_restrictions("hk", BAR_GLASS).await;
    clients.put_profile("tw", "[weights]\nsales = 0.77\n").await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
}

/// Everything a shopper can see of it.
pub async fn what_is_seen(clients: &Clients) -> Vec<String> {
    let mut seen = Vec::new();
    for (text, region) in [
        ("陶瓷杯", "hk"),
        ("玻璃碗", "hk"),
        ("", "hk"),
        ("陶瓷杯", "tw"),
        ("牌1", "tw"),
    ] {
        let request = v1::SearchRequest {
            facets: vec![v1::FacetKind::Brand.into(), v1::FacetKind::Tag.into()],
            ..query(text, region)
        };
        let answer = clients.search(request.clone()).await;
        let mut hits: Vec<String> = clients
            .search_all(request)
            .await
            .into_iter()
            .map(|hit| format!("{} {:?} {:?}", hit.item_id, hit.title, hit.offer))
            .collect();
        hits.sort();
        seen.push(format!(
            "{text} {region}: {} {:?} {hits:?}",
            answer.total, answer.facets
        ));
    }
    let mut similar: Vec<String> = clients
        .similar("i-11", "hk")
        .await
        .iter()
        .filter_map(|card| Some(card.hit.as_ref()?.item_id.clone()))
        .collect();
    similar.sort();
    seen.push(format!("similar: {similar:?}"));
    let status = clients.status().await;
    seen.push(format!(
        "{} items, {} events, {} vectors",
        status.items, status.events, status.vectors
    ));
    seen.push(format!("rules {}", status.policy_version));
    seen
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let node = TestNode::start();
    tell_everything(&node.clients().await).await;
    let before = what_is_seen(&node.clients().await).await;
    let written = node.clients().await.status().await.sequence_written;

    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(what_is_seen(&clients).await, before);
    let status = clients.status().await;
    assert_eq!(
        (status.sequence_written, status.sequence_visible),
        (written, written)
    );

    assert_code(clients.try_get_item("i-07").await, Code::NotFound);
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        user: user("me"),
        ..Default::default()
    };
    let cards = clients.feed_all(feed).await;
    assert_eq!(
        card_ids(&cards)[0],
        "i-12",
        "what goes with what was clicked"
    );
    assert!(!card_ids(&cards).contains(&"i-13"), "disliked");
    let again = v1::Event {
        event_id: "mine".to_owned(),
        ..event(EventKind::Click, "me", "i-11")
    };
    assert_eq!(clients.record(vec![again]).await.duplicates, 1);
    for (kind, region, word) in [
        (DocumentKind::Restrictions, "hk", "易碎"),
        (DocumentKind::RankingProfile, "tw", "0.77"),
    ] {
        let document = clients
            .try_get_document(kind, region)
            .await
            .expect("it is there");
        assert_eq!(document.origin, "admin");
        assert!(document.toml.contains(word));
    }

    // Numbers go on where they stopped: what is written now does not meet what was written then.
    clients
        .stock(vec![item_everywhere("new", "竹籃", &["hk"])])
        .await;
    assert_eq!(clients.search(query("竹籃", "hk")).await.total, 1);
    assert!(clients.status().await.sequence_written > written);
}

#[tokio::test]
async fn an_empty_node_starts_again() {
    let node = TestNode::start().restart().await;
    let clients = node.clients().await;
    assert_eq!(clients.search(query("", "hk")).await.total, 0);
    clients
        .stock(vec![item_everywhere("new", "竹籃", &["hk"])])
        .await;
    assert_eq!(clients.search(query("竹籃", "hk")).await.total, 1);
}
