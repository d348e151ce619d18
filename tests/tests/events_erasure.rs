//! The right to erasure: nothing of a user is left, in memory or in files, now or after a restart; and nothing of others is
//! lost.

use std::{fs, path::Path, time::Duration};

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, card_ids},
    items::{event, item_everywhere, moment, now_seconds, user},
    node::TestNode,
    refusal::assert_names_field,
    wait::until_true,
};
use tonic::Status;

/// Ids that nothing else contains.
const USER: &str = "erased-9c41d7";
const VISIT: &str = "visit-of-9c41d7";
const SHARED: &str = "kiosk-2";
/// Time in which new arrivals, gathered every other second, are in the feed of both shops.
const NEW_SEEN_WITHIN: Duration = Duration::from_secs(20);
/// Time in which the database lets go of its old files.
const FILES_GONE_WITHIN: Duration = Duration::from_secs(20);

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..20).map(|number| v1::Item {
        created: moment(1_767_225_600 + number),
        ..item_everywhere(
            &format!("i-{number:02}"),
            &format!("貨品{number}號"),
            &["hk"],
        )
    });
    clients.stock(items.collect()).await;
    (node, clients)
}

fn done(kind: EventKind, user_id: &str, session_id: &str, item: &str) -> v1::Event {
    v1::Event {
        session_id: session_id.to_owned(),
        time: moment(now_seconds() - 60),
        query: "貨品".to_owned(),
        ..event(kind, user_id, item)
    }
}

/// Seven events that go, and four that stay.
fn events() -> Vec<v1::Event> {
    vec![
        done(EventKind::Click, "", VISIT, "i-01"),
        done(EventKind::Click, USER, VISIT, "i-02"),
        done(EventKind::Order, USER, VISIT, "i-03"),
        done(EventKind::Dislike, USER, "", "i-04"),
        done(EventKind::Impression, USER, "", "i-05"),
        done(EventKind::Cart, USER, SHARED, "i-06"),
        done(EventKind::Click, USER, SHARED, "i-07"),
        // Of a session that is not this user's alone.
        done(EventKind::Click, "", SHARED, "i-08"),
        done(EventKind::Click, "ben", SHARED, "i-09"),
        done(EventKind::Order, "ben", "", "i-02"),
        done(EventKind::Order, "ben", "", "i-10"),
    ]
}

async fn erase(clients: &Clients, user_id: &str) -> v1::EraseUserResponse {
    let request = v1::EraseUserRequest {
        user_id: user_id.to_owned(),
        author: "privacy desk".to_owned(),
        ..Default::default()
    };
    try_erase(clients, request).await.expect("erased")
}

async fn try_erase(
    clients: &Clients,
    request: v1::EraseUserRequest,
) -> Result<v1::EraseUserResponse, Status> {
    let answer = clients.events.clone().erase_user(request).await?;
    Ok(answer.into_inner())
}

async fn cards(clients: &Clients, user_id: &str) -> Vec<String> {
    let request = v1::GetFeedRequest {
        region: "hk".to_owned(),
        user: user(user_id),
        ..Default::default()
    };
    let cards = clients.feed_all(request).await;
    let sources = cards.iter().map(|card| card.source.as_str());
    let cards = sources.zip(card_ids(&cards));
    cards.map(|(source, id)| format!("{id} {source}")).collect()
}

/// Files below a folder that hold some bytes.
fn files_with(folder: &Path, bytes: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, bytes));
        } else if let Ok(content) = fs::read(&path) {
            let mut windows = content.windows(bytes.len());
            if windows.any(|window| window == bytes.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn nothing_of_an_erased_user_is_left_and_nothing_of_others_is_lost() {
    let (node, clients) = shop().await;
    let answer = clients.record(events()).await;
    assert_eq!(answer.accepted, 11);
    clients.settle(answer.sequence).await;
    assert_ne!(cards(&clients, USER).await, cards(&clients, "nobody").await);
    assert!(
        !files_with(node.data(), USER).is_empty(),
        "or nothing is proven"
    );

    let erased = erase(&clients, USER).await;
    assert_eq!(
        (erased.erased, erased.anonymous, erased.remaining),
        (7, 1, 0)
    );
    clients.settle(erased.sequence).await;
    assert_eq!(clients.status().await.events, 4);
    // A shop that never knew the user.
    let (_other_node, other) = shop().await;
    let answer = other.record(events().split_off(7)).await;
    other.settle(answer.sequence).await;
    for who in [USER, "ben", "nobody"] {
        until_true(NEW_SEEN_WITHIN, "all is as without the user", || async {
            cards(&clients, who).await == cards(&other, who).await
        })
        .await;
    }
    let (of_ben, of_user) = (cards(&other, "ben").await, cards(&other, USER).await);
    for id in [USER, VISIT] {
        until_true(FILES_GONE_WITHIN, "no file holds the ids", || async {
            files_with(node.data(), id).is_empty()
        })
        .await;
    }

    let again = erase(&clients, USER).await;
    assert_eq!((again.erased, again.remaining), (0, 0));

    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(clients.status().await.events, 4);
    // Which source brought a card may depend on how long ago the shop was opened; the cards do not.
    let ids = |cards: &[String]| {
        let ids = cards.iter().filter_map(|card| card.split(' ').next());
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ids(&cards(&clients, USER).await), ids(&of_user));
    assert_eq!(ids(&cards(&clients, "ben").await), ids(&of_ben));
    assert!(files_with(node.data(), USER).is_empty());

    // Who comes back is somebody new.
    let back = clients
        .record(vec![done(EventKind::Click, USER, "", "i-02")])
        .await;
    assert_eq!((back.accepted, back.duplicates), (1, 0));
}

#[tokio::test]
async fn a_session_is_erased_alone() {
    let (_node, clients) = shop().await;
    let answer = clients.record(events()).await;
    clients.settle(answer.sequence).await;
    let request = v1::EraseUserRequest {
        session_id: SHARED.to_owned(),
        ..Default::default()
    };
    let erased = try_erase(&clients, request).await.expect("erased");
    assert_eq!(
        (erased.erased, erased.anonymous, erased.remaining),
        (4, 0, 0)
    );
    clients.settle(erased.sequence).await;
    assert_eq!(clients.status().await.events, 7);
}

#[tokio::test]
async fn a_wrong_field_of_an_erasure_is_named_and_nothing_is_erased() {
    let (_node, clients) = shop().await;
    let answer = clients.record(events()).await;
    clients.settle(answer.sequence).await;
    let long = "x".repeat(129);
    for (field, user_id, session_id, author) in [
        ("user_id", "", "", ""),
        ("user_id", long.as_str(), "", ""),
        ("user_id", "a\u{0}b", "", ""),
        ("session_id", "", long.as_str(), ""),
        ("session_id", USER, VISIT, ""),
        ("author", USER, "", long.as_str()),
        ("author", USER, "", USER),
    ] {
        let request = v1::EraseUserRequest {
            user_id: user_id.to_owned(),
            session_id: session_id.to_owned(),
            author: author.to_owned(),
        };
        assert_names_field(try_erase(&clients, request).await, field);
    }
    assert_eq!(clients.status().await.events, 11);
    let longest = "x".repeat(128);
    assert_eq!(erase(&clients, &longest).await.erased, 0);
}
