//! Alternating least squares: with the items held still each shopper's vector is a small problem of its own, and the
//! other way round.

use rayon::prelude::*;

use super::{FactorOptions, Factors, gramian, ridge, seeded::even, solve::Problem};
use crate::recommend::{History, ItemIndex};

/// Vectors that one thread solves at a time.
const VECTORS_AT_ONCE: usize = 16;
/// Length of the first vectors: short, so that the first pass decides.
const FIRST_LENGTH: f32 = 0.1;

/// Who was observed with whom, and how surely; one list after the other.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    starts: Vec<usize>,
    pairs: Vec<(u32, f32)>,
}

impl Observed {
    /// What each shopper took, an item once: the more it was taken the surer, as 1 + ln of the sum of strengths.
    pub fn of_histories(histories: &[History]) -> Self {
        let lists = histories.iter().map(|history| {
            let taken = history.iter().flat_map(|visit| &visit.taken);
            let mut taken: Vec<(ItemIndex, f32)> =
                taken.map(|taken| (taken.item, taken.strength)).collect();
            taken.sort_unstable_by_key(|(item, _)| *item);
            taken.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
            for (_, sum) in &mut taken {
                *sum = confidence(*sum);
            }
            taken
        });
        Self::of_lists(lists)
    }

    /// Lists in the order of whose they are.
    pub fn of_lists(lists: impl Iterator<Item = Vec<(u32, f32)>>) -> Self {
        let (mut starts, mut pairs) = (vec![0], Vec::new());
        for list in lists {
            pairs.extend(list);
            starts.push(pairs.len());
        }
        Self { starts, pairs }
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are no lists.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One list.
    pub fn list(&self, place: usize) -> &[(u32, f32)] {
        &self.pairs[self.starts[place]..self.starts[place + 1]]
    }

    /// The same from the other side, which has `others` members.
    fn turned(&self, others: usize) -> Self {
        let mut starts = vec![0; others + 1];
        for (other, _) in &self.pairs {
            starts[*other as usize + 1] += 1;
        }
        for place in 0..others {
            starts[place + 1] += starts[place];
        }
        let mut next = starts.clone();
        let mut pairs = vec![(0, 0.0); self.pairs.len()];
        for place in 0..self.len() {
            for (other, confidence) in self.list(place) {
                let to = &mut next[*other as usize];
                pairs[*to] = (place as u32, *confidence);
                *to += 1;
            }
        }
        Self { starts, pairs }
    }
}

/// Confidence in a pair whose strengths sum to this: rises slowly, and never below what was seen.
pub fn confidence(strengths: f32) -> f32 {
    if strengths < 1.0 {
        strengths
    } else {
        1.0 + strengths.ln()
    }
}

/// What training gives.
pub struct Trained {
    pub items: Factors,
    /// Vectors of the shoppers, one after the other, as of the last pass.
    pub shoppers: Vec<f32>,
}

/// Learns from what each shopper took of `items` items; `progress` is told each half pass that is done, of all.
pub fn train(
    observed: &Observed,
    items: usize,
    options: &FactorOptions,
    progress: &mut dyn FnMut(usize, usize),
) -> Trained {
    let of_items = observed.turned(items);
    let mut shoppers = first_vectors(observed.len(), options, options.seed);
    let mut vectors = first_vectors(items, options, options.seed.wrapping_add(1));
    let halves = 2 * options.iterations;
    for iteration in 0..options.iterations {
        improve(&mut shoppers, observed, &vectors, options);
        progress(2 * iteration + 1, halves);
        improve(&mut vectors, &of_items, &shoppers, options);
        progress(2 * iteration + 2, halves);
    }
    Trained {
        items: Factors::new(vectors, options),
        shoppers,
    }
}

fn first_vectors(count: usize, options: &FactorOptions, seed: u64) -> Vec<f32> {
    let length = FIRST_LENGTH / (options.dimensions as f32).sqrt();
    let places = 0..(count * options.dimensions) as u64;
    places.map(|place| length * even(seed, place)).collect()
}

/// Moves each vector nearer to what the other side's vectors want of it.
fn improve(vectors: &mut [f32], observed: &Observed, others: &[f32], options: &FactorOptions) {
    let gramian = gramian(others, options.dimensions, options.unobserved);
    let count = others.len() / options.dimensions;
    vectors
        .par_chunks_mut(options.dimensions)
        .enumerate()
        .with_min_len(VECTORS_AT_ONCE)
        .for_each(|(place, vector)| {
            let observed = observed.list(place);
            let problem = Problem {
                gramian: &gramian,
                others,
                observed,
                ridge: ridge(
                    options.unobserved,
                    options.regularisation,
                    observed.len(),
                    count,
                ),
            };
            problem.solve(vector, options.solver_steps);
        });
}
