//! Nobody, nobody known, and nothing known of anyone: each gets a feed, and the answer says what it could not go by.

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    feed::{feed_item, feed_of, feed_shop},
    items::{event, user},
    wait::{VISIBLE_WITHIN, until_true},
};

/// From what to what.
fn steps(feed: &v1::GetFeedResponse) -> Vec<(&str, &str)> {
    let steps = feed.degraded.iter();
    steps
        .map(|step| (step.from.as_str(), step.to.as_str()))
        .collect()
}

#[tokio::test]
async fn each_step_down_is_said_with_its_reason() {
    let (_node, clients) = feed_shop(80).await;
    let nobody = clients.feed(feed_of(None)).await;
    assert_eq!(nobody.cards.len(), 20);
    let all = [
        ("model", "live behaviour"),
        ("personal", "region"),
        ("region", "new arrivals"),
    ];
    assert_eq!(steps(&nobody)[..3], all);
    assert!(nobody.degraded.iter().all(|step| !step.reason.is_empty()));
    assert!(nobody.degraded[1].reason.contains("neither"));
    let unknown = clients.feed(feed_of(user("ann"))).await;
    assert_eq!(steps(&unknown)[..3], all);
    assert!(unknown.degraded[1].reason.contains("nothing is known"));

    let elsewhere = v1::Event {
        region: "tw".to_owned(),
        ..event(EventKind::Order, "ben", &feed_item(3))
    };
    clients.record(vec![elsewhere]).await;
    until_true(VISIBLE_WITHIN, "what sells elsewhere", || async {
        let feed = clients.feed(feed_of(None)).await;
        steps(&feed).contains(&("region", "all regions")) && feed.cards[0].source == "popular"
    })
    .await;
    clients
        .record(vec![event(EventKind::Click, "ann", &feed_item(5))])
        .await;
    until_true(VISIBLE_WITHIN, "ann is known", || async {
        let feed = clients.feed(feed_of(user("ann"))).await;
        let steps = steps(&feed);
        !steps.contains(&("personal", "region")) && !steps.iter().any(|(from, _)| *from == "region")
    })
    .await;
}

#[tokio::test]
async fn where_the_time_went_is_said_by_stage() {
    let (_node, clients) = feed_shop(80).await;
    let mut request = feed_of(user("ann"));
    let first = clients.feed(request.clone()).await;
    let stages: Vec<&str> = first
        .timings
        .iter()
        .map(|timing| timing.stage.as_str())
        .collect();
    let all = [
        "understand",
        "recall",
        "fuse",
        "affinity",
        "rank",
        "spread",
        "page",
    ];
    assert_eq!(stages, all);
    request.page_token = first.next_page_token;
    let later = clients.feed(request).await;
    assert_eq!(later.timings.len(), 1);
    assert_eq!(later.timings[0].stage, "page");
}
