//! Widening a query that finds little: by narrower things, then by words that stand near in meaning.

use std::collections::HashSet;

use sampan_analyzers::plan::Understood;

use super::counted::Counted;
use crate::{base::limits, index::generation::Generation};

/// How far a query was widened, each step on top of the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Widened {
    #[default]
    Not,
    /// By narrower things (飲品: 可樂).
    ByKinds,
    /// And by near words (克力架: 梳打餅).
    ByNearWords,
}

impl Widened {
    /// The steps there are, in their order.
    pub const STEPS: [Self; 2] = [Self::ByKinds, Self::ByNearWords];

    /// Whether a query that finds this is to be widened by this step.
    pub fn is_due(self, counted: &Counted) -> bool {
        let below = match self {
            Self::Not => 0,
            Self::ByKinds => limits::WIDENED_BELOW,
            Self::ByNearWords => limits::EXPANDED_BELOW,
        };
        !counted.level.is_whole() || counted.total < below
    }
}

/// Widens the queries of a region.
pub struct Widening<'a> {
    pub generation: &'a Generation,
    pub region: &'a str,
    pub disabled: &'a HashSet<String>,
}

impl Widening<'_> {
    /// Takes one step; answers whether it changed anything.
    pub fn step(&self, step: Widened, understood: &mut Understood) -> bool {
        let edits = understood.edits.len();
        let analyzer = &self.generation.analyzer;
        match step {
            Widened::Not => {}
            Widened::ByKinds => analyzer.widen(understood, self.region, self.disabled),
            Widened::ByNearWords => {
                let tables = self.generation.near_words.of_region(self.region);
                analyzer.expand(understood, &tables, self.disabled);
            }
        }
        understood.edits.len() > edits
    }

    /// Takes every step up to one, for a later page of a list.
    pub fn again(&self, widened: Widened, understood: &mut Understood) {
        for step in Widened::STEPS.into_iter().filter(|step| *step <= widened) {
            self.step(step, understood);
        }
    }
}
