//! Figures of completions.

use super::{
    learn::Learnt,
    measure::{Typing, Watched},
};
use crate::evaluate::statistics::{Share, bootstrap_interval};

/// A mean with its 95 % bootstrap interval over queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Mean {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

impl Mean {
    fn of(values: &[f64]) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let (low, high) = bootstrap_interval(values);
        Self {
            mean: values.iter().sum::<f64>() / values.len() as f64,
            low,
            high,
        }
    }
}

/// How the typing of some queries went.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TypingFigures {
    pub name: String,
    pub queries: usize,
    /// 1 ÷ place of the query among ten, mean over all keys but the last.
    pub mrr_10: Mean,
    /// Among the first five when half of the keys were typed, rounded up.
    pub success_5_at_half: Share,
    /// Among the first five before the last key.
    pub success_5: Share,
    /// Share of the keys saved by picking the query, the pick being a key.
    pub saved: Mean,
    /// … by picking beginnings of it on the way as well; the same where it was typed by sound.
    pub saved_in_steps: Mean,
}

impl TypingFigures {
    fn of<'t>(name: &str, typings: impl Iterator<Item = &'t Typing>) -> Self {
        let typings: Vec<&Typing> = typings.collect();
        let mean = |of: &dyn Fn(&Typing) -> f64| {
            Mean::of(&typings.iter().map(|its| of(its)).collect::<Vec<f64>>())
        };
        Self {
            name: name.to_owned(),
            queries: typings.len(),
            mrr_10: mean(&Typing::reciprocal),
            success_5_at_half: Share::count(&typings, |its| {
                its.is_seen_after(its.keys.div_ceil(2))
            }),
            success_5: Share::count(&typings, |its| {
                (1..its.keys).any(|keys| its.is_seen_after(keys))
            }),
            saved: mean(&Typing::saved),
            saved_in_steps: mean(&Typing::saved_in_steps),
        }
    }
}

/// Figures of one way to type.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WayFigures {
    #[serde(flatten)]
    pub figures: TypingFigures,
    /// Of one look-up, µs.
    pub p50_micros: u64,
    pub p99_micros: u64,
}

/// Figures after so many characters.
#[derive(Debug, Clone, serde::Serialize)]
pub struct AfterKeys {
    pub keys: usize,
    /// Queries that have more.
    pub queries: usize,
    pub mrr_10: Mean,
    pub success_5: Share,
    /// Of the log alone.
    pub baseline_success_5: Share,
}

/// A query that was offered late or never.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LateQuery {
    pub query: String,
    pub asked_before: bool,
    pub sold: bool,
    pub saved: f64,
}

/// What completions did.
#[derive(Debug, serde::Serialize)]
pub struct SuggestReport {
    pub region: String,
    pub items: usize,
    pub learnt: Learnt,
    pub asked: usize,
    /// By way of typing, the log alone last.
    pub ways: Vec<WayFigures>,
    /// Of characters.
    pub slices: Vec<TypingFigures>,
    pub after: Vec<AfterKeys>,
    /// Of the different texts that were offered, those that find nothing in the region.
    pub unsellable: Share,
    pub unsellable_texts: Vec<String>,
    /// … and those that find only items that answer a part of them.
    pub in_part: Share,
    pub in_part_texts: Vec<String>,
    /// Of characters: those that were asked before, least saved first, then the others.
    pub late: Vec<LateQuery>,
}

/// Figures of a way.
pub fn of_way(name: &str, watched: &Watched) -> WayFigures {
    WayFigures {
        figures: TypingFigures::of(name, watched.typings.iter()),
        p50_micros: watched.latencies.micros(0.5),
        p99_micros: watched.latencies.micros(0.99),
    }
}

/// Characters after which is looked.
const AFTER_MAX: usize = 6;
/// Longest queries of each kind of length, characters, and its name.
const LENGTHS: [(usize, &str); 3] = [
    (4, "up to 4 characters"),
    (8, "5 to 8 characters"),
    (usize::MAX, "9 and more characters"),
];

/// Queries typed by characters apart: asked before or not, and by length.
pub fn slices(watched: &Watched) -> Vec<TypingFigures> {
    let typings = || watched.typings.iter();
    let mut slices = vec![
        TypingFigures::of("asked before", typings().filter(|its| its.asked_before)),
        TypingFigures::of(
            "asked before, and sold here",
            typings().filter(|its| its.asked_before && its.sold),
        ),
        TypingFigures::of(
            "not asked before",
            typings().filter(|its| !its.asked_before),
        ),
    ];
    let mut shorter = 0;
    for (longest, name) in LENGTHS {
        let of_length = typings().filter(|its| its.keys > shorter && its.keys <= longest);
        slices.push(TypingFigures::of(name, of_length));
        shorter = longest;
    }
    slices.retain(|slice| slice.queries > 0);
    slices
}

/// Figures after one to six characters. Both were typed by characters, and in the same order.
pub fn after(watched: &Watched, baseline: &Watched) -> Vec<AfterKeys> {
    let of = |keys: usize| {
        let longer = |watched: &'_ Watched| -> Vec<Typing> {
            let typings = watched.typings.iter();
            typings.filter(|its| its.keys > keys).cloned().collect()
        };
        let (ours, theirs) = (longer(watched), longer(baseline));
        let reciprocal = |its: &Typing| its.places[keys - 1].map_or(0.0, |at| 1.0 / at as f64);
        AfterKeys {
            keys,
            queries: ours.len(),
            mrr_10: Mean::of(&ours.iter().map(reciprocal).collect::<Vec<f64>>()),
            success_5: Share::count(&ours, |its| its.is_seen_after(keys)),
            baseline_success_5: Share::count(&theirs, |its| its.is_seen_after(keys)),
        }
    };
    let all = (1..=AFTER_MAX).map(of);
    all.filter(|after| after.queries > 0).collect()
}

/// Queries of which least was saved; those that were asked before and are sold here first, for nothing hides them.
pub fn late(watched: &Watched, shown: usize) -> Vec<LateQuery> {
    let mut late: Vec<&Typing> = watched.typings.iter().collect();
    late.sort_by(|a, b| {
        let could = |its: &Typing| (its.asked_before && its.sold, its.asked_before);
        let before = could(b).cmp(&could(a));
        before.then(a.saved().total_cmp(&b.saved()))
    });
    let told = late.into_iter().take(shown).map(|typing| LateQuery {
        query: typing.query.clone(),
        asked_before: typing.asked_before,
        sold: typing.sold,
        saved: typing.saved(),
    });
    told.collect()
}
