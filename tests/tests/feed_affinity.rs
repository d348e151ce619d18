//! What a feed's model says of a card is told by its parts, and how likely the card is to be chosen.

use std::collections::HashSet;

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::Clients,
    feed::{feed_item, feed_of, feed_shop, stock_feed, write_feed_model},
    items::{event, user},
    node::NodeFolder,
    wait::until_true,
};

use crate::search_explanations::adding_up;

const WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

fn explained(who: &str) -> v1::GetFeedRequest {
    v1::GetFeedRequest {
        explain: true,
        page_size: 5,
        ..feed_of(user(who))
    }
}

fn affinity(card: &v1::Card) -> &v1::ScorePart {
    let explanation = adding_up(card.hit.as_ref().expect("a hit"));
    let part = explanation.parts.iter();
    let mut part = part.filter(|part| part.signal == "feed_affinity");
    part.next().expect("every explanation has it")
}

/// Names of the parts, in their order; checks that they add up to the signal.
fn part_names(affinity: &v1::ScorePart) -> Vec<&str> {
    let mut sum = 0.0f64;
    for part in &affinity.parts {
        assert_eq!(part.contribution, part.value * part.weight, "{part:?}");
        assert!(part.parts.is_empty() && part.rank_without.is_none());
        sum += part.contribution;
    }
    assert_eq!(sum.to_bits(), affinity.value.to_bits(), "{affinity:?}");
    affinity
        .parts
        .iter()
        .map(|part| part.signal.as_str())
        .collect()
}

async fn inspected(clients: &Clients, who: &str) -> Vec<v1::Card> {
    let report = clients.feed.clone().inspect_feed(explained(who)).await;
    report.expect("a report").into_inner().cards
}

#[tokio::test]
async fn parts_add_up_in_one_order_on_every_page_and_likelier_cards_have_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.feed");
    write_feed_model(&path);
    let node = NodeFolder::new(None).with_feed_model(&path).start();
    let clients = node.clients().await;
    stock_feed(&clients, 80).await;
    clients
        .record(vec![event(EventKind::Click, "dora", &feed_item(24))])
        .await;
    until_true(WITHIN, "the feed goes by the model", || async {
        let feed = clients.feed(feed_of(user("dora"))).await;
        feed.degraded.iter().all(|step| step.from != "model")
    })
    .await;
    // All pages of one list.
    let cards = clients.feed_all(explained("dora")).await;
    assert!(cards.len() > 40, "{}", cards.len());
    let inspected = inspected(&clients, "dora").await;
    assert!(!inspected.is_empty());
    let both = cards.iter().chain(&inspected);
    let orders: HashSet<Vec<&str>> = both.map(|card| part_names(affinity(card))).collect();
    assert_eq!(orders.len(), 1, "{orders:?}");
    let names = orders.into_iter().next().expect("one order");
    for name in [
        "co_occurrence",
        "factors",
        "content",
        "popular",
        "trend",
        "recency",
        "likeliest",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let mut judged: Vec<(f64, f64)> = cards
        .iter()
        .map(|card| {
            (
                affinity(card).value,
                card.probability.expect("a model serves"),
            )
        })
        .collect();
    judged.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    assert!(judged.is_sorted_by(|a, b| a.1 <= b.1), "{judged:?}");
    assert!(
        judged
            .iter()
            .all(|(_, probability)| (0.0..=1.0).contains(probability))
    );
    let (least, most) = (judged[0], judged[judged.len() - 1]);
    assert!(
        (most.0 - 1.0).abs() < 1e-9 && most.1 > 3.0 * least.1,
        "{judged:?}"
    );
    let brief = clients.feed(feed_of(user("dora"))).await;
    assert!(brief.cards.iter().all(|card| card.probability.is_some()));
}

#[tokio::test]
async fn without_a_model_there_is_nothing_to_tell() {
    let (_node, clients) = feed_shop(30).await;
    let cards = clients.feed(explained("dora")).await.cards;
    assert!(!cards.is_empty());
    for card in &cards {
        let affinity = affinity(card);
        assert_eq!((affinity.value, affinity.parts.len()), (0.0, 0));
        assert_eq!(card.probability, None);
    }
}
