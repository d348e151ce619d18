//! The simple ways to rank that ours must beat, the sources alone, and ours.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use sampan_engine::{
    base::limits::POPULAR_ITEMS_MAX,
    behaviour::shrunk,
    recommend::{
        FeedModel, History, ItemIndex, Neighbours, Visit,
        co_occurrence::{CoOccurrenceOptions, co_occurrence},
        history::recent_items,
        model::{Candidates, Occasion},
        neighbours::strongest,
        source::{SOURCES, Source},
        training::each_day,
        trend::DailySales,
    },
};

use super::{figures::LIST_MAX, held_out::HeldOut, reliability::Scored};

/// A list for each case.
pub type Lists = Vec<Vec<ItemIndex>>;

/// Ways that know nothing but counts.
pub struct Baselines<'a> {
    held_out: &'a HeldOut,
    repeats: bool,
    /// Items by the number of times they were taken, most first.
    popular: Vec<(ItemIndex, f32)>,
    /// Cosine of the shoppers of two items, undecayed.
    cosine: Neighbours,
}

impl<'a> Baselines<'a> {
    /// Counts what is known.
    pub fn new(held_out: &'a HeldOut, items: usize, repeats: bool) -> Self {
        let mut counts = vec![0.0f32; items];
        let taken = held_out
            .known
            .iter()
            .flatten()
            .flat_map(|visit| &visit.taken);
        taken.for_each(|taken| counts[taken.item as usize] += 1.0);
        let popular = strongest((0..).zip(counts).collect(), items);
        let plain = CoOccurrenceOptions {
            visits_max: usize::from(u16::MAX),
            decay: 0.0,
            backward: 1.0,
            same_visit: 1.0,
            shrinkage: 0.0,
            seed_power: 0.5,
            neighbour_power: 0.5,
            ..CoOccurrenceOptions::default()
        };
        Self {
            held_out,
            repeats,
            popular,
            cosine: co_occurrence(&held_out.known, items, &plain),
        }
    }

    /// All of them by name.
    pub fn lists(&self) -> Vec<(&'static str, Lists)> {
        let mut lists = vec![(
            "global top",
            self.each(|history| self.first(Vec::new(), history)),
        )];
        if self.repeats {
            lists.push(("personal top", self.each(personal_top)));
            lists.push((
                "personal top, then global",
                self.each(|history| self.first(personal_top(history), history)),
            ));
        }
        lists.push((
            "item-kNN, plain cosine",
            self.each(|history| self.alike(history)),
        ));
        lists
    }

    /// What is popular with the group of each shopper, as a node tells it of a segment: drawn toward what is popular with all.
    pub fn by_group(&self, groups: &[String]) -> Lists {
        let mut counts: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for (history, group) in self.held_out.known.iter().zip(groups) {
            let counts = counts.entry(group);
            let counts = counts.or_insert_with(|| vec![0.0; self.popular.len()]);
            let taken = history.iter().flat_map(|visit| &visit.taken);
            taken.for_each(|taken| counts[taken.item as usize] += 1.0);
        }
        let best = |counts: Vec<f32>| {
            let best = strongest((0..).zip(counts).collect(), POPULAR_ITEMS_MAX);
            let best = best.into_iter();
            best.map(|(item, count)| (item, f64::from(count)))
                .filter(|(_, count)| *count > 0.0)
                .collect::<Vec<_>>()
        };
        let all = self.popular.iter().take(POPULAR_ITEMS_MAX);
        let all: Vec<_> = all
            .map(|(item, count)| (*item, f64::from(*count)))
            .collect();
        let lists = counts.into_iter().map(|(group, counts)| {
            let own = |item: ItemIndex| f64::from(counts[item as usize]);
            let items = shrunk(&all, own, &best(counts.clone()), 1.0);
            let items = items.map(|items| items.into_iter().map(|item| item.ordinal).collect());
            (group, items.unwrap_or_default())
        });
        let lists: BTreeMap<&str, Vec<ItemIndex>> = lists.collect();
        let cases = self.held_out.cases.par_iter();
        cases
            .map(|(shopper, _)| {
                let history = &self.held_out.known[*shopper];
                let own = lists[groups[*shopper].as_str()].iter().copied();
                let new = own.filter(|item| self.repeats || !took(history, *item));
                self.first(new.take(LIST_MAX).collect(), history)
            })
            .collect()
    }

    fn each(&self, rank: impl Fn(&History) -> Vec<ItemIndex> + Sync) -> Lists {
        let cases = self.held_out.cases.par_iter();
        cases
            .map(|(shopper, _)| rank(&self.held_out.known[*shopper]))
            .collect()
    }

    /// A list filled up with what is popular.
    fn first(&self, mut list: Vec<ItemIndex>, history: &History) -> Vec<ItemIndex> {
        for (item, _) in &self.popular {
            if list.len() >= LIST_MAX {
                break;
            }
            if !list.contains(item) && (self.repeats || !took(history, *item)) {
                list.push(*item);
            }
        }
        list
    }

    fn alike(&self, history: &History) -> Vec<ItemIndex> {
        let scores = self
            .cosine
            .scores(recent_items(history, usize::from(u16::MAX), 0.0, 0.0));
        let scores = scores.into_iter();
        let scores = scores.filter(|(item, _)| self.repeats || !took(history, *item));
        let best = strongest(scores.collect(), LIST_MAX);
        best.into_iter().map(|(item, _)| item).collect()
    }
}

fn took(history: &[Visit], item: ItemIndex) -> bool {
    let mut taken = history.iter().flat_map(|visit| &visit.taken);
    taken.any(|taken| taken.item == item)
}

/// What a shopper took most often; of equals what was taken last.
fn personal_top(history: &History) -> Vec<ItemIndex> {
    let mut counts: HashMap<ItemIndex, (usize, usize)> = HashMap::new();
    for (number, visit) in history.iter().enumerate() {
        for taken in &visit.taken {
            let (count, last) = counts.entry(taken.item).or_default();
            *count += 1;
            *last = number;
        }
    }
    let mut items: Vec<_> = counts.into_iter().collect();
    items.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    items
        .into_iter()
        .take(LIST_MAX)
        .map(|(item, _)| item)
        .collect()
}

/// Sources that make a list by themselves.
const ALONE: [(&str, Source); 4] = [
    ("co-occurrence alone", Source::CoOccurrence),
    ("Swing alone", Source::Swing),
    ("iALS alone", Source::Factors),
    ("trend of the last days alone", Source::Trend),
];

/// The candidates of a model for each case; both rankings of sources and the blend are made from them.
pub struct Asked<'a> {
    model: &'a FeedModel,
    candidates: Vec<Candidates>,
}

impl<'a> Asked<'a> {
    /// Asks the model for the candidates of each case.
    pub fn of(model: &'a FeedModel, held_out: &HeldOut, timed: bool) -> Self {
        let sales = timed.then(|| DailySales::of(&held_out.known, model.items()));
        let times = held_out.cases.iter().map(|(_, visit)| visit.seconds);
        let times: Vec<i64> = times.collect();
        let candidates = each_day(sales.as_ref(), &times, |case, now, trend| {
            let (shopper, _) = held_out.cases[case];
            model.candidates(&Occasion {
                history: &held_out.known[shopper],
                now,
                trend,
            })
        });
        Self { model, candidates }
    }

    /// Lists by the learnt weights.
    pub fn blended(&self) -> Lists {
        let candidates = self.candidates.par_iter();
        candidates.map(|of| self.model.rank(of, LIST_MAX)).collect()
    }

    /// Scores of the candidates of each case, and which of them its visit took.
    pub fn scored(&self, held_out: &HeldOut) -> Vec<Scored> {
        let cases = self.candidates.par_iter().zip(&held_out.cases);
        let scored = cases.map(|(candidates, (_, visit))| {
            let rows = candidates.features.iter();
            let taken = visit.taken.iter();
            Scored {
                scores: rows.map(|row| self.model.score(row)).collect(),
                chosen: taken
                    .filter_map(|taken| candidates.items.binary_search(&taken.item).ok())
                    .collect(),
            }
        });
        scored.collect()
    }

    /// Lists of each source that brings candidates.
    pub fn alone(&self, timed: bool) -> Vec<(&'static str, Lists)> {
        let sources = ALONE.into_iter();
        let sources = sources.filter(|(_, source)| timed || *source != Source::Trend);
        sources
            .map(|(name, source)| {
                let candidates = self.candidates.par_iter();
                (name, candidates.map(|of| by_source(of, source)).collect())
            })
            .collect()
    }
}

fn by_source(candidates: &Candidates, source: Source) -> Vec<ItemIndex> {
    let score = |row: &[f32; SOURCES]| row[source as usize];
    let rows = candidates.items.iter().zip(&candidates.features);
    let scores = rows.map(|(item, row)| (*item, score(row)));
    let scores = scores.filter(|(_, score)| *score > 0.0);
    let best = strongest(scores.collect(), LIST_MAX);
    best.into_iter().map(|(item, _)| item).collect()
}
