//! Events: each wrong field named, none counted twice, all of them durable when acknowledged.

use sampan_proto::{
    Timestamp,
    v1::{self, EventKind},
};
use sampan_tests::{
    clients::Clients,
    items::{event, exposure, item, moment, now_seconds},
    node::TestNode,
    wait::{VISIBLE_WITHIN, until_true},
};

type Change = fn(&mut v1::Event);

const FIELDS: [(&str, Change); 38] = [
    ("event_id", |e| e.event_id = "x".repeat(129)),
    ("event_id", |e| e.event_id = "a\nb".to_owned()),
    ("kind", |e| e.kind = 0),
    ("kind", |e| e.kind = 99),
    ("kind", |e| e.kind = -1),
    ("user_id", |e| e.user_id.clear()),
    ("user_id", |e| e.user_id = "a\u{7f}b".to_owned()),
    ("user_id", |e| e.user_id = "x".repeat(129)),
    ("session_id", |e| e.session_id = "x".repeat(129)),
    ("session_id", |e| e.session_id = "a\tb".to_owned()),
    ("item_id", |e| e.item_id.clear()),
    ("item_id", |e| e.item_id = "nowhere".to_owned()),
    ("item_id", |e| e.item_id = "x".repeat(129)),
    ("region", |e| e.region.clear()),
    ("region", |e| e.region = "xx".to_owned()),
    ("time", |e| e.time = moment(now_seconds() + 400)),
    ("time", |e| e.time = moment(-1)),
    ("time", |e| {
        e.time = Some(Timestamp {
            seconds: 0,
            nanos: -1,
        })
    }),
    ("time", |e| {
        e.time = Some(Timestamp {
            seconds: 0,
            nanos: 1_000_000_000,
        })
    }),
    ("request_id", |e| e.request_id = "x".repeat(129)),
    ("shown_score", |e| e.shown_score = Some(f64::NAN)),
    ("shown_score", |e| e.shown_score = Some(f64::INFINITY)),
    ("propensity", |e| e.propensity = Some(0.0)),
    ("propensity", |e| e.propensity = Some(1.000_001)),
    ("propensity", |e| e.propensity = Some(f64::NAN)),
    ("query", |e| e.query = "x".repeat(513)),
    ("query", |e| e.query = "a\u{0}b".to_owned()),
    ("team", |e| e.team = "x".repeat(129)),
    ("segment", |e| e.segment = "x".repeat(65)),
    ("segment", |e| e.segment = "x ".to_owned()),
    ("segment", |e| e.segment = "a\u{0}b".to_owned()),
    ("exposures", |e| {
        e.exposures = vec![exposure("x", "a", 1.0); 9]
    }),
    ("exposures[0].experiment", |e| {
        e.exposures = vec![exposure("", "a", 1.0)]
    }),
    ("exposures[1].arm", |e| {
        e.exposures = vec![exposure("x", "a", 1.0), exposure("x", "", 1.0)]
    }),
    ("exposures[0].propensity", |e| {
        e.exposures = vec![exposure("x", "a", 0.0)]
    }),
    ("exposures[0].propensity", |e| {
        e.exposures = vec![exposure("x", "a", f64::NAN)]
    }),
    ("exposures[0].experiment", |e| {
        e.exposures = vec![exposure(&"x".repeat(129), "a", 1.0)]
    }),
    ("exposures[0].arm", |e| {
        e.exposures = vec![exposure("x", &"a".repeat(129), 1.0)]
    }),
];

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    clients
        .stock(vec![item("cup", "杯"), item("bowl", "碗")])
        .await;
    (node, clients)
}

#[tokio::test]
async fn each_wrong_field_of_an_event_is_named() {
    let (_node, clients) = shop().await;
    let mut events = vec![event(EventKind::Click, "right", "cup")];
    for (_, change) in FIELDS {
        let mut wrong = event(EventKind::Click, "ann", "cup");
        change(&mut wrong);
        events.push(wrong);
    }
    let answer = clients.try_record(events).await.expect("taken");
    assert_eq!((answer.accepted, answer.refused), (1, FIELDS.len() as u64));
    assert!(answer.results[0].accepted, "{:?}", answer.results[0]);
    for (result, (field, _)) in answer.results[1..].iter().zip(FIELDS) {
        assert!(!result.accepted, "{field} was accepted");
        assert_eq!(result.field, field, "{}", result.reason);
        assert!(!result.reason.is_empty(), "{field}: no reason");
    }
}

#[tokio::test]
async fn every_kind_with_everything_at_its_limit_is_taken() {
    let (_node, clients) = shop().await;
    let kinds = [
        EventKind::Impression,
        EventKind::Click,
        EventKind::Detail,
        EventKind::Cart,
        EventKind::Order,
        EventKind::Dislike,
    ];
    let events = kinds.map(|kind| v1::Event {
        event_id: format!("{:0>128}", i32::from(kind)),
        session_id: "x".repeat(128),
        time: moment(now_seconds() + 200),
        request_id: "x".repeat(128),
        position: Some(u32::MAX),
        shown_score: Some(-1e300),
        propensity: Some(1.0),
        query: "x".repeat(512),
        quantity: u32::MAX,
        exposures: vec![exposure(&"x".repeat(128), &"a".repeat(128), 1.0); 8],
        team: "x".repeat(128),
        segment: "x".repeat(64),
        ..event(kind, &"x".repeat(128), "cup")
    });
    let answer = clients.record(events.into()).await;
    assert_eq!(answer.accepted, 6);
    until_true(VISIBLE_WITHIN, "the events count", || async {
        clients.status().await.events == 6
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_sent_again_is_counted_once() {
    let (_node, clients) = shop().await;
    let named = |event_id: &str, item_id: &str| v1::Event {
        event_id: event_id.to_owned(),
        ..event(EventKind::Order, "ann", item_id)
    };
    let batch = vec![
        named("e-1", "cup"),
        named("e-1", "cup"),
        named("e-2", "cup"),
    ];
    let answer = clients.record(batch.clone()).await;
    assert_eq!((answer.accepted, answer.duplicates), (3, 1));
    let answer = clients.record(batch).await;
    assert_eq!((answer.accepted, answer.duplicates), (3, 3));
    clients.settle(answer.sequence).await;
    assert_eq!(clients.status().await.events, 2);
}

#[tokio::test]
async fn an_event_without_an_id_is_known_by_its_other_fields() {
    let (_node, clients) = shop().await;
    let at = |seconds| v1::Event {
        time: moment(seconds),
        ..event(EventKind::Click, "ann", "cup")
    };
    let moment = now_seconds() - 60;
    let first = clients.record(vec![at(moment)]).await;
    assert_eq!(first.duplicates, 0);
    let again = clients.record(vec![at(moment)]).await;
    assert_eq!(again.duplicates, 1, "the same, sent again");
    let different: [Change; 5] = [
        |e| e.item_id = "bowl".to_owned(),
        |e| e.user_id = "ben".to_owned(),
        |e| e.kind = EventKind::Cart.into(),
        |e| e.position = Some(0),
        |e| e.time = sampan_tests::items::moment(now_seconds() - 59),
    ];
    for change in different {
        let mut other = at(moment);
        change(&mut other);
        assert_eq!(clients.record(vec![other]).await.duplicates, 0);
    }
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    assert_eq!(clients.status().await.events, 6);
}

#[tokio::test]
async fn an_impression_says_nothing_about_taste() {
    let (_node, clients) = shop().await;
    let feed = || async {
        let request = v1::GetFeedRequest {
            region: "hk".to_owned(),
            user: sampan_tests::items::user("ann"),
            ..Default::default()
        };
        clients.feed(request).await.sources
    };
    let impressions = (0..5).map(|n| event(EventKind::Impression, &format!("u-{n}"), "cup"));
    let answer = clients.record(impressions.collect()).await;
    clients.settle(answer.sequence).await;
    assert!(!feed().await.contains(&"popular".to_owned()));
    let answer = clients
        .record(vec![event(EventKind::Order, "ben", "cup")])
        .await;
    clients.settle(answer.sequence).await;
    assert!(feed().await.contains(&"popular".to_owned()));
}
