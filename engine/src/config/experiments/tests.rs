use sampan_analyzers::DictionaryFiles;

use super::*;
use crate::{
    base::region::RegionTable,
    config::{profile, ranking_model::RankingModels, regions},
};

const RANKING: &str =
    "[weights]\nlexical = 1.0\n[boosts]\nmargin = 0.1\nlocal = 0.02\ndirect_mail = 0.01\n";

const TWO_LAYERS: &str = "
[[layer]]
id = \"boosts\"
holdout = 10

[[experiment]]
id = \"local\"
layer = \"boosts\"
[[experiment.arm]]
id = \"as-is\"
share = 30
[[experiment.arm]]
id = \"more\"
share = 30
profile.boosts.local = 0.05
[[experiment.guard]]
metric = \"order_rate\"
worse_by = 0.1
impressions = 1000

[[layer]]
id = \"weights\"

[[experiment]]
id = \"sales\"
layer = \"weights\"
unit = \"session\"
from = 2026-01-01
until = 2026-02-01
[[experiment.arm]]
id = \"as-is\"
share = 50
[[experiment.arm]]
id = \"more\"
share = 50
profile.weights.sales = 0.5
";

/// The experiments of hk under texts of `common` and `hk`, and its profile without any.
fn read_hk(
    common: &str,
    hk: &str,
) -> crate::base::error::Result<(RegionExperiments, Arc<RankingProfile>)> {
    let mut files = DictionaryFiles::embedded();
    files.0.retain(|path, _| !path.ends_with("/ranking.toml"));
    for (path, text) in [
        ("common/ranking.toml", RANKING),
        ("hk/ranking.toml", ""),
        ("common/experiments.toml", common),
        ("hk/experiments.toml", hk),
    ] {
        files.0.insert(path.to_owned(), text.to_owned());
    }
    let table: RegionTable = regions::read(&files)?;
    let models = RankingModels::default();
    let mut all = read(&files, &table, &models)?;
    let hk = table.find("hk").expect("it is built in");
    let base = profile::read(&files, &models, "hk", &[])?;
    Ok((all.0.swap_remove(hk.0 as usize), Arc::new(base)))
}

fn assigned(
    experiments: &RegionExperiments,
    base: &Arc<RankingProfile>,
    who: (&str, &str),
    now: i64,
) -> Assignment {
    let shopper = Shopper {
        user_id: who.0,
        session_id: who.1,
    };
    experiments.assign(base, shopper, now, &|_| false)
}

/// In January 2026.
const RUNNING: i64 = 1_768_000_000;

#[test]
fn shares_holdout_and_layers_are_as_stated_and_independent() {
    let (experiments, base) = read_hk("", TWO_LAYERS).expect("valid");
    let users = 40_000;
    let mut counts: FxHashMap<(String, String), f64> = FxHashMap::default();
    for user in 0..users {
        let (user, session) = (format!("user-{user}"), format!("session-{user}"));
        let found = assigned(&experiments, &base, (&user, &session), RUNNING);
        assert_eq!(
            found,
            assigned(&experiments, &base, (&user, &session), RUNNING)
        );
        let arm = |experiment: &str| {
            let mut exposures = found.exposures.iter();
            let found = exposures.find(|exposure| exposure.experiment == experiment);
            found
                .map_or("none", |exposure| exposure.arm.as_str())
                .to_owned()
        };
        *counts.entry((arm("local"), arm("sales"))).or_default() += 1.0;
    }
    for (local, its) in [("as-is", 0.3), ("more", 0.3), ("none", 0.4)] {
        for (sales, other) in [("as-is", 0.5), ("more", 0.5)] {
            let share = counts[&(local.to_owned(), sales.to_owned())] / f64::from(users);
            // Five standard deviations.
            assert!(
                (share - its * other).abs() < 0.01,
                "{local}, {sales}: {share}"
            );
        }
    }
    assert_eq!(counts.len(), 6, "all sessions are in the second layer");
}

#[test]
fn an_arm_lays_its_keys_over_the_profile_and_layers_combine() {
    let (experiments, base) = read_hk("", TWO_LAYERS).expect("valid");
    let weight = |profile: &RankingProfile, name: &str| {
        let place = profile::SIGNAL_NAMES
            .iter()
            .position(|(known, _)| *known == name);
        profile.weights[place.expect("a signal")]
    };
    let mut seen = std::collections::BTreeSet::new();
    for user in 0..100 {
        let who = (format!("u{user}"), format!("s{user}"));
        let found = assigned(&experiments, &base, (&who.0, &who.1), RUNNING);
        let has = |experiment: &str| {
            let mut exposures = found.exposures.iter();
            exposures.any(|e| e.experiment == experiment && e.arm == "more")
        };
        let expected = (
            if has("local") { 0.05 } else { 0.02 },
            if has("sales") { 0.5 } else { 0.0 },
        );
        let (local, sales) = (
            weight(&found.profile, "local"),
            weight(&found.profile, "sales"),
        );
        assert_eq!((local, sales), expected);
        assert_eq!(weight(&found.profile, "direct_mail"), 0.01);
        seen.insert(found.profile.name.clone());
    }
    assert_eq!(
        seen.len(),
        4,
        "each profile has a name of its own: {seen:?}"
    );
    let alone = experiments
        .profile_of(&base, ("local", "more"))
        .expect("an arm");
    assert_eq!(weight(&alone, "local"), 0.05);
    assert_eq!(
        experiments.profile_of(&base, ("local", "as-is")),
        Some(base.clone())
    );
    assert_eq!(experiments.profile_of(&base, ("local", "less")), None);
}

#[test]
fn nobody_is_in_what_does_not_run_or_is_stopped_or_cannot_be_told_apart() {
    let (experiments, base) = read_hk("", TWO_LAYERS).expect("valid");
    for user in 0..200 {
        let who = (format!("u{user}"), format!("s{user}"));
        for (now, runs) in [
            (1_767_225_599, false),
            (1_767_225_600, true),
            (1_769_903_999, true),
            (1_769_904_000, false),
        ] {
            let found = assigned(&experiments, &base, (&who.0, &who.1), now);
            let sales = found.exposures.iter().any(|e| e.experiment == "sales");
            assert_eq!(sales, runs, "{now}");
        }
        let shopper = Shopper {
            user_id: &who.0,
            session_id: &who.1,
        };
        let stopped = experiments.assign(&base, shopper, RUNNING, &|id| id == "local");
        assert!(stopped.exposures.iter().all(|e| e.experiment == "sales"));
        let alone = assigned(&experiments, &base, (&who.0, ""), 0);
        assert!(!alone.profile.name.contains("sales"));
    }
    let nobody = assigned(&experiments, &base, ("", ""), RUNNING);
    assert_eq!((nobody.exposures.len(), nobody.profile), (0, base));
}

#[test]
fn an_experiment_added_behind_others_moves_nobody() {
    let more = "[[experiment]]\nid = \"late\"\nlayer = \"boosts\"\n[[experiment.arm]]\nid = \"a\"\nshare = 15\n\
        [[experiment.arm]]\nid = \"b\"\nshare = 15\n";
    let (before, base) = read_hk(TWO_LAYERS, "").expect("valid");
    let (after, _) = read_hk(TWO_LAYERS, more).expect("valid");
    let mut late = 0;
    for user in 0..1_000 {
        let user = format!("user-{user}");
        let (was, is) = (
            assigned(&before, &base, (&user, ""), RUNNING),
            assigned(&after, &base, (&user, ""), RUNNING),
        );
        if was.exposures.is_empty() {
            late += is
                .exposures
                .iter()
                .filter(|e| e.experiment == "late")
                .count();
        } else {
            assert_eq!(was.exposures, is.exposures);
        }
    }
    assert!((230..=370).contains(&late), "30 % of shoppers: {late}");
}

#[test]
fn what_is_wrong_is_refused_with_line_and_reason() {
    let layer = "[[layer]]\nid = \"l\"\n";
    let experiment =
        |arms: &str| format!("{layer}[[experiment]]\nid = \"x\"\nlayer = \"l\"\n{arms}");
    let arm = |id: &str, rest: &str| format!("[[experiment.arm]]\nid = \"{id}\"\n{rest}\n");
    let two = arm("a", "share = 50") + &arm("b", "share = 50");
    read_hk("", &experiment(&two)).expect("valid");
    let second = TWO_LAYERS.replace("profile.weights.sales = 0.5", "profile.boosts.local = 0.03");
    for (text, line, part) in [
        (layer.repeat(2), 2, "only once"),
        (
            "[[layer]]\nid = \"l\"\nholdout = 101\n".to_owned(),
            3,
            "between 0 and 100",
        ),
        (
            experiment(&two).replace("layer = \"l\"", "layer = \"m\""),
            5,
            "no [[layer]]",
        ),
        (experiment(&arm("a", "share = 50")), 4, "two"),
        (
            experiment(&(arm("a", "share = 50") + &arm("a", "share = 1"))),
            4,
            "once",
        ),
        (
            experiment(&(arm("a", "share = 50") + &arm("b", "share = 50.01"))),
            8,
            "pass 100",
        ),
        (
            experiment(&(arm("a", "share = 50") + &arm("b", "share = 0"))),
            8,
            "between 0 and 100",
        ),
        (
            experiment(&(arm("a", "share = 50") + &arm("b", "share = 0.001"))),
            8,
            "steps",
        ),
        (
            experiment(
                &(arm("a", "share = 50") + &arm("b", "share = 5\nprofile.boosts.local = 0.5")),
            ),
            1,
            "margin",
        ),
        (
            experiment(
                &(arm("a", "share = 50") + &arm("b", "share = 5\nprofile.weights.sails = 1.0")),
            ),
            1,
            "sails",
        ),
        (
            experiment(
                &(arm("a", "share = 50") + &arm("b", "share = 5\nprofile.exposure.local = 0.5")),
            ),
            1,
            "exposure holds for all",
        ),
        (
            experiment(
                &(arm("a", "share = 50") + &arm("b", "share = 5\nprofile.pools.x.exclude = true")),
            ),
            1,
            "pools.x.exclude holds for all",
        ),
        (second, 1, "boosts.local is changed in layer"),
        (
            experiment(&(two.clone() + "[[experiment.guard]]\nmetric = \"joy\"\nworse_by = 0.1\n")),
            13,
            "joy",
        ),
        (
            experiment(
                &(two.clone() + "[[experiment.guard]]\nmetric = \"order_rate\"\nworse_by = 2.0\n"),
            ),
            14,
            "between 0 and 1",
        ),
        (
            format!(
                "{}{}",
                experiment(&two),
                "[[experiment]]\nid = \"x\"\nlayer = \"l\"\n"
            ),
            4,
            "only once",
        ),
    ] {
        let error = read_hk("", &text)
            .err()
            .unwrap_or_else(|| panic!("{text} was taken"));
        let message = error.to_string();
        assert!(
            message.contains(&format!("hk/experiments.toml:{line}:")),
            "{line} {part}: {message}"
        );
        assert!(message.contains(part), "{part}: {message}");
    }
    let layers = |count: usize| -> String {
        (0..count)
            .map(|n| format!("[[layer]]\nid = \"l{n}\"\n"))
            .collect()
    };
    assert!(read_hk("", &layers(LAYERS_MAX)).is_ok());
    assert!(read_hk("", &layers(LAYERS_MAX + 1)).is_err());
}

#[test]
fn only_so_many_profiles_are_made() {
    let keys = ["sales", "stock", "price", "quality"];
    let text = |arms: usize| -> String {
        let layers = keys.iter().map(|key| {
            let arms: String = (0..arms)
                .map(|n| {
                    format!(
                        "[[experiment.arm]]\nid = \"{n}\"\nshare = 10\nprofile.weights.{key} = 0.{n}1\n"
                    )
                })
                .collect();
            format!("[[layer]]\nid = \"{key}\"\n[[experiment]]\nid = \"{key}\"\nlayer = \"{key}\"\n{arms}")
        });
        layers.collect()
    };
    // (3 + 1)⁴ = 256 and (4 + 1)⁴ = 625, each with the profile that no arm changes.
    assert!(read_hk("", &text(3)).is_ok());
    let error = read_hk("", &text(4)).expect_err("too many");
    assert!(error.to_string().contains("256"), "{error}");
}

#[test]
fn a_guard_stops_an_arm_that_is_worse_beyond_chance_and_bound() {
    let (experiments, _) = read_hk("", TWO_LAYERS).expect("valid");
    let local = &experiments.layers[0].experiments[0];
    let counts = |impressions, orders| ArmCounts {
        impressions,
        orders,
        ..ArmCounts::default()
    };
    let stopped = |control: ArmCounts, more: ArmCounts| {
        local
            .stopped_by(&|arm| if arm == "more" { more } else { control })
            .is_some()
    };
    assert!(stopped(counts(1_000, 100), counts(1_000, 40)));
    assert!(
        !stopped(counts(999, 100), counts(1_000, 40)),
        "too few to judge"
    );
    assert!(!stopped(counts(1_000, 100), counts(1_000, 85)), "chance");
    assert!(
        !stopped(counts(1_000_000, 100_000), counts(1_000_000, 91_000)),
        "within 10 %"
    );
    assert!(stopped(
        counts(1_000_000, 100_000),
        counts(1_000_000, 89_000)
    ));
    assert!(!stopped(counts(1_000, 40), counts(1_000, 100)), "better");
    assert!(!stopped(counts(0, 0), counts(0, 0)));
}
