use std::sync::Arc;

use super::*;
use crate::{
    base::{
        region::RegionIndex,
        ship::{ModeSet, ShipMode},
    },
    config::{
        exposure::{ExposureProfile, ExposureTarget},
        profile::{RankingProfile, SIGNAL_NAMES},
    },
};

const HK: RegionIndex = RegionIndex(0);
const NOON: i64 = 1_768_000_000;

fn place_of(signal: &str) -> usize {
    let place = SIGNAL_NAMES.iter().position(|(name, _)| *name == signal);
    place.expect("a signal")
}

/// A profile that asks for shares of modes by the boosts of the same names, under a margin of 0.1.
fn profile(targets: &[(&str, ShipMode, f64)]) -> Arc<RankingProfile> {
    let targets = targets.iter().map(|(signal, mode, share)| ExposureTarget {
        signal: place_of(signal),
        mode: *mode,
        share: *share,
    });
    Arc::new(RankingProfile {
        name: "hk@1".to_owned(),
        weights: vec![0.0; SIGNAL_NAMES.len()],
        margin: 0.1,
        exposure: ExposureProfile {
            targets: targets.collect(),
            ..ExposureProfile::default()
        },
        ..RankingProfile::default()
    })
}

/// Shows `places`, of which a share is mailed directly.
fn show(meter: &ExposureMeter, places: u64, share: f64, now: i64) {
    let mut shown = Shown::default();
    let mailed = (places as f64 * share).round() as u64;
    for place in 0..places {
        let mode = match place < mailed {
            true => ShipMode::DirectMail,
            false => ShipMode::Consolidated,
        };
        shown.add(ModeSet::of(mode));
    }
    meter.count(HK, &shown, now);
}

/// Shoppers who are shown the more direct mail the larger its boost: `most` at the margin.
fn steer(target: f64, least: f64, most: f64, steps: i64) -> Steering {
    let meter = ExposureMeter::default();
    let mut controller = Controller::default();
    let profile = profile(&[("direct_mail", ShipMode::DirectMail, target)]);
    controller.configure(&[profile], &meter);
    for step in 0..steps {
        let weight = controller.profiles()[0].weights[place_of("direct_mail")];
        assert!((0.0..=0.1).contains(&weight), "{weight}");
        let share = least + (most - least) * weight / 0.1;
        show(&meter, 400, share, NOON + step);
        controller.step(&meter, NOON + step);
    }
    controller.steering()[0][0].clone()
}

#[test]
fn a_share_that_the_margin_can_reach_is_held() {
    for (least, most) in [(0.0, 1.0), (0.1, 0.2), (0.05, 0.6)] {
        let steering = steer(0.15, least, most, 2_000);
        assert_eq!(steering.held, Held::Held, "{least} to {most}: {steering:?}");
        let share = steering.share.expect("shown");
        assert!((share - 0.15).abs() <= 0.01, "{share}");
    }
}

#[test]
fn a_share_that_it_cannot_reach_is_said_so_and_the_margin_holds() {
    let steering = steer(0.5, 0.1, 0.3, 500);
    assert_eq!((steering.held, steering.weight), (Held::AtMargin, 0.1));
    let steering = steer(0.05, 0.2, 0.4, 500);
    assert_eq!((steering.held, steering.weight), (Held::AtZero, 0.0));
}

#[test]
fn targets_share_the_margin() {
    let meter = ExposureMeter::default();
    let mut controller = Controller::default();
    let greedy = profile(&[
        ("direct_mail", ShipMode::DirectMail, 1.0),
        ("local", ShipMode::Local, 1.0),
    ]);
    controller.configure(&[greedy], &meter);
    for step in 0..300 {
        show(&meter, 400, 0.0, NOON + step);
        controller.step(&meter, NOON + step);
        let profile = &controller.profiles()[0];
        let sum = ["direct_mail", "local"].map(|name| profile.weights[place_of(name)]);
        assert!(sum[0] + sum[1] <= 0.1 + 1e-12, "{sum:?}");
    }
    assert!(
        controller.steering()[0]
            .iter()
            .all(|steering| steering.held == Held::AtMargin)
    );
}

#[test]
fn little_traffic_moves_nothing_and_a_new_profile_starts_anew() {
    let meter = ExposureMeter::default();
    let mut controller = Controller::default();
    let asked = profile(&[("direct_mail", ShipMode::DirectMail, 0.5)]);
    controller.configure(std::slice::from_ref(&asked), &meter);
    show(&meter, 199, 0.0, NOON);
    assert!(!controller.step(&meter, NOON));
    assert_eq!(controller.steering()[0][0].held, Held::Waiting);
    show(&meter, 1, 0.0, NOON);
    assert!(controller.step(&meter, NOON));
    let steered = controller.profiles()[0].clone();
    assert_eq!(steered.name, "hk@1~1");
    controller.configure(std::slice::from_ref(&asked), &meter);
    assert_eq!(
        controller.profiles()[0],
        steered,
        "the same profile goes on"
    );
    let other = profile(&[("direct_mail", ShipMode::DirectMail, 0.2)]);
    controller.configure(std::slice::from_ref(&other), &meter);
    assert_eq!(controller.profiles()[0], other);
}

#[test]
fn the_window_forgets_after_a_day() {
    let meter = ExposureMeter::default();
    show(&meter, 100, 1.0, NOON);
    show(&meter, 100, 0.0, NOON + 3_600);
    let shown = |now: i64| {
        let window = meter.window(HK, now);
        (window.places, window.of(ShipMode::DirectMail))
    };
    assert_eq!(shown(NOON + 3_600), (200, 100));
    assert_eq!(shown(NOON + 23 * 3_600), (200, 100));
    assert_eq!(shown(NOON + 24 * 3_600), (100, 0));
    assert_eq!(shown(NOON + 25 * 3_600), (0, 0));
    // The hour of yesterday is counted anew.
    show(&meter, 10, 1.0, NOON + 24 * 3_600);
    assert_eq!(shown(NOON + 24 * 3_600), (110, 10));
    assert_eq!(meter.total(HK).places, 210);
}
