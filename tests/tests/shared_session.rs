//! In a session that several people use, nobody is shown what another did under a name.

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    feed::{feed_item, feed_of, feed_shop},
    items::event,
};

const SESSION: &str = "kitchen-tablet";

/// A look at an item in the session; `who`: "" before anybody signed in.
fn look(who: &str, item: usize) -> v1::Event {
    v1::Event {
        session_id: SESSION.to_owned(),
        ..event(EventKind::Detail, who, &feed_item(item))
    }
}

fn shopper(who: &str) -> v1::UserContext {
    v1::UserContext {
        user_id: who.to_owned(),
        session_id: SESSION.to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn what_another_did_under_a_name_is_not_mine() {
    let (_node, clients) = feed_shop(80).await;
    let answer = clients
        .record(vec![look("ann", 5), look("ben", 6), look("", 7)])
        .await;
    clients.settle(answer.sequence).await;
    let visited = |who: &str| {
        let (mut client, request) = (clients.feed.clone(), feed_of(Some(shopper(who))));
        async move {
            let report = client.inspect_feed(request).await.expect("a report");
            let visits = report.into_inner().visits.into_iter();
            let mut items: Vec<String> = visits.map(|visit| visit.item_id).collect();
            items.sort();
            items
        }
    };
    assert_eq!(visited("ann").await, [feed_item(5), feed_item(7)]);
    assert_eq!(visited("ben").await, [feed_item(6), feed_item(7)]);
    assert_eq!(visited("cat").await, [feed_item(7)]);
}
