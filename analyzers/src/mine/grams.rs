//! Strings of Han characters that stand often, how they hold together, and what stands beside them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Thresholds;
use crate::normalize::is_han;

/// Longest string that is looked at, characters.
const LENGTH_MAX: usize = 6;
/// Between runs of Han characters.
const GAP: char = '\0';
/// A string that stands this often inside one longer string has no life of its own.
const INSIDE_SHARE_MAX: f64 = 0.8;

/// A string with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Gram {
    pub text: String,
    pub count: u32,
    pub cohesion: f64,
    pub left_branching: f64,
    pub right_branching: f64,
}

/// All strings that stand at least so often.
pub struct Grams {
    /// Runs of Han characters, each between gaps.
    text: Vec<char>,
    /// How often each string stands.
    counts: FxHashMap<Box<[char]>, u32>,
    total: u32,
}

/// What stands on one side of a string.
#[derive(Default)]
struct Neighbours {
    counts: FxHashMap<char, u32>,
    /// Ends of runs: each may be followed by anything, so each counts as a character of its own.
    edges: u32,
}

impl Neighbours {
    fn add(&mut self, character: char) {
        if character == GAP {
            self.edges += 1;
        } else {
            *self.counts.entry(character).or_default() += 1;
        }
    }

    /// Entropy, bits.
    fn entropy(&self) -> f64 {
        let total = f64::from(self.edges + self.counts.values().sum::<u32>());
        let of = |count: f64| -(count / total) * (count / total).log2();
        let edges = f64::from(self.edges) * of(1.0);
        edges
            + self
                .counts
                .values()
                .map(|count| of(f64::from(*count)))
                .sum::<f64>()
    }
}

impl Grams {
    /// Counts strings of canonical texts, longer ones only from those whose parts are frequent enough.
    pub fn count(texts: &[String], count_min: u32) -> Self {
        let mut text = vec![GAP];
        for one in texts {
            for character in one.chars() {
                let kept = if is_han(character) { character } else { GAP };
                if kept != GAP || text.last() != Some(&GAP) {
                    text.push(kept);
                }
            }
            if text.last() != Some(&GAP) {
                text.push(GAP);
            }
        }
        let mut counts: FxHashMap<Box<[char]>, u32> = FxHashMap::default();
        for length in 1..=LENGTH_MAX {
            let mut level: FxHashMap<&[char], u32> = FxHashMap::default();
            for window in text.windows(length).filter(|window| !window.contains(&GAP)) {
                let parts_are_frequent = length == 1
                    || (counts.contains_key(&window[1..])
                        && counts.contains_key(&window[..length - 1]));
                if parts_are_frequent {
                    *level.entry(window).or_default() += 1;
                }
            }
            let frequent = level.into_iter().filter(|(_, count)| *count >= count_min);
            let before = counts.len();
            counts.extend(frequent.map(|(gram, count)| (gram.into(), count)));
            if counts.len() == before {
                break;
            }
        }
        let total = text.iter().filter(|c| **c != GAP).count() as u32;
        Self {
            text,
            counts,
            total,
        }
    }

    /// Strings of two and more characters that hold together and stand beside many things.
    pub fn words(&self, thresholds: &Thresholds) -> Vec<Gram> {
        let mut cohesive: FxHashMap<&[char], (Neighbours, Neighbours)> = FxHashMap::default();
        for gram in self.counts.keys().filter(|gram| gram.len() > 1) {
            if self.cohesion(gram) >= thresholds.cohesion_min {
                cohesive.insert(gram, Default::default());
            }
        }
        for length in 2..=LENGTH_MAX {
            for (before, window) in self.text.windows(length + 2).map(|w| (w[0], &w[1..])) {
                if let Some((left, right)) = cohesive.get_mut(&window[..length]) {
                    left.add(before);
                    right.add(window[length]);
                }
            }
        }
        let inside = self.inside_others();
        let mut words: Vec<Gram> = cohesive
            .into_iter()
            .filter(|(gram, _)| !inside.contains(gram))
            .map(|(gram, (left, right))| Gram {
                text: gram.iter().collect(),
                count: self.counts[gram],
                cohesion: self.cohesion(gram),
                left_branching: left.entropy(),
                right_branching: right.entropy(),
            })
            .collect();
        let branches = |gram: &Gram| gram.left_branching.min(gram.right_branching);
        words.retain(|gram| branches(gram) >= thresholds.branching_min);
        words
    }

    /// Pointwise mutual information of the two parts, bits, where the string is split at its weakest place.
    fn cohesion(&self, gram: &[char]) -> f64 {
        let share = |part: &[char]| {
            let count = self.counts.get(part).copied().unwrap_or(1);
            f64::from(count) / f64::from(self.total.max(1))
        };
        let whole = share(gram);
        let of_split = |at| (whole / (share(&gram[..at]) * share(&gram[at..]))).log2();
        (1..gram.len()).map(of_split).fold(f64::INFINITY, f64::min)
    }

    /// Strings that hardly ever stand outside one longer string.
    fn inside_others(&self) -> FxHashSet<&[char]> {
        let mut inside: FxHashSet<&[char]> = FxHashSet::default();
        for (longer, &count) in self.counts.iter().filter(|(gram, _)| gram.len() > 2) {
            for part in [&longer[1..], &longer[..longer.len() - 1]] {
                let of_part = self.counts.get(part).copied().unwrap_or(0);
                if f64::from(count) >= INSIDE_SHARE_MAX * f64::from(of_part) {
                    inside.insert(part);
                }
            }
        }
        inside
    }
}
