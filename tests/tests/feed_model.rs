//! A model is taken from a file that may change, or learnt by the node itself; the feed goes by it, and the status tells of it.

use std::{fs, time::Duration};

use sampan_engine::recommend::{
    Gatherer,
    file::NamedModel,
    training::{TrainingOptions, train},
};
use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids},
    feed::{feed_habits, feed_item, feed_of, feed_shop, stock_feed, write_feed_model},
    items::{event, moment, now_seconds, user},
    node::{NodeFolder, TestNode},
    wait::until_true,
};

const DAY: i64 = 86_400;
const WITHIN: Duration = Duration::from_secs(30);
/// Time in which a node has rested from one training and done the next.
const LEARNT_AGAIN_WITHIN: Duration = Duration::from_secs(120);

async fn model(clients: &Clients) -> v1::FeedModelStatus {
    clients
        .status()
        .await
        .feed_model
        .expect("the status has it")
}

/// Of the first ten cards that no chance put there, those of a group.
async fn of_group(clients: &Clients, who: &str, group: usize) -> usize {
    let cards = clients.feed(feed_of(user(who))).await.cards;
    let cards: Vec<v1::Card> = cards
        .into_iter()
        .filter(|card| card.propensity == 1.0)
        .take(10)
        .collect();
    let ids: Vec<String> = (10 * group..10 * group + 10).map(feed_item).collect();
    let inside = card_ids(&cards).into_iter();
    inside.filter(|id| ids.iter().any(|own| own == id)).count()
}

#[tokio::test]
async fn a_file_is_served_watched_and_refused_when_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.feed");
    let node = NodeFolder::new(None).with_feed_model(&path).start();
    let clients = node.clients().await;
    stock_feed(&clients, 80).await;
    let before = model(&clients).await;
    assert_eq!(before.origin, "");
    write_feed_model(&path);
    until_true(WITHIN, "the file is taken", || async {
        model(&clients).await.items_served == 40
    })
    .await;
    let status = model(&clients).await;
    assert_eq!(
        (status.origin.as_str(), status.made_by.as_str()),
        ("file", "a test")
    );
    assert_eq!(
        (status.shoppers, status.events, status.items),
        (120, 600, 40)
    );
    assert!(status.made.is_some() && status.problem.is_empty());

    clients
        .record(vec![event(EventKind::Click, "dora", &feed_item(24))])
        .await;
    until_true(WITHIN, "the next page goes by the model", || async {
        of_group(&clients, "dora", 2).await >= 7
    })
    .await;
    let feed = clients.feed(feed_of(user("dora"))).await;
    assert!(
        feed.degraded.iter().all(|step| step.from != "model"),
        "{:?}",
        feed.degraded
    );
    let sources = ["item_to_item", "user_vector"];
    assert!(
        sources
            .iter()
            .any(|source| feed.sources.iter().any(|its| its == source))
    );

    std::fs::write(&path, b"no model").expect("written");
    until_true(WITHIN, "the damage is told", || async {
        !model(&clients).await.problem.is_empty()
    })
    .await;
    assert_eq!(
        model(&clients).await.items_served,
        40,
        "the one before goes on"
    );
    assert!(of_group(&clients, "dora", 2).await >= 7);
}

/// What the habits are learnt from, 600 clicks of 120 shoppers on 40 items.
fn habitual_clicks() -> impl Iterator<Item = v1::Event> {
    feed_habits().map(|(shopper, item, seconds)| v1::Event {
        time: moment(seconds),
        ..event(EventKind::Click, &shopper, &feed_item(item))
    })
}

/// A shop of 80 items whose node has made a model of the habits.
async fn shop_that_learnt() -> (TestNode, Clients) {
    let (node, clients) = feed_shop(80).await;
    clients.record(habitual_clicks().collect()).await;
    until_true(WITHIN, "a model is learnt", || async {
        model(&clients).await.items_served == 40
    })
    .await;
    (node, clients)
}

#[tokio::test]
async fn a_node_learns_from_its_own_events_and_keeps_the_model() {
    let (node, clients) = shop_that_learnt().await;
    let status = model(&clients).await;
    assert_eq!((status.origin.as_str(), status.shoppers), ("node", 120));
    assert_eq!(status.events, 600);
    clients
        .record(vec![event(EventKind::Click, "dora", &feed_item(15))])
        .await;
    until_true(WITHIN, "the next page goes by it", || async {
        of_group(&clients, "dora", 1).await >= 7
    })
    .await;
    let node = node.restart().await;
    let clients = node.clients().await;
    until_true(WITHIN, "it is there after a restart", || async {
        model(&clients).await.items_served == 40
    })
    .await;
}

#[tokio::test]
async fn what_was_bought_comes_back_when_it_is_due_and_not_before() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.feed");
    let mut gatherer = Gatherer::new(1_800);
    for shopper in 0..60 {
        for week in 0..6 {
            let seconds = now_seconds() - 7 * DAY * (6 - week);
            let other = feed_item(1 + shopper % 30);
            gatherer.add(&format!("s-{shopper}"), &feed_item(0), seconds, 1.0);
            gatherer.add(&format!("s-{shopper}"), &other, seconds, 1.0);
        }
    }
    let log = gatherer.finish();
    let items = log.items.len();
    let options = TrainingOptions::default();
    let model = train(&log.histories, items, None, &options, &mut |_, _, _| {});
    NamedModel::of(model, log, "a test", 0)
        .write(&path)
        .expect("written");
    let node = NodeFolder::new(None).with_feed_model(&path).start();
    let clients = node.clients().await;
    stock_feed(&clients, 60).await;
    let order = |who: &str, days: i64| v1::Event {
        time: moment(now_seconds() - days * DAY),
        ..event(EventKind::Order, who, &feed_item(0))
    };
    clients
        .record(vec![order("due", 7), order("early", 0)])
        .await;
    until_true(WITHIN, "it is due", || async {
        let cards = clients.feed(feed_of(user("due"))).await.cards;
        let back = cards.iter().find(|card| card.source == "repeat");
        back.is_some_and(|card| card.reason.contains("補貨"))
    })
    .await;
    let early = clients.feed_all(feed_of(user("early"))).await;
    assert!(!card_ids(&early).contains(&feed_item(0).as_str()));
}

#[tokio::test]
async fn what_was_erased_is_learnt_again_without_and_too_little_makes_no_model() {
    let (node, clients) = feed_shop(80).await;
    // Nobody else takes these.
    let own = (50..60).map(|item| event(EventKind::Order, "dora", &feed_item(item)));
    clients.record(habitual_clicks().chain(own).collect()).await;
    until_true(WITHIN, "a model is learnt", || async {
        model(&clients).await.items_served == 50
    })
    .await;
    let kept = node.data().join("index/feed/trained.feed");
    let learnt_from_all = fs::read(&kept).expect("kept");

    erase(&clients, "dora").await;
    until_true(LEARNT_AGAIN_WITHIN, "it is learnt again", || async {
        let model = model(&clients).await;
        (model.items_served, model.events, model.shoppers) == (40, 600, 120)
    })
    .await;
    assert!(kept.exists(), "it is kept for the next start");

    // 475 events are left.
    let mut erased = tokio::task::JoinSet::new();
    for shopper in 0..25 {
        let clients = clients.clone();
        erased.spawn(async move { erase(&clients, &format!("s-{shopper}")).await });
    }
    erased.join_all().await;
    until_true(WITHIN, "no model is left", || async {
        model(&clients).await.origin.is_empty()
    })
    .await;
    assert!(!kept.exists());
    // As if the node had stopped before it came to the file.
    fs::write(&kept, learnt_from_all).expect("written");
    let node = node.restart().await;
    let clients = node.clients().await;
    until_true(WITHIN, "what was erased is not read again", || async {
        !kept.exists()
    })
    .await;
    assert_eq!(model(&clients).await.origin, "");
}

#[tokio::test]
async fn a_file_of_another_format_is_refused_and_learnt_again() {
    let (node, _) = shop_that_learnt().await;
    let kept = node.data().join("index/feed/trained.feed");
    let node = node.stop().await;
    // The version stands behind eight bytes of magic.
    let written = fs::read(&kept).expect("kept");
    let mut outdated = written.clone();
    outdated[8..12].copy_from_slice(&1u32.to_le_bytes());
    fs::write(&kept, &outdated).expect("written");
    let folder = tempfile::tempdir().expect("a folder");
    let named = folder.path().join("shop.feed");
    fs::copy(&kept, &named).expect("copied");

    let node = node.start();
    let clients = node.clients().await;
    until_true(LEARNT_AGAIN_WITHIN, "it is learnt again", || async {
        model(&clients).await.items_served == 40
    })
    .await;
    assert_eq!(fs::read(&kept).expect("kept")[8..12], written[8..12]);

    let other = NodeFolder::new(None).with_feed_model(&named).start();
    let clients = other.clients().await;
    until_true(WITHIN, "both versions are told", || async {
        let problem = model(&clients).await.problem;
        problem.contains("format version 1") && problem.contains("reads 2")
    })
    .await;
}

async fn erase(clients: &Clients, user_id: &str) {
    let request = v1::EraseUserRequest {
        user_id: user_id.to_owned(),
        ..Default::default()
    };
    let erased = clients.events.clone().erase_user(request).await;
    let erased = erased.expect("erased").into_inner();
    assert!(erased.erased > 0 && erased.remaining == 0);
    clients.settle(erased.sequence).await;
}
