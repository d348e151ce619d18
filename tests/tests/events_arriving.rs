//! Late, duplicate and out-of-order events, and events of clocks that run ahead, leave what clean ones leave.

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids},
    items::{event, item_everywhere, moment, now_seconds, user},
    node::TestNode,
};

const ITEMS: usize = 30;
const USERS: [&str; 4] = ["ann", "ben", "cat", "dan"];

fn id(number: usize) -> String {
    format!("i-{number:02}")
}

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..ITEMS).map(|number| v1::Item {
        created: moment(1_767_225_600 + number as i64),
        ..item_everywhere(&id(number), &format!("貨品{number}號"), &["hk"])
    });
    clients.stock(items.collect()).await;
    (node, clients)
}

/// A few visits of each user, oldest first; the last ones a little ahead of the clock.
fn events() -> Vec<v1::Event> {
    let kinds = [
        EventKind::Impression,
        EventKind::Click,
        EventKind::Detail,
        EventKind::Click,
        EventKind::Cart,
        EventKind::Click,
        EventKind::Order,
        EventKind::Dislike,
    ];
    let began = now_seconds() - 5_900;
    let one = |number: usize| v1::Event {
        event_id: format!("e-{number}"),
        time: moment(began + 15 * number as i64),
        // Every other event is of before signing in.
        session_id: format!("visit-{}", number % 4),
        query: ["", "貨品"][number % 3 % 2].to_owned(),
        ..event(
            kinds[number * 7 % 15 % kinds.len()],
            if number % 8 < 4 {
                USERS[number % 4]
            } else {
                ""
            },
            &id(number * number % ITEMS),
        )
    };
    (0..400).map(one).collect()
}

/// All that can be seen of what was made of events.
async fn seen(clients: &Clients) -> Vec<String> {
    let mut seen = vec![format!("{} events", clients.status().await.events)];
    // A stranger has a name, for of the nameless chance draws other cards at every moment.
    for who in USERS.into_iter().chain(["a stranger"]) {
        let request = v1::GetFeedRequest {
            region: "hk".to_owned(),
            user: user(who),
            ..Default::default()
        };
        let cards = clients.feed_all(request).await;
        let cards = cards
            .iter()
            .map(|card| format!("{} {}", card.source, card.reason))
            .zip(card_ids(&cards));
        seen.push(format!("{who}: {:?}", cards.collect::<Vec<_>>()));
    }
    for number in 0..ITEMS {
        let cards = clients.similar(&id(number), "hk").await;
        seen.push(format!("like {number}: {:?}", card_ids(&cards)));
    }
    seen
}

#[tokio::test]
async fn events_in_any_order_and_twice_leave_what_clean_ones_leave() {
    let (_node, clean) = shop().await;
    let events = events();
    let answer = clean.record(events.clone()).await;
    assert_eq!(answer.duplicates, 0);
    clean.settle(answer.sequence).await;

    let (node, messy) = shop().await;
    // Batches of seven, the last first and each turned round; every third batch comes again.
    let mut sequence = 0;
    for (number, batch) in events
        .chunks(7)
        .enumerate()
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let turned: Vec<v1::Event> = batch.iter().rev().cloned().collect();
        for again in [false, true] {
            if !again || number % 3 == 0 {
                let answer = messy.record(turned.clone()).await;
                assert_eq!(answer.duplicates > 0, again);
                sequence = answer.sequence;
            }
        }
    }
    messy.settle(sequence).await;

    // New arrivals and popular pools follow a little later.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let expected = seen(&clean).await;
    assert_eq!(seen(&messy).await, expected);
    // The log replays to the same.
    let node = node.restart().await;
    assert_eq!(seen(&node.clients().await).await, expected);
}
