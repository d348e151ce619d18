//! Items that are taken one after the other, by visits apart.
//!
//! What is taken `lag` visits later counts lag^-decay; the other way round it counts less, for who bought the camera
//! wants the bag more often than who bought the bag wants the camera. Sums are whole numbers of [`UNITS`], so that their
//! order does not matter: events one by one give what the batch gives, to the last bit.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{
    History, ItemIndex, Neighbours, Taken, Visit, history::item_strengths, neighbours::strongest,
};

/// Parts that a pair of strength 1 is counted in; a pair can be counted a million times.
const UNITS: f32 = 4_096.0;
/// Items that one thread takes at a time.
const ITEMS_AT_ONCE: usize = 64;

/// How pairs are counted and weighed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoOccurrenceOptions {
    /// Visits back that a visit is joined with.
    pub visits_max: usize,
    /// Power of the lag by which a pair fades.
    pub decay: f32,
    /// Share of its weight that a pair has against the order of time, 0 to 1.
    pub backward: f32,
    /// Weight of a pair within one visit.
    pub same_visit: f32,
    /// Added to the strengths of both items, so that pairs of rare items do not win by luck.
    pub shrinkage: f32,
    /// Power of the seed's strength that a pair is divided by.
    pub seed_power: f32,
    /// Power of the neighbour's strength that a pair is divided by; the lower, the more popular the neighbours.
    pub neighbour_power: f32,
    /// Neighbours kept an item.
    pub kept: usize,
}

impl Default for CoOccurrenceOptions {
    fn default() -> Self {
        Self {
            visits_max: 20,
            decay: 0.7,
            backward: 0.3,
            same_visit: 0.5,
            shrinkage: 2.0,
            seed_power: 0.5,
            neighbour_power: 0.2,
            kept: 200,
        }
    }
}

impl CoOccurrenceOptions {
    /// Units of a pair; `lag` in visits is above 0 when the neighbour was taken after the seed.
    fn units(&self, lag: i64, strengths: f32) -> u32 {
        let by_lag = match lag {
            0 => self.same_visit,
            after if after > 0 => (after as f32).powf(-self.decay),
            before => self.backward * (-before as f32).powf(-self.decay),
        };
        (by_lag * strengths * UNITS).round() as u32
    }

    /// A row of counted pairs as neighbours.
    fn neighbours(
        &self,
        seed: ItemIndex,
        row: impl Iterator<Item = (ItemIndex, u32)>,
        strengths: &[f32],
    ) -> Vec<(ItemIndex, f32)> {
        let of =
            |item: ItemIndex, power: f32| (strengths[item as usize] + self.shrinkage).powf(power);
        let seed = of(seed, self.seed_power) * UNITS;
        let row = row.map(|(item, units)| {
            let weight = units as f32 / (seed * of(item, self.neighbour_power));
            (item, weight)
        });
        strongest(row.collect(), self.kept)
    }
}

/// Pairs counted from events as they come. About 10 bytes a pair that occurred.
#[derive(Debug, Clone)]
pub struct CoOccurrence {
    options: CoOccurrenceOptions,
    rows: Vec<FxHashMap<ItemIndex, u32>>,
    strengths: Vec<f32>,
}

impl CoOccurrence {
    /// Of so many items, with nothing counted.
    pub fn new(items: usize, options: CoOccurrenceOptions) -> Self {
        Self {
            options,
            rows: vec![FxHashMap::default(); items],
            strengths: vec![0.0; items],
        }
    }

    /// Counts what a shopper took now. `earlier` are the visits before this one, oldest first; `visit` is what this one
    /// took before.
    pub fn add(&mut self, earlier: &[Visit], visit: &[Taken], taken: Taken) {
        self.strengths[taken.item as usize] += taken.strength;
        for other in visit {
            self.join(*other, taken, 0);
        }
        let near = earlier.iter().rev().take(self.options.visits_max);
        for (visit, lag) in near.zip(1..) {
            for other in &visit.taken {
                self.join(*other, taken, lag);
            }
        }
    }

    fn join(&mut self, first: Taken, second: Taken, lag: i64) {
        if first.item == second.item {
            return;
        }
        let strengths = first.strength * second.strength;
        for (seed, other, lag) in [(first, second, lag), (second, first, -lag)] {
            let units = self.options.units(lag, strengths);
            if units > 0 {
                let counted = self.rows[seed.item as usize].entry(other.item).or_default();
                *counted = counted.saturating_add(units);
            }
        }
    }

    /// Neighbours by what was counted so far.
    pub fn neighbours(&self) -> Neighbours {
        let rows = (0..self.rows.len()).into_par_iter().map(|item| {
            let row = self.rows[item]
                .iter()
                .map(|(other, units)| (*other, *units));
            self.options
                .neighbours(item as ItemIndex, row, &self.strengths)
        });
        Neighbours::from_rows(rows.collect())
    }
}

/// Where an item was taken.
struct Place {
    shopper: u32,
    visit: u32,
    position: u32,
}

/// Neighbours by whole histories: the same as of [`CoOccurrence`], without keeping the pairs.
pub fn co_occurrence(
    histories: &[History],
    items: usize,
    options: &CoOccurrenceOptions,
) -> Neighbours {
    let strengths = item_strengths(histories, items);
    let places = places(histories, items);
    let rows = places
        .par_iter()
        .enumerate()
        .with_min_len(ITEMS_AT_ONCE)
        .map_init(
            || (vec![0u32; items], Vec::new()),
            |(counted, touched), (item, places)| {
                for place in places {
                    count(histories, place, options, counted, touched);
                }
                let row = touched
                    .drain(..)
                    .map(|other: ItemIndex| (other, std::mem::take(&mut counted[other as usize])));
                options.neighbours(item as ItemIndex, row, &strengths)
            },
        );
    Neighbours::from_rows(rows.collect())
}

fn places(histories: &[History], items: usize) -> Vec<Vec<Place>> {
    let mut places: Vec<Vec<Place>> = Vec::new();
    places.resize_with(items, Vec::new);
    for (shopper, history) in histories.iter().enumerate() {
        for (visit, of) in history.iter().enumerate() {
            for (position, taken) in of.taken.iter().enumerate() {
                places[taken.item as usize].push(Place {
                    shopper: shopper as u32,
                    visit: visit as u32,
                    position: position as u32,
                });
            }
        }
    }
    places
}

/// Counts the pairs of one place with all that stands near it.
fn count(
    histories: &[History],
    place: &Place,
    options: &CoOccurrenceOptions,
    counted: &mut [u32],
    touched: &mut Vec<ItemIndex>,
) {
    let history = &histories[place.shopper as usize];
    let (here, position) = (place.visit as usize, place.position as usize);
    let seed = history[here].taken[position];
    let first = here.saturating_sub(options.visits_max);
    let last = (here + options.visits_max).min(history.len() - 1);
    for (visit, number) in history[first..=last].iter().zip(first..) {
        let lag = number as i64 - here as i64;
        for (at, other) in visit.taken.iter().enumerate() {
            if other.item == seed.item || (lag == 0 && at == position) {
                continue;
            }
            let units = options.units(lag, seed.strength * other.strength);
            if units == 0 {
                continue;
            }
            let sum = &mut counted[other.item as usize];
            if *sum == 0 {
                touched.push(other.item);
            }
            *sum = sum.saturating_add(units);
        }
    }
}
