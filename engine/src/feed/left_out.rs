//! What is not shown again: what the shopper dislikes, knows already, saw today, or saw often and passed over.

use rustc_hash::FxHashSet;

use super::asking::Asking;
use crate::{
    base::{Ordinal, clock::DAY_SECONDS},
    flow::candidate::{Candidate, Source},
};

/// The rules of one question.
pub struct LeftOut<'a> {
    asking: &'a Asking<'a>,
    acted_on: FxHashSet<Ordinal>,
    allow_repeats: bool,
}

impl<'a> LeftOut<'a> {
    /// `allow_repeats`: what was on screen within a day may come again.
    pub fn of(asking: &'a Asking<'a>, allow_repeats: bool) -> Self {
        Self {
            acted_on: asking.acted_on(),
            asking,
            allow_repeats,
        }
    }

    /// Whether a candidate may not be shown. What the shopper did something with comes back only when it is due again.
    pub fn has(&self, candidate: &Candidate) -> bool {
        let ordinal = &candidate.ordinal;
        let is_known = self.acted_on.contains(ordinal) && !candidate.sources.has(Source::Repeat);
        is_known || self.asking.interests.dislikes.contains(ordinal) || self.saw(candidate)
    }

    /// Whether the shopper saw it within a day, or too often without a click.
    pub fn saw(&self, candidate: &Candidate) -> bool {
        let Some(shown) = self.asking.interests.shown.get(&candidate.ordinal) else {
            return false;
        };
        let today = !self.allow_repeats && shown.seconds > self.asking.now - DAY_SECONDS;
        let cap = self.asking.profile.feed.frequency_cap as u32;
        let too_often = cap > 0 && shown.times >= cap;
        today || (too_often && !self.acted_on.contains(&candidate.ordinal))
    }
}
