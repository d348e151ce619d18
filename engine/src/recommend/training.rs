//! Making a model of all that shoppers did.
//!
//! The last visit of each shopper is held out first: a model of the rest brings candidates, and the weights of the sources
//! are learnt from what that visit took; what their scores predict is calibrated on the visits of other shoppers. Then all is
//! learnt again with nothing held out. What an evaluation holds out, it
//! takes away before: it never comes here.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    FeedModel, History, Visit,
    blend::{self, Choice},
    calibration::{Calibration, Outcome, shares},
    co_occurrence::{CoOccurrenceOptions, co_occurrence},
    content::{Features, blend_content},
    factors::{
        FactorOptions,
        seeded::mixed,
        train::{Observed, train as train_factors},
    },
    history::item_strengths,
    model::{Candidates, Occasion, by_events},
    repeat::RepeatHabits,
    source::SOURCES,
    swing::{Swing, SwingOptions},
    trend::DailySales,
};
use crate::base::clock::DAY_SECONDS;

/// Shoppers that weights are learnt from; more of them change little.
const CHOICES_MAX: usize = 10_000;
/// Shoppers that weights are not learnt from, but scores are calibrated on: one of so many, at least so many of them or none,
/// and at most so many.
const CALIBRATION_PART: usize = 5;
const CALIBRATION_MIN: usize = 200;
const CALIBRATION_MAX: usize = 10_000;

/// What is learnt, and how.
#[derive(Debug, Clone, Copy)]
pub struct TrainingOptions {
    pub co_occurrence: CoOccurrenceOptions,
    pub swing: SwingOptions,
    pub factors: FactorOptions,
    /// Events that an item's features count for beside its own (k).
    pub content_events: f32,
    /// Whether what a shopper took before may be shown again.
    pub repeats: bool,
    /// Whether visits have their times.
    pub timed: bool,
}

impl Default for TrainingOptions {
    fn default() -> Self {
        Self {
            co_occurrence: CoOccurrenceOptions::default(),
            swing: SwingOptions::default(),
            factors: FactorOptions::default(),
            content_events: 12.0,
            repeats: true,
            timed: true,
        }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Item-to-item lists.
    Neighbours,
    /// Vectors.
    Factors,
    /// Weights of the sources.
    Weights,
}

/// Told the stage, and how much of it is done, of how much.
pub type Progress<'a> = &'a mut dyn FnMut(Stage, usize, usize);

/// Makes a model of `items` items; `features` are theirs, when there are any.
pub fn train(
    histories: &[History],
    items: usize,
    features: Option<&Features>,
    options: &TrainingOptions,
    progress: Progress<'_>,
) -> FeedModel {
    let (weights, calibration) = {
        let (earlier, last) = hold_out_last(histories);
        let mut model = without_weights(&earlier, items, features, options, progress);
        progress(Stage::Weights, 0, 1);
        let (for_weights, for_calibration) = unseen(&earlier, &last);
        let sales = options.timed.then(|| DailySales::of(&earlier, items));
        model.weights = learn_weights(&model, sales.as_ref(), &for_weights);
        let calibration = calibrate(&model, sales.as_ref(), &for_calibration);
        progress(Stage::Weights, 1, 1);
        (model.weights, calibration)
    };
    FeedModel {
        weights,
        calibration,
        ..without_weights(histories, items, features, options, progress)
    }
}

/// Histories without their last visit, and that visit, of those that have two.
pub fn hold_out_last(histories: &[History]) -> (Vec<History>, Vec<Option<Visit>>) {
    let split = histories.iter().map(|history| match history.split_last() {
        Some((last, earlier)) if !earlier.is_empty() => (earlier.to_vec(), Some(last.clone())),
        _ => (history.clone(), None),
    });
    split.unzip()
}

/// Everything but the weights and what follows from them.
fn without_weights(
    histories: &[History],
    items: usize,
    features: Option<&Features>,
    options: &TrainingOptions,
    progress: Progress<'_>,
) -> FeedModel {
    let events = item_strengths(histories, items);
    progress(Stage::Neighbours, 0, 2);
    let co_occurrence = co_occurrence(histories, items, &options.co_occurrence);
    progress(Stage::Neighbours, 1, 2);
    let swing = Swing::of(histories, items, options.swing);
    progress(Stage::Neighbours, 2, 2);
    let observed = Observed::of_histories(histories);
    let trained = train_factors(&observed, items, &options.factors, &mut |done, of| {
        progress(Stage::Factors, done, of);
    });
    let factors = match features {
        Some(features) => blend_content(
            &trained.items,
            features,
            &events,
            options.content_events,
            &options.factors,
        ),
        None => trained.items,
    };
    FeedModel {
        co_occurrence,
        swing,
        factors,
        habits: RepeatHabits::learn(histories, items),
        popular: by_events(&events),
        events,
        repeats: options.repeats,
        weights: [0.0; SOURCES],
        calibration: Calibration::default(),
    }
}

/// A shopper's visit that the model has not seen, and those before it.
#[derive(Clone, Copy)]
struct Unseen<'a> {
    history: &'a [Visit],
    visit: &'a Visit,
}

/// Unseen visits in a mixed order that is always the same: those that weights are learnt from, and others.
fn unseen<'a>(
    earlier: &'a [History],
    last: &'a [Option<Visit>],
) -> (Vec<Unseen<'a>>, Vec<Unseen<'a>>) {
    let unseen = earlier.iter().zip(last).enumerate();
    let unseen = unseen.filter_map(|(shopper, (history, visit))| {
        let visit = visit.as_ref()?;
        Some((mixed(shopper as u64), shopper, Unseen { history, visit }))
    });
    let mut unseen: Vec<_> = unseen.collect();
    unseen.sort_by_key(|(place, shopper, _)| (*place, *shopper));
    let mut unseen: Vec<Unseen<'a>> = unseen.into_iter().map(|(_, _, unseen)| unseen).collect();
    let kept_back = match unseen.len() / CALIBRATION_PART {
        few if few < CALIBRATION_MIN => 0,
        kept_back => kept_back,
    };
    let others = unseen.split_off(CHOICES_MAX.min(unseen.len() - kept_back));
    let others = others.into_iter().take(CALIBRATION_MAX);
    (unseen, others.collect())
}

/// What is made of the candidates before each visit and the places of those that it took; of visits that took none, nothing.
fn of_choices<T: Send>(
    model: &FeedModel,
    sales: Option<&DailySales>,
    unseen: &[Unseen<'_>],
    make: impl Fn(&Candidates, Vec<usize>) -> T + Sync,
) -> Vec<T> {
    let times: Vec<i64> = unseen.iter().map(|its| its.visit.seconds).collect();
    let made = each_day(sales, &times, |place, now, trend| {
        let Unseen { history, visit } = unseen[place];
        let candidates = model.candidates(&Occasion {
            history,
            now,
            trend,
        });
        let taken = visit.taken.iter();
        let chosen: Vec<usize> = taken
            .filter_map(|taken| candidates.items.binary_search(&taken.item).ok())
            .collect();
        (!chosen.is_empty()).then(|| make(&candidates, chosen))
    });
    made.into_iter().flatten().collect()
}

fn learn_weights(
    model: &FeedModel,
    sales: Option<&DailySales>,
    unseen: &[Unseen<'_>],
) -> [f32; SOURCES] {
    let choices = of_choices(model, sales, unseen, |candidates, chosen| Choice {
        features: candidates.features.concat(),
        chosen,
    });
    let weights = blend::learn(&choices, SOURCES);
    std::array::from_fn(|place| weights[place] as f32)
}

fn calibrate(model: &FeedModel, sales: Option<&DailySales>, unseen: &[Unseen<'_>]) -> Calibration {
    let outcomes = of_choices(model, sales, unseen, |candidates, chosen| {
        let rows = candidates.features.iter();
        let scores: Vec<f32> = rows.map(|row| model.score(row)).collect();
        let outcomes = shares(&scores)
            .enumerate()
            .map(|(place, predicted)| Outcome {
                predicted: predicted as f32,
                observed: match chosen.contains(&place) {
                    true => 1.0 / chosen.len() as f32,
                    false => 0.0,
                },
            });
        outcomes.collect::<Vec<_>>()
    });
    Calibration::fit(outcomes.concat())
}

/// Does something for each of `times`, in seconds, with what sold before its day; in their order. Without sales there is
/// neither time nor trend.
pub fn each_day<T: Send>(
    sales: Option<&DailySales>,
    times: &[i64],
    act: impl Fn(usize, Option<i64>, &[f32]) -> T + Sync,
) -> Vec<T> {
    let Some(sales) = sales else {
        let places = (0..times.len()).into_par_iter();
        return places.map(|place| act(place, None, &[])).collect();
    };
    let mut days: FxHashMap<i64, Vec<usize>> = FxHashMap::default();
    for (place, seconds) in times.iter().enumerate() {
        days.entry(seconds.div_euclid(DAY_SECONDS))
            .or_default()
            .push(place);
    }
    let days: Vec<Vec<usize>> = days.into_values().collect();
    let mut done: Vec<(usize, T)> = days
        .par_iter()
        .flat_map(|places| {
            let trend = sales.before(times[places[0]]);
            let one = |place: &usize| (*place, act(*place, Some(times[*place]), &trend));
            places.par_iter().map(one).collect::<Vec<_>>()
        })
        .collect();
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
