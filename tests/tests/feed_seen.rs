//! What was on the shopper's screen today does not come again unless asked, and what was passed over often not at all.

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids},
    feed::{feed_item, feed_of, feed_shop},
    items::{event, moment, now_seconds, user},
};

const DAY: i64 = 86_400;

/// An impression so many days ago.
fn impression(user_id: &str, item: &str, days: i64) -> v1::Event {
    v1::Event {
        time: moment(now_seconds() - days * DAY - 60),
        ..event(EventKind::Impression, user_id, item)
    }
}

async fn record(clients: &Clients, events: Vec<v1::Event>) {
    clients.record(events).await;
    let written = clients.status().await.sequence_written;
    clients.settle(written).await;
}

#[tokio::test]
async fn a_days_pages_do_not_repeat_unless_asked() {
    let (_node, clients) = feed_shop(80).await;
    let request = feed_of(user("ann"));
    let first = clients.feed(request.clone()).await;
    let shown: Vec<String> = card_ids(&first.cards)
        .into_iter()
        .map(str::to_owned)
        .collect();
    let impressions = shown.iter().map(|item| impression("ann", item, 0));
    record(&clients, impressions.collect()).await;
    let next = clients.feed_all(request.clone()).await;
    assert!(next.len() >= 40);
    assert!(
        card_ids(&next)
            .iter()
            .all(|id| !shown.iter().any(|seen| seen == id))
    );
    let asked = v1::GetFeedRequest {
        allow_repeats: true,
        ..request
    };
    let again = clients.feed_all(asked).await;
    let ids = card_ids(&again);
    assert!(shown.iter().all(|seen| ids.contains(&seen.as_str())));
    let stranger = clients.feed_all(feed_of(user("ben"))).await;
    assert!(card_ids(&stranger).contains(&shown[0].as_str()));
}

#[tokio::test]
async fn what_was_passed_over_often_is_left_out_and_comes_back_after_fewer() {
    let (_node, clients) = feed_shop(40).await;
    let (often, seldom) = (feed_item(7), feed_item(8));
    let mut events: Vec<v1::Event> = (1..=5).map(|day| impression("ann", &often, day)).collect();
    events.extend((1..=4).map(|day| impression("ann", &seldom, day)));
    record(&clients, events).await;
    let cards = clients.feed_all(feed_of(user("ann"))).await;
    let ids = card_ids(&cards);
    assert!(!ids.contains(&often.as_str()) && ids.contains(&seldom.as_str()));
    let asked = v1::GetFeedRequest {
        allow_repeats: true,
        ..feed_of(user("ann"))
    };
    let cards = clients.feed_all(asked).await;
    assert!(
        !card_ids(&cards).contains(&often.as_str()),
        "repeats are of a day"
    );
    clients
        .put_profile("hk", "[feed]\nfrequency_cap = 0\n")
        .await;
    let cards = clients.feed_all(feed_of(user("ann"))).await;
    assert!(card_ids(&cards).contains(&often.as_str()));
}
