//! Memory is bounded, and what is forgotten first is what was idle longest.

use super::*;
use crate::base::limits;

#[test]
fn shoppers_and_items_beyond_what_is_kept_give_way_to_those_that_came_later() {
    let mut writer = BehaviourWriter::default();
    let most = limits::SHOPPERS_MAX.max(limits::ITEMS_TAKEN_MAX) as u32;
    // Keys spread by chance: half more than is kept leaves no shard that has not given way to some.
    let all = most + most / 2;
    for n in 0..all {
        let event = click("", &n.to_string(), NOW + i64::from(n));
        apply(&mut writer, &event, n);
        if n + 1 == most / 2 {
            assert_eq!(writer.snapshot().shoppers(), n as usize + 1);
        }
    }
    let snapshot = writer.snapshot();
    // A shard may be a few short of its part when the first of another already give way.
    let full = |most: usize| most - most / 1_000..=most;
    assert!(full(limits::SHOPPERS_MAX).contains(&snapshot.shoppers()));
    assert!(full(limits::ITEMS_TAKEN_MAX).contains(&snapshot.items.len()));
    let key = |n: u32| format!("s:{n}");
    let (first, last) = (0..most / 100, all - most / 100..all);
    assert!(first.clone().all(|n| snapshot.user(&key(n)).is_none()));
    assert!(last.clone().all(|n| snapshot.user(&key(n)).is_some()));
    assert!(first.into_iter().all(|n| snapshot.items.get(&n).is_none()));
    assert!(last.into_iter().all(|n| snapshot.items.get(&n).is_some()));
}

#[test]
fn queries_beyond_what_is_kept_give_way_to_those_after_which_something_was_chosen_later() {
    let mut writer = BehaviourWriter::default();
    let most = limits::QUERIES_LINKED_MAX as u32;
    // Keys spread by chance over small shards: a quarter overflows none, three times as many overflow all.
    let all = 3 * most;
    let asked = |n: u32| v1::Event {
        query: n.to_string(),
        ..click("ann", "", NOW + i64::from(n))
    };
    let is_known = |snapshot: &BehaviourSnapshot, n: u32| {
        let key = query(&asked(n)).unwrap();
        !snapshot.chosen_after(key, &[], NOW).is_empty()
    };
    for n in 0..all {
        apply(&mut writer, &asked(n), 1);
        if n + 1 == most / 4 {
            let snapshot = writer.snapshot();
            assert!((0..=n).all(|n| is_known(&snapshot, n)));
        }
    }
    let snapshot = writer.snapshot();
    assert!(snapshot.choices.len() <= most as usize);
    assert!((0..most / 100).all(|n| !is_known(&snapshot, n)));
    assert!((all - most / 100..all).all(|n| is_known(&snapshot, n)));
}

/// Bytes that the process holds.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").expect("on Linux");
    let pages = text.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok());
    pages.expect("a number") * 4_096
}

/// Bytes a user of so many, who each did so many things: of five, three impressions, one click, and one of `kind`. Run alone:
/// it measures the process.
fn bytes_a_user(users: usize, items: usize, things: usize, kind: v1::EventKind) -> usize {
    let before = resident();
    let mut writer = BehaviourWriter::default();
    for n in 0..users * things {
        let kind = match n % 5 {
            0..3 => v1::EventKind::Impression,
            3 => v1::EventKind::Click,
            _ => kind,
        };
        let user = format!("user-{}", n / 5 % users);
        // Each a moment of its own, and an item that the user did nothing with before.
        let round = n / (5 * users) * 5 + n % 5;
        let event = v1::Event {
            kind: kind.into(),
            ..click(&user, "", NOW - 10_000_000 + round as i64 * 2_000)
        };
        apply(
            &mut writer,
            &event,
            ((n / 5 % users) * 31 + round * 7) as Ordinal % items as Ordinal,
        );
    }
    let each = (resident() - before) / users;
    println!("{each} bytes a user who did {things} things, with the items'");
    each
}

#[test]
#[ignore = "measures the memory of the whole process"]
fn a_shoppers_memory_is_about_a_kilobyte() {
    let each = bytes_a_user(200_000, 100_000, 50, v1::EventKind::Click);
    assert!(each < 2_000, "{each}");
}

#[test]
#[ignore = "measures the memory of the whole process"]
fn a_full_memory_is_below_eight_kilobytes() {
    // As many dislikes as are kept, and more of everything else than is kept.
    let things = 5 * limits::SHOPPER_DISLIKES_MAX;
    let each = bytes_a_user(20_000, 1_000, things, v1::EventKind::Dislike);
    assert!((7_000..8_192).contains(&each), "{each}");
}
