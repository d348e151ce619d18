//! Which items match the query as a whole: for totals, facets and orders other than relevance.

use tantivy::{
    DocSet as _,
    query::{EnableScoring, Weight},
};

use super::{LexicalCandidate, LexicalQuery, LexicalSnapshot};
use crate::base::{
    Ordinal,
    error::{Result, SampanError},
};

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
    weight: Box<dyn Weight>,
}

impl LexicalSnapshot {
    /// The set of one level.
    pub fn matching(&self, query: &LexicalQuery<'_>, level: MatchLevel) -> Result<MatchingSet<'_>> {
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        let weight = query
            .matching(self.fields, level)
            .weight(scoring)
            .map_err(SampanError::internal)?;
        Ok(MatchingSet {
            snapshot: self,
            weight,
        })
    }
}

impl MatchingSet<'_> {
    /// Calls `each` with every matching item until it answers false.
    pub fn each(&self, each: &mut dyn FnMut(Ordinal) -> bool) -> Result<()> {
        let readers = self.snapshot.searcher.segment_readers();
        for (reader, ordinals) in readers.iter().zip(&self.snapshot.ordinals) {
            let mut documents = self
                .weight
                .scorer(reader, 1.0)
                .map_err(SampanError::internal)?;
            let alive = reader.alive_bitset();
            let mut document = documents.doc();
            while document != tantivy::TERMINATED {
                let lives = alive.is_none_or(|alive| alive.is_alive(document));
                if lives && !each(ordinals[document as usize]) {
                    return Ok(());
                }
                document = documents.advance();
            }
        }
        Ok(())
    }

    /// Which of the candidates match, in their order.
    pub fn contains(&self, candidates: &[LexicalCandidate]) -> Result<Vec<bool>> {
        let mut matched = vec![false; candidates.len()];
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_unstable_by_key(|place| {
            (candidates[*place].segment, candidates[*place].document)
        });
        let readers = self.snapshot.searcher.segment_readers();
        let mut open = None;
        for place in order {
            let candidate = candidates[place];
            let same = open
                .as_ref()
                .is_some_and(|(segment, _)| *segment == candidate.segment);
            if !same {
                let documents = self
                    .weight
                    .scorer(&readers[candidate.segment as usize], 1.0)
                    .map_err(SampanError::internal)?;
                open = Some((candidate.segment, documents));
            }
            if let Some((_, documents)) = &mut open {
                let at = documents.doc();
                let found = if at < candidate.document {
                    documents.seek(candidate.document)
                } else {
                    at
                };
                matched[place] = found == candidate.document;
            }
        }
        Ok(matched)
    }
}
