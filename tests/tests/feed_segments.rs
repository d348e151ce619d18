//! What is popular is that of the shopper's segment, where it is known to choose otherwise than its region; else that of the
//! region, and the answer says whose it was and why.

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids},
    feed::{feed_item, feed_of, feed_shop},
    items::{event, user},
    wait::{VISIBLE_WITHIN, until_true},
};

const ITEMS: usize = 80;

/// Orders of a segment: so many times each of ten items from a first one.
fn orders(segment: &str, from: usize, times: usize) -> Vec<v1::Event> {
    let orders = (0..10 * times).map(|number| v1::Event {
        segment: segment.to_owned(),
        ..event(
            EventKind::Order,
            &format!("{segment}-{number}"),
            &feed_item(from + number % 10),
        )
    });
    orders.collect()
}

fn of_segment(who: &str, segment: &str) -> v1::GetFeedRequest {
    let context = user(who).map(|context| v1::UserContext {
        segment: segment.to_owned(),
        ..context
    });
    feed_of(context)
}

/// Numbers of the popular cards' items, first to last.
fn popular(feed: &v1::GetFeedResponse) -> Vec<usize> {
    let cards = feed.cards.iter().filter(|card| card.source == "popular");
    let cards: Vec<v1::Card> = cards.cloned().collect();
    let numbers = card_ids(&cards).into_iter();
    numbers
        .map(|id| id.trim_start_matches("i-").parse().expect("a number"))
        .collect()
}

fn reason_not_by_segment(feed: &v1::GetFeedResponse) -> Option<(&str, &str)> {
    let mut steps = feed.degraded.iter();
    let step = steps.find(|step| step.from == "segment");
    step.map(|step| (step.to.as_str(), step.reason.as_str()))
}

/// Two segments that buy from two shelves, ten times as much in one of them.
async fn two_segments(clients: &Clients) {
    let mut events = orders("women", 20, 4);
    events.extend(orders("men", 40, 40));
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;
    until_true(VISIBLE_WITHIN, "segments are told", || async {
        clients.feed(of_segment("dora", "women")).await.popular_by == "segment"
    })
    .await;
}

#[tokio::test]
async fn a_newcomer_of_a_segment_is_shown_what_it_buys_however_few_they_are() {
    let (_node, clients) = feed_shop(ITEMS).await;
    two_segments(&clients).await;
    let women = clients.feed(of_segment("dora", "women")).await;
    let first = popular(&women)[..3].to_vec();
    assert!(
        first.iter().all(|item| (20..30).contains(item)),
        "{first:?}"
    );
    let card = women.cards.iter().find(|card| card.source == "popular");
    assert_eq!(card.expect("a card").reason, "與你相近的顧客熱賣");
    // What the segment does not buy more than others do follows, and is said to be the region's.
    let rest = women.cards.iter().filter(|card| card.source == "popular");
    let rest: Vec<&str> = rest.map(|card| card.reason.as_str()).collect();
    assert!(rest.contains(&"香港熱賣"), "{rest:?}");
    assert_eq!(reason_not_by_segment(&women), None);
    let nobody = clients.feed(of_segment("eve", "")).await;
    assert_eq!(nobody.popular_by, "region");
    assert!((40..50).contains(&popular(&nobody)[0]));
    assert_eq!(reason_not_by_segment(&nobody), None);
}

#[tokio::test]
async fn it_is_said_whose_goods_they_are_and_why_not_the_segments() {
    let (_node, clients) = feed_shop(ITEMS).await;
    let nothing = clients.feed(of_segment("dora", "women")).await;
    assert_eq!(nothing.popular_by, "");
    two_segments(&clients).await;
    // One order is worth five clicks, 20 of which are enough; and one that buys all that the region does.
    let mut events = orders("few", 20, 1);
    events.truncate(3);
    events.extend(orders("alike", 20, 4));
    events.extend(orders("alike", 40, 40));
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;
    let feed = |segment: &'static str| clients.feed(of_segment("dora", segment));
    for (segment, word) in [
        ("few", "worth"),
        ("alike", "no more than chance"),
        ("odd", "nothing is known"),
    ] {
        until_true(VISIBLE_WITHIN, segment, || async {
            let feed = feed(segment).await;
            let (to, reason) = reason_not_by_segment(&feed).expect("it is said");
            feed.popular_by == "region" && to == "region" && reason.contains(word)
        })
        .await;
    }
    // Elsewhere nothing is known of it, nor of anybody.
    let elsewhere = v1::GetFeedRequest {
        region: "tw".to_owned(),
        ..of_segment("dora", "women")
    };
    let elsewhere = clients.feed(elsewhere).await;
    assert_eq!(elsewhere.popular_by, "all regions");
    let card = elsewhere.cards.iter().find(|card| card.source == "popular");
    assert_eq!(card.expect("a card").reason, "各地熱賣");
    // Who likes a shelf is shown what is popular there first.
    let click = event(EventKind::Click, "fay", &feed_item(25));
    clients.record(vec![click]).await;
    until_true(VISIBLE_WITHIN, "the taste", || async {
        let feed = clients.feed(of_segment("fay", "")).await;
        feed.popular_by == "category"
    })
    .await;
    let request = of_segment("fay", "women");
    let report = clients.feed.clone().inspect_feed(request).await;
    assert_eq!(report.expect("a report").into_inner().popular_by, "segment");
}

#[tokio::test]
async fn what_is_erased_is_taken_back_from_the_segment() {
    let (_node, clients) = feed_shop(ITEMS).await;
    let one = |item: usize| v1::Event {
        segment: "women".to_owned(),
        ..event(EventKind::Order, "ann", &feed_item(item))
    };
    let mut events: Vec<v1::Event> = (20..30).map(one).collect();
    events.extend(orders("men", 40, 4));
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;
    until_true(VISIBLE_WITHIN, "the segment", || async {
        clients.feed(of_segment("dora", "women")).await.popular_by == "segment"
    })
    .await;
    let request = v1::EraseUserRequest {
        user_id: "ann".to_owned(),
        ..Default::default()
    };
    let erased = clients.events.clone().erase_user(request).await;
    let sequence = erased.expect("erased").into_inner().sequence;
    clients.settle(sequence).await;
    until_true(VISIBLE_WITHIN, "nothing is known of it", || async {
        let feed = clients.feed(of_segment("dora", "women")).await;
        let reason = reason_not_by_segment(&feed).map(|(_, reason)| reason);
        reason.is_some_and(|reason| reason.contains("nothing is known"))
    })
    .await;
}
