//! All sources together.

use super::catalogue::{ITEMS, ROOM, shoppers, taken};
use crate::{
    base::clock::DAY_SECONDS,
    recommend::{
        FeedModel, Visit,
        factors::FactorOptions,
        model::Occasion,
        source::Source,
        training::{Stage, TrainingOptions, train},
    },
};

pub fn options(repeats: bool) -> TrainingOptions {
    TrainingOptions {
        factors: FactorOptions {
            dimensions: 8,
            ..FactorOptions::default()
        },
        repeats,
        ..TrainingOptions::default()
    }
}

pub fn model(repeats: bool) -> FeedModel {
    train(
        &shoppers(400),
        ITEMS,
        None,
        &options(repeats),
        &mut |_, _, _| {},
    )
}

fn first(model: &FeedModel, history: &[Visit], count: usize) -> Vec<u32> {
    let candidates = model.candidates(&Occasion {
        history,
        now: history.last().map(|visit| visit.seconds + 7 * DAY_SECONDS),
        trend: &[],
    });
    model.rank(&candidates, count)
}

#[test]
fn the_staple_and_what_follows_come_first_and_all_is_of_the_room() {
    let model = model(true);
    for (number, history) in shoppers(40).iter().enumerate() {
        let room = number as u32 % 4;
        let shown = first(&model, history, 5);
        let last = history[4].taken[2].item - room * ROOM;
        let next =
            [last % (ROOM - 1) + 1, (last + 1) % (ROOM - 1) + 1].map(|item| room * ROOM + item);
        let wanted = [room * ROOM, next[0], next[1]];
        assert!(
            wanted.iter().all(|item| shown[..3].contains(item)),
            "shopper {number}: {shown:?}, want {wanted:?}"
        );
        assert!(shown.iter().all(|item| item / ROOM == room), "{shown:?}");
    }
    assert!(
        model.weights[Source::CoOccurrence as usize] > 0.0,
        "{:?}",
        model.weights
    );
}

#[test]
fn what_was_taken_is_not_shown_when_nothing_is_taken_twice() {
    let model = model(false);
    for history in &shoppers(40) {
        let known: Vec<u32> = history
            .iter()
            .flat_map(|visit| &visit.taken)
            .map(|t| t.item)
            .collect();
        let shown = first(&model, history, 20);
        assert!(!shown.is_empty());
        assert!(shown.iter().all(|item| !known.contains(item)));
    }
}

#[test]
fn a_newcomer_gets_what_is_popular_and_what_sells_these_days() {
    let model = model(true);
    let mut trend = vec![0.0; ITEMS];
    trend[77] = 1.0;
    let candidates = model.candidates(&Occasion {
        history: &[],
        now: Some(0),
        trend: &trend,
    });
    assert!(candidates.items.contains(&77) && candidates.items.contains(&0));
    let row = candidates.items.binary_search(&77).unwrap();
    assert_eq!(candidates.features[row][Source::Trend as usize], 1.0);
    assert_eq!(candidates.features[row][Source::CoOccurrence as usize], 0.0);
}

#[test]
fn probabilities_are_calibrated_where_enough_shoppers_are_left_for_it() {
    let shoppers = shoppers(1_500);
    let many = train(&shoppers, ITEMS, None, &options(true), &mut |_, _, _| {});
    assert!(!many.calibration.steps().is_empty());
    assert!(model(true).calibration.steps().is_empty(), "of 400 too few");
    let mut sum = 0.0;
    for history in &shoppers[..40] {
        let candidates = many.candidates(&Occasion {
            history,
            now: history.last().map(|visit| visit.seconds + 7 * DAY_SECONDS),
            trend: &[],
        });
        let scores = candidates.features.iter().map(|row| many.score(row));
        let scores: Vec<f32> = scores.collect();
        let probabilities = many.probabilities(&scores);
        let mut both: Vec<(f32, f32)> = scores.into_iter().zip(probabilities).collect();
        both.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(
            both.is_sorted_by_key(|(_, probability)| *probability),
            "{both:?}"
        );
        sum += both.iter().map(|(_, probability)| probability).sum::<f32>();
    }
    assert!((sum / 40.0 - 1.0).abs() < 0.25, "{sum} of 40 choices");
}

#[test]
fn training_tells_its_stages_and_takes_single_visits() {
    let mut stages = Vec::new();
    let single = vec![vec![Visit {
        seconds: 0,
        taken: vec![taken(1)],
    }]];
    let model = train(&single, 3, None, &options(true), &mut |stage, done, of| {
        assert!(done <= of);
        stages.push(stage);
    });
    assert_eq!(model.items(), 3);
    assert!(model.weights.iter().all(|weight| *weight == 0.0));
    for stage in [Stage::Neighbours, Stage::Factors, Stage::Weights] {
        assert!(stages.contains(&stage), "{stage:?}");
    }
    assert_eq!(
        train(&[], 0, None, &options(true), &mut |_, _, _| {}).items(),
        0
    );
}
