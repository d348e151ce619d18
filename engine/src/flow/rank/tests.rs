//! What holds for every ranking: boosts are bounded, and explanations add up.

use proptest::{
    prelude::RngExt as _,
    test_runner::{RngAlgorithm, TestRng},
};
use sampan_analyzers::DictionaryFiles;

use super::*;
use crate::{
    config::{
        profile::{self, SIGNAL_NAMES, SignalKind},
        ranking_model::{FILE, RankingModels},
    },
    flow::candidate::Source,
};

/// Random rankings that are looked at, with the model and without.
const RANKINGS: u64 = 100_000;
/// Items of a ranking.
const ITEMS: u32 = 12;

const MODEL: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=1\n\
    feature_names=lexical sales\n\nTree=0\nnum_leaves=3\nnum_cat=0\nsplit_feature=0 1\n\
    threshold=0.5 0.3\ndecision_type=2 2\nleft_child=1 -2\nright_child=-1 -3\n\
    leaf_value=0.4 0.05 0.1\n\nend of trees\n";

fn seeded(seed: u8) -> TestRng {
    TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
}

/// A profile as it is read, with weights drawn at random.
fn profile(random: &mut TestRng) -> RankingProfile {
    let mut text = String::from("[weights]\n");
    let mut boosts = String::new();
    let mut margin = 0.0;
    for (name, kind) in SIGNAL_NAMES {
        let drawn: f64 = random.random_range(0.0..1.0);
        match kind {
            SignalKind::Evidence => text += &format!("{name} = {}\n", 2.0 * drawn - 0.5),
            SignalKind::Boost => {
                boosts += &format!("{name} = {}\n", drawn * 0.1);
                margin += drawn * 0.1;
            }
            // From lowered to lifted.
            SignalKind::TwoSidedBoost => {
                boosts += &format!("{name} = {}\n", drawn * 0.1);
                margin += 2.0 * drawn * 0.1;
            }
        }
    }
    let table = match random.random_bool(0.5) {
        true => "[model]\ncandidates = 7\nweight = 1.5\n",
        false => "",
    };
    // A little more than the sum, which rounding may lift above it.
    text += &format!("[boosts]\nmargin = {}\n{boosts}{table}", margin + 1e-9);
    let model = ("common/".to_owned() + FILE, MODEL.to_owned());
    let files = DictionaryFiles([("common/ranking.toml".to_owned(), text), model].into());
    let models = RankingModels::read(&files).unwrap();
    profile::read(&files, &models, "hk", &[]).unwrap()
}

fn items(random: &mut TestRng, profile: &RankingProfile) -> Vec<RankedItem> {
    let items = (0..ITEMS).map(|ordinal| {
        let values: Box<[f64]> = SIGNAL_NAMES
            .iter()
            .map(|(_, kind)| match kind {
                SignalKind::Evidence => random.random_range(0.0..1.0),
                SignalKind::Boost => f64::from(u8::from(random.random_bool(0.5))),
                SignalKind::TwoSidedBoost => random.random_range(-1.0..1.0),
            })
            .collect();
        RankedItem {
            ordinal,
            score: score(&values, profile),
            boosted: 0.0,
            sources: Sources::of(Source::Lexical),
            full_match: true,
            scoring: Some(Box::new(Scoring {
                phase: Phase::Linear,
                values,
                ranks_without: Vec::new(),
                lift: None,
            })),
            others: Box::default(),
            team: None,
        }
    });
    items.collect()
}

/// The score of signal values.
fn score(values: &[f64], profile: &RankingProfile) -> f64 {
    let parts = values.iter().zip(&profile.weights);
    parts.fold(0.0, |sum, (value, weight)| sum + value * weight)
}

/// What of a score is no boost.
fn relevance(scoring: &Scoring, profile: &RankingProfile) -> f64 {
    let parts = scoring.parts(profile).filter(|part| !is_boost(part.name));
    parts.map(|part| part.contribution()).sum()
}

fn is_boost(name: &str) -> bool {
    let mut signals = SIGNAL_NAMES.iter();
    signals.any(|(known, kind)| *known == name && kind.is_boost())
}

#[test]
fn no_boost_lifts_an_item_past_one_that_is_better_by_more_than_the_margin() {
    let mut random = seeded(5);
    let mut known = profile(&mut random);
    for ranking in 0..RANKINGS {
        // Reading a profile takes longer than a ranking.
        if ranking % 50 == 0 {
            known = profile(&mut random);
        }
        let mut ranked = items(&mut random, &known);
        order(&mut ranked, &known, true);
        let scorings: Vec<&Scoring> = ranked
            .iter()
            .flat_map(|item| &item.scoring)
            .map(|s| &**s)
            .collect();
        let relevances: Vec<f64> = scorings.iter().map(|s| relevance(s, &known)).collect();
        for (place, above) in relevances.iter().enumerate() {
            let below = relevances[place..].iter().copied().fold(f64::MIN, f64::max);
            assert!(
                below - above <= known.margin + 1e-9,
                "ranking {ranking}: {relevances:?}"
            );
        }
        for (item, scoring) in ranked.iter().zip(&scorings) {
            let sum = scoring
                .parts(&known)
                .fold(0.0, |sum, part| sum + part.contribution());
            assert_eq!(sum.to_bits(), item.score.to_bits());
        }
    }
}

#[test]
fn the_rank_without_a_boost_is_that_of_a_ranking_without_it() {
    let mut random = seeded(6);
    for _ in 0..300 {
        let known = profile(&mut random);
        if known.model.is_some() {
            continue;
        }
        let unordered = items(&mut random, &known);
        let mut ranked = unordered.clone();
        order(&mut ranked, &known, true);
        let boosts = SIGNAL_NAMES.iter().enumerate();
        for (boost, _) in boosts.filter(|(_, (_, kind))| kind.is_boost()) {
            let mut without = known.clone();
            without.weights[boost] = 0.0;
            let mut expected = unordered.clone();
            for item in &mut expected {
                item.score = item
                    .scoring
                    .as_ref()
                    .map_or(0.0, |s| score(&s.values, &without));
            }
            order(&mut expected, &without, false);
            for (place, item) in (0..).zip(&expected) {
                let explained = ranked.iter().find(|known| known.ordinal == item.ordinal);
                let scoring = explained.and_then(|item| item.scoring.as_ref()).unwrap();
                assert!(scoring.ranks_without.contains(&(boost, place)));
            }
        }
    }
}
