//! The signal `feed_affinity`: what the feed's model says of a candidate beside the others, and what that is the sum of.
//!
//! A model's log-odds are a weighted sum of what its sources say. The signal is the same sum in spans of 8, moved so that the
//! likeliest candidate has 1, and 0 at the least. It is summed from its parts, so an explanation adds up to it to the last bit.

use rustc_hash::FxHashMap;
use sampan_analyzers::memory::map_bytes;

use super::rank::Part;
use crate::{
    base::Ordinal,
    recommend::source::{SOURCES, Source},
};

/// Log-odds below the likeliest candidate at which an affinity is 0: it is chosen some 3,000 times as seldom.
const SPAN: f64 = 8.0;

/// The sources that a candidate's vector speaks for, and what its own content adds to each of them.
const BY_CONTENT: [(Source, &str); 2] = [
    (Source::Factors, "content"),
    (Source::SparseFactors, "sparse_content"),
];
/// Values of a candidate.
const VALUES: usize = SOURCES + BY_CONTENT.len();

/// What speaks for a candidate: the sources in their order, then what content adds to those of [`BY_CONTENT`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence([f32; VALUES]);

impl Evidence {
    /// Of scaled features; `by_content`: which part of what the vector says comes from the item's content. It may be above 1
    /// or below 0, where content and behaviour say the opposite.
    pub fn new(features: &[f32; SOURCES], by_content: f32) -> Self {
        let mut values = [0.0; VALUES];
        values[..SOURCES].copy_from_slice(features);
        for (place, (source, _)) in (SOURCES..).zip(BY_CONTENT) {
            let content = features[source as usize] * by_content;
            values[place] = content;
            values[source as usize] -= content;
        }
        Self(values)
    }
}

/// What a model makes of a feed's candidates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Affinities {
    weights: [f64; VALUES],
    /// The likeliest candidate's log-odds, in spans.
    likeliest: f64,
    /// Of each candidate how likely it is to be chosen, 0 to 1.
    pub probabilities: FxHashMap<Ordinal, f32>,
    /// What speaks for each, where that is to be explained.
    pub explained: FxHashMap<Ordinal, Evidence>,
}

impl Affinities {
    /// Of a model's weights and the evidence of all candidates.
    pub fn of(weights: &[f32; SOURCES], candidates: &[Evidence]) -> Self {
        let weight = |place: usize| match place.checked_sub(SOURCES) {
            None => weights[place],
            Some(place) => weights[BY_CONTENT[place].0 as usize],
        };
        let weights = std::array::from_fn(|place| f64::from(weight(place)) / SPAN);
        let log_odds = candidates.iter().map(|evidence| sum(&weights, evidence));
        Self {
            weights,
            likeliest: log_odds.fold(f64::MIN, f64::max),
            ..Self::default()
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        map_bytes(&self.probabilities) + map_bytes(&self.explained)
    }

    /// A candidate's log-odds: two are chosen as exp of their difference to one.
    pub fn log_odds(&self, evidence: &Evidence) -> f64 {
        SPAN * sum(&self.weights, evidence)
    }

    /// A candidate's signal.
    pub fn signal(&self, evidence: &Evidence) -> f64 {
        let beside = sum(&self.weights, evidence) + (1.0 - self.likeliest);
        beside.max(0.0)
    }

    /// What a candidate's signal is the sum of, always in this order; none of one that is not explained.
    pub fn parts(&self, ordinal: Ordinal) -> Vec<Part> {
        let Some(evidence) = self.explained.get(&ordinal) else {
            return Vec::new();
        };
        let part = |name, value, weight| Part {
            name,
            value,
            weight,
            rank_without: None,
        };
        let values = evidence.0.iter().zip(self.weights);
        let values = names().zip(values);
        let mut parts: Vec<Part> = values
            .map(|(name, (value, weight))| part(name, f64::from(*value), weight))
            .collect();
        parts.push(part("likeliest", 1.0 - self.likeliest, 1.0));
        let beside = sum(&self.weights, evidence) + (1.0 - self.likeliest);
        parts.push(part("least", (-beside).max(0.0), 1.0));
        parts
    }
}

/// Names of a candidate's values.
fn names() -> impl Iterator<Item = &'static str> {
    let sources = Source::ALL.iter().map(|source| source.name());
    sources.chain(BY_CONTENT.iter().map(|(_, name)| *name))
}

/// In the order of the values.
fn sum(weights: &[f64; VALUES], evidence: &Evidence) -> f64 {
    let values = evidence.0.iter().zip(weights);
    values.fold(0.0, |sum, (value, weight)| sum + f64::from(*value) * weight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn evidence() -> impl Strategy<Value = Evidence> {
        let features = prop::array::uniform11(0.0f32..2.0);
        let by_content = prop_oneof![Just(0.0f32), -3.0f32..4.0];
        (features, by_content)
            .prop_map(|(features, by_content)| Evidence::new(&features, by_content))
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_signal_to_the_last_bit_and_stand_in_one_order(
            weights in prop::array::uniform11(-3.0f32..9.0),
            candidates in prop::collection::vec(evidence(), 1..30),
        ) {
            let mut affinities = Affinities::of(&weights, &candidates);
            affinities.explained = (0..).zip(candidates.iter().copied()).collect();
            let mut signals = Vec::new();
            for (ordinal, evidence) in (0..).zip(&candidates) {
                let parts = affinities.parts(ordinal);
                let added = parts.iter().fold(0.0, |sum, part| sum + part.contribution());
                let signal = affinities.signal(evidence);
                prop_assert_eq!(added.to_bits(), signal.to_bits(), "{:?}", parts);
                prop_assert!((0.0..1.0 + 1e-9).contains(&signal));
                let named: Vec<&str> = parts.iter().map(|part| part.name).collect();
                let wanted: Vec<&str> = names().chain(["likeliest", "least"]).collect();
                prop_assert_eq!(named, wanted);
                signals.push(signal);
            }
            let most = signals.iter().copied().fold(0.0, f64::max);
            prop_assert!((most - 1.0).abs() < 1e-9, "{}", most);
            prop_assert!(affinities.parts(99).is_empty());
        }

        #[test]
        fn what_content_adds_is_taken_from_what_the_vector_says(
            features in prop::array::uniform11(0.0f32..2.0),
            weights in prop::array::uniform11(-3.0f32..9.0),
            by_content in -3.0f32..4.0,
        ) {
            let (whole, parted) = (Evidence::new(&features, 0.0), Evidence::new(&features, by_content));
            let affinities = Affinities::of(&weights, &[whole]);
            let off = affinities.log_odds(&whole) - affinities.log_odds(&parted);
            prop_assert!(off.abs() < 1e-3, "{}", off);
        }
    }

    #[test]
    fn a_span_of_log_odds_is_the_whole_range() {
        let of = |popular: f32| {
            let mut features = [0.0; SOURCES];
            features[Source::Popular as usize] = popular;
            Evidence::new(&features, 0.0)
        };
        let candidates = [of(2.0), of(1.0), of(0.0)];
        let affinities = Affinities::of(&[6.0; SOURCES], &candidates);
        let signals = candidates.map(|evidence| affinities.signal(&evidence));
        assert_eq!(signals, [1.0, 0.25, 0.0]);
        assert_eq!(affinities.log_odds(&of(2.0)), 12.0);
    }
}
