//! Making a model of all that shoppers did.
//!
//! The last visit of each shopper is held out first: a model of the rest brings candidates, and the weights of the sources
//! are learnt from what that visit took. Then all is learnt again with nothing held out. What an evaluation holds out, it
//! takes away before: it never comes here.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    FeedModel, History, Visit,
    blend::{self, Choice},
    co_occurrence::{CoOccurrenceOptions, co_occurrence},
    content::{Features, blend_content},
    factors::{
        FactorOptions,
        seeded::mixed,
        train::{Observed, train as train_factors},
    },
    history::{DAY_SECONDS, item_strengths},
    model::{Occasion, by_events},
    repeat::RepeatHabits,
    source::SOURCES,
    swing::{Swing, SwingOptions},
    trend::DailySales,
};

/// Shoppers that weights are learnt from; more of them change little.
const CHOICES_MAX: usize = 10_000;

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
    let (earlier, last) = hold_out_last(histories);
    let model = without_weights(&earlier, items, features, options, progress);
    progress(Stage::Weights, 0, 1);
    let weights = learn_weights(&model, &earlier, &last, options);
    progress(Stage::Weights, 1, 1);
    FeedModel {
        weights,
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

/// Everything but the weights.
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
    }
}

fn learn_weights(
    model: &FeedModel,
    earlier: &[History],
    last: &[Option<Visit>],
    options: &TrainingOptions,
) -> [f32; SOURCES] {
    let held_out = earlier.iter().zip(last).enumerate();
    let mut held_out: Vec<_> = held_out
        .filter_map(|(shopper, (history, last))| Some((shopper, history, last.as_ref()?)))
        .collect();
    held_out.sort_by_key(|(shopper, ..)| (mixed(*shopper as u64), *shopper));
    held_out.truncate(CHOICES_MAX);
    let sales = options
        .timed
        .then(|| DailySales::of(earlier, model.items()));
    let times: Vec<i64> = held_out.iter().map(|(_, _, last)| last.seconds).collect();
    let choices = each_day(sales.as_ref(), &times, |place, now, trend| {
        let (_, history, last) = held_out[place];
        let candidates = model.candidates(&Occasion {
            history,
            now,
            trend,
        });
        let taken = last.taken.iter();
        let chosen: Vec<usize> = taken
            .filter_map(|taken| candidates.items.binary_search(&taken.item).ok())
            .collect();
        (!chosen.is_empty()).then(|| Choice {
            features: candidates.features.concat(),
            chosen,
        })
    });
    let choices: Vec<Choice> = choices.into_iter().flatten().collect();
    let weights = blend::learn(&choices, SOURCES);
    std::array::from_fn(|place| weights[place] as f32)
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
