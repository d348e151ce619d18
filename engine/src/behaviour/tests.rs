//! Late, duplicate, out-of-order and clock-skewed events leave the same state as clean ones.

mod bounds;

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use sampan_proto::{Timestamp, v1};

use super::{sharded::SHARDS, *};

const NOW: i64 = 1_790_000_000;
const DAY: i64 = 86_400;
const ITEMS: u32 = 40;
const QUERIES: [&str; 4] = ["", "茶", "cup", "雪櫃"];
const SEGMENTS: [&str; 3] = ["", "new", "gold"];

fn one_of<T: Clone + std::fmt::Debug + 'static>(from: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(from.to_vec())
}

prop_compose! {
    /// Few shoppers, so that their memories overflow; times up to the five minutes ahead that a skewed clock may be, and
    /// back beyond what is remembered.
    fn any_event()(
        kind in 1..=6i32,
        user in one_of(&["", "ann", "ben", "cat", "dan", "eve"]),
        session in one_of(&["", "s1", "s2", "s3"]),
        ordinal in 0..ITEMS,
        seconds in prop_oneof![
            4 => NOW - 3_600..NOW + 300,
            4 => NOW - 20 * DAY..NOW,
            1 => NOW - 400 * DAY..NOW,
        ],
        nanos in 0..3i32,
        (region, query) in (one_of(&["hk", "tw"]), one_of(&QUERIES)),
        (arm, segment) in (one_of(&["", "a", "b"]), one_of(&SEGMENTS)),
    ) -> (v1::Event, Ordinal) {
        let session_id = if user.is_empty() && session.is_empty() { "s1" } else { session };
        let exposure = v1::Exposure {
            experiment: "x".to_owned(),
            arm: arm.to_owned(),
            ..Default::default()
        };
        let event = v1::Event {
            kind,
            user_id: user.to_owned(),
            session_id: session_id.to_owned(),
            region: region.to_owned(),
            time: Some(Timestamp { seconds, nanos: nanos * 1_000_000 }),
            query: query.to_owned(),
            segment: segment.to_owned(),
            exposures: if arm.is_empty() { Vec::new() } else { vec![exposure] },
            ..Default::default()
        };
        (event, ordinal)
    }
}

/// Events, and what they are about.
type Events = Vec<(v1::Event, Ordinal)>;

/// Events with their ids, in the order of their times, and as they might arrive: mixed, and some of them again.
fn arrivals() -> impl Strategy<Value = (Events, Events)> {
    let events = prop::collection::vec(any_event(), 1..900).prop_map(|mut events| {
        for (place, (event, _)) in events.iter_mut().enumerate() {
            event.event_id = format!("e{place}");
        }
        events.sort_by_key(|(event, _)| event.time.map(|time| (time.seconds, time.nanos)));
        events
    });
    events.prop_flat_map(|clean| {
        let twice = clean.iter().chain(clean.iter().step_by(3)).cloned();
        let mixed = Just(twice.collect::<Vec<_>>()).prop_shuffle();
        (Just(clean), mixed)
    })
}

/// Takes events in as the door lets them in: an id counts once. `sweeps`: memory is looked through meanwhile, too.
fn taken(events: &[(v1::Event, Ordinal)], sweeps: bool) -> BehaviourSnapshot {
    let mut writer = BehaviourWriter::default();
    let mut seen = HashSet::new();
    for (place, (event, ordinal)) in events.iter().enumerate() {
        if seen.insert(&event.event_id) {
            let seller = format!("seller {}", ordinal % 5);
            let goods = Goods {
                ordinal: *ordinal,
                seller: &seller,
                category: ["茶", "酒"][*ordinal as usize % 2],
            };
            writer.apply(event, Some(goods), query(event));
        }
        if sweeps && place % 100 == 99 {
            writer.sweep_all(NOW);
        }
    }
    writer.sweep_all(NOW);
    writer.tell_segments();
    writer.snapshot()
}

/// Everything of a snapshot that others read, but for rates.
fn seen_of(snapshot: &BehaviourSnapshot) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    let shoppers = [
        "u:ann", "u:ben", "u:cat", "u:dan", "u:eve", "s:s1", "s:s2", "s:s3",
    ];
    for key in shoppers {
        seen.insert(key.to_owned(), format!("{:?}", snapshot.user(key)));
    }
    for ordinal in 0..ITEMS {
        let neighbours = snapshot.neighbours(ordinal);
        seen.insert(format!("near {ordinal}"), format!("{neighbours:?}"));
    }
    for region in ["hk", "tw"] {
        let popular = format!("{:?}", snapshot.popular(region));
        seen.insert(format!("popular {region}"), popular);
        let queries: BTreeMap<_, _> = snapshot.queries(region).collect();
        seen.insert(format!("queries {region}"), format!("{queries:?}"));
        for asked in &QUERIES[1..] {
            let key = QueryKey::of(region, asked).unwrap();
            let chosen = snapshot.chosen_after(key, &["u:ben".to_owned()], NOW);
            seen.insert(format!("after {asked} {region}"), format!("{chosen:?}"));
        }
        for segment in &SEGMENTS[1..] {
            let taste = snapshot.segment(region, segment, NOW);
            seen.insert(format!("of {segment} {region}"), format!("{taste:?}"));
        }
    }
    for arm in ["a", "b"] {
        seen.insert(
            format!("arm {arm}"),
            format!("{:?}", snapshot.arm("x", arm)),
        );
    }
    let counts = (snapshot.events(), snapshot.shoppers());
    seen.insert("counts".to_owned(), format!("{counts:?}"));
    seen
}

/// Rates of everything, in one order.
fn rates_of(snapshot: &BehaviourSnapshot) -> Vec<f64> {
    let mut rates = Vec::new();
    for region in ["hk", "tw"] {
        let response = snapshot.response(region, NOW);
        let mut add = |known: Rates| rates.extend([known.click, known.cart, known.order]);
        add(response.mean);
        for ordinal in 0..ITEMS {
            let category = response.counts_of_category(["茶", "酒"][ordinal as usize % 2]);
            let category = Rates::of(category, response.mean);
            add(Rates::of(response.counts_of_item(ordinal), category));
        }
        rates.extend((0..5).map(|n| response.exposure(&format!("seller {n}"))));
    }
    rates
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn events_in_any_order_and_twice_leave_the_same_state((clean, messy) in arrivals()) {
        let (one, other) = (taken(&clean, false), taken(&messy, true));
        prop_assert_eq!(seen_of(&one), seen_of(&other));
        for (one, other) in rates_of(&one).into_iter().zip(rates_of(&other)) {
            prop_assert!((one - other).abs() <= 1e-12, "{} and {}", one, other);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_erased_leaves_what_would_be_without_it((clean, _) in arrivals()) {
        // Sessions of their own: what is pushed out of a shared list by what is then erased does not come back.
        let mut clean = clean;
        for (event, _) in &mut clean {
            let anonymous = event.user_id.is_empty();
            event.session_id = if anonymous { "s1".into() } else { String::new() };
            // Sums that are taken back differ by roundings of the greatest weight: within weeks these do not count.
            if let Some(time) = &mut event.time {
                time.seconds = time.seconds.max(NOW - 20 * DAY);
            }
        }
        let (erased, kept): (Vec<_>, Vec<_>) =
            clean.iter().cloned().partition(|(event, _)| event.user_id == "ann");
        let mut writer = BehaviourWriter::default();
        clean.iter().for_each(|(event, ordinal)| apply(&mut writer, event, *ordinal));
        writer.forget("u:ann");
        for (event, ordinal) in &erased {
            writer.erase(event, Some(goods(*ordinal)), query(event), "u:ann");
        }
        let mut without = BehaviourWriter::default();
        kept.iter().for_each(|(event, ordinal)| apply(&mut without, event, *ordinal));
        writer.tell_segments();
        without.tell_segments();
        let (one, other) = (writer.snapshot(), without.snapshot());
        prop_assert_eq!(seen_of(&one), seen_of(&other));
        for (one, other) in rates_of(&one).into_iter().zip(rates_of(&other)) {
            prop_assert!((one - other).abs() <= 1e-9, "{} and {}", one, other);
        }
    }
}

fn click(user: &str, session: &str, seconds: i64) -> v1::Event {
    v1::Event {
        kind: v1::EventKind::Click.into(),
        user_id: user.to_owned(),
        session_id: session.to_owned(),
        region: "hk".to_owned(),
        time: Some(Timestamp { seconds, nanos: 0 }),
        ..Default::default()
    }
}

fn apply(writer: &mut BehaviourWriter, event: &v1::Event, ordinal: Ordinal) {
    writer.apply(event, Some(goods(ordinal)), query(event));
}

fn query(event: &v1::Event) -> Option<QueryKey> {
    QueryKey::of(&event.region, &event.query)
}

fn goods(ordinal: Ordinal) -> Goods<'static> {
    Goods {
        ordinal,
        seller: "",
        category: "",
    }
}

fn recent(snapshot: &BehaviourSnapshot, key: &str) -> Vec<Ordinal> {
    let state = snapshot.user(key);
    state.map_or(Vec::new(), |state| {
        state.recent().map(|i| i.ordinal).collect()
    })
}

#[test]
fn what_was_done_before_signing_in_is_the_users() {
    let mut writer = BehaviourWriter::default();
    apply(&mut writer, &click("", "s", NOW - 100), 1);
    apply(&mut writer, &click("ann", "s", NOW - 50), 2);
    apply(&mut writer, &click("", "other", NOW - 50), 3);
    let snapshot = writer.snapshot();
    assert_eq!(recent(&snapshot, "u:ann"), [2, 1]);
    // A second user of the same device has what nobody signed for, and nothing of the first's own.
    apply(&mut writer, &click("ben", "s", NOW), 4);
    let snapshot = writer.snapshot();
    assert_eq!(recent(&snapshot, "u:ben"), [4, 1]);
    // A session that many users share is nobody's own.
    for user in ["cat", "dan"] {
        apply(&mut writer, &click(user, "s", NOW), 5);
    }
    assert_eq!(recent(&writer.snapshot(), "u:ann"), [2]);
}

#[test]
fn items_go_together_when_the_same_shoppers_took_them_and_less_when_everyone_did() {
    let mut writer = BehaviourWriter::default();
    for n in 0..50 {
        let user = format!("u{n}");
        if n < 4 {
            apply(&mut writer, &click(&user, "", NOW - 60), 1);
            apply(&mut writer, &click(&user, "", NOW - 50), 2);
        }
        apply(&mut writer, &click(&user, "", NOW - 40), 3);
    }
    // Far apart in time is not together.
    apply(&mut writer, &click("u0", "", NOW - 100 * DAY), 4);
    let snapshot = writer.snapshot();
    let near = snapshot.neighbours(1);
    assert_eq!(near[0], (2, 1.0));
    assert_eq!(near[1].0, 3);
    assert!(
        (near[1].1 - (4.0f32 / 50.0).sqrt()).abs() < 1e-6,
        "{near:?}"
    );
    assert_eq!(near.len(), 2);
}

#[test]
fn who_was_away_too_long_is_forgotten_a_part_at_a_time() {
    let mut writer = BehaviourWriter::default();
    apply(&mut writer, &click("gone", "old", NOW - 181 * DAY), 1);
    apply(&mut writer, &click("ann", "", NOW - 179 * DAY), 2);
    apply(&mut writer, &click("", "new", NOW - 6 * DAY), 2);
    assert_eq!(writer.snapshot().shoppers(), 4);
    for _ in 0..SHARDS {
        writer.sweep(NOW);
    }
    let snapshot = writer.snapshot();
    assert_eq!(snapshot.shoppers(), 2);
    assert_eq!(recent(&snapshot, "u:ann"), [2]);
    assert!(snapshot.user("u:gone").is_none() && snapshot.user("s:old").is_none());
    // What was counted of goods stays.
    assert_eq!(snapshot.popular("hk").len(), 2);
}

#[test]
fn what_was_searched_for_before_signing_in_is_the_users_and_outlives_what_it_led_to() {
    let mut writer = BehaviourWriter::default();
    let asked = |user: &str, text: &str, seconds: i64| v1::Event {
        query: text.to_owned(),
        ..click(user, "s", seconds)
    };
    apply(&mut writer, &asked("", " 茶 ", NOW - 9), 1);
    // What it led to is gone from the catalogue.
    let cup = asked("ann", "cup", NOW - 5);
    writer.apply(&cup, None, query(&cup));
    let impression = v1::Event {
        kind: v1::EventKind::Impression.into(),
        ..asked("ben", "雪櫃", NOW)
    };
    apply(&mut writer, &impression, 2);
    let snapshot = writer.snapshot();
    let texts = |key: &str| {
        let state = snapshot.user(key).unwrap();
        state
            .searches()
            .map(|its| its.text.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("u:ann"), ["cup", "茶"]);
    assert_eq!(texts("u:ben"), ["雪櫃", "茶"]);
    // Only what says something of taste is a choice.
    let chosen = |text: &str| {
        let key = query(&asked("", text, 0)).unwrap();
        snapshot.chosen_after(key, &[], NOW).len()
    };
    assert_eq!([chosen(" 茶 "), chosen("雪櫃")], [1, 0]);
}

#[test]
fn a_query_of_an_erased_event_on_goods_that_are_gone_is_forgotten() {
    let mut writer = BehaviourWriter::default();
    let mut event = click("ann", "s", NOW);
    event.query = "茶".to_owned();
    event.exposures = vec![v1::Exposure {
        experiment: "x".to_owned(),
        arm: "a".to_owned(),
        ..Default::default()
    }];
    apply(&mut writer, &event, 1);
    writer.forget("u:ann");
    writer.erase(&event, None, query(&event), "u:ann");
    let snapshot = writer.snapshot();
    assert_eq!((snapshot.events(), snapshot.queries("hk").count()), (0, 0));
    assert_eq!(snapshot.arm("x", "a"), Default::default());
    // The session no longer knows whose it was.
    let session = snapshot.shoppers.get(&ShopperKey::of("s:s")).unwrap();
    assert_eq!(session.links().count(), 0);
    assert_eq!(session.searches().count(), 0);
}
