//! Which items match the query as a whole: for totals, facets and orders other than relevance.

use super::{
    LexicalQuery, LexicalSnapshot,
    postings::WINDOW,
    requirement::{MeetingDocuments, Requirement},
};
use crate::base::{Ordinal, error::Result};

/// How much of the query an item must match to count as a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchLevel {
    /// Every unit, as words and not across the edges of others.
    Words,
    /// Every unit.
    All,
    /// Two units of three, rounded up.
    Most,
    /// One unit.
    Any,
}

impl MatchLevel {
    /// Strictest first.
    pub const ALL: [Self; 4] = [Self::Words, Self::All, Self::Most, Self::Any];

    /// Whether what matches matches the whole query.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Words | Self::All)
    }

    pub(super) fn required(self, units: usize) -> usize {
        match self {
            Self::Words | Self::All => units,
            Self::Most => (units * 2).div_ceil(3),
            Self::Any => 1,
        }
    }
}

/// The items that match at one level.
pub struct MatchingSet<'s> {
    snapshot: &'s LexicalSnapshot,
    wanted: Requirement<'s>,
    unwanted: Requirement<'s>,
}

impl LexicalSnapshot {
    /// The set of one level.
    pub fn matching<'s>(&'s self, query: &LexicalQuery<'s>, level: MatchLevel) -> MatchingSet<'s> {
        MatchingSet {
            snapshot: self,
            wanted: Requirement::of_level(query.units(), level),
            unwanted: Requirement::any_of(query.excluded()),
        }
    }
}

impl MatchingSet<'_> {
    /// Calls `each` with every matching item until it answers false.
    pub fn each(&self, each: &mut dyn FnMut(Ordinal) -> bool) -> Result<()> {
        let readers = self.snapshot.searcher.segment_readers();
        for (reader, ordinals) in readers.iter().zip(&self.snapshot.ordinals) {
            let fields = self.snapshot.fields;
            let Some(mut wanted) = MeetingDocuments::open(reader, fields, &self.wanted)? else {
                continue;
            };
            let mut unwanted = MeetingDocuments::open(reader, fields, &self.unwanted)?;
            let alive = reader.alive_bitset();
            let mut from = 0;
            while let Some(base) = wanted.next_window(from) {
                from = base + WINDOW;
                let mut matching = wanted.window(base).clone();
                if let Some(unwanted) = unwanted.as_mut().filter(|_| !matching.is_empty()) {
                    matching.subtract(unwanted.window(base));
                }
                let mut goes_on = true;
                matching.each(|place| {
                    let document = base + place as u32;
                    let lives = alive.is_none_or(|alive| alive.is_alive(document));
                    goes_on = goes_on && (!lives || each(ordinals[document as usize]));
                });
                if !goes_on {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}
