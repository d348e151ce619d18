//! The best eligible items by BM25F. Eligibility is asked before an item takes a place, so nothing barred costs one.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{DocId, Score, query::EnableScoring};

use super::{LexicalQuery, LexicalSnapshot, query::Breadth};
use crate::base::{
    Ordinal,
    error::{Result, SampanError},
};

/// An item that lexical recall brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LexicalCandidate {
    pub ordinal: Ordinal,
    /// BM25F, 0 or more, not bounded.
    pub score: f32,
    /// Where the document lies, for asking it more.
    pub(super) segment: u32,
    pub(super) document: DocId,
}

/// Orders by score, then by ordinal (lower first), so that equal scores rank the same on every run.
#[derive(PartialEq)]
struct Ranked(LexicalCandidate);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0
            .score
            .total_cmp(&other.0.score)
            .then(other.0.ordinal.cmp(&self.0.ordinal))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl LexicalSnapshot {
    /// The `limit` best items that `allows` lets through, best first.
    pub fn recall(
        &self,
        query: &LexicalQuery<'_>,
        limit: usize,
        allows: &mut dyn FnMut(Ordinal) -> bool,
    ) -> Result<Vec<LexicalCandidate>> {
        if query.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let found = self.best(query, Breadth::Words, limit, allows)?;
        if found.len() == limit {
            return Ok(found);
        }
        self.best(query, Breadth::Characters, limit, allows)
    }

    fn best(
        &self,
        query: &LexicalQuery<'_>,
        breadth: Breadth,
        limit: usize,
        allows: &mut dyn FnMut(Ordinal) -> bool,
    ) -> Result<Vec<LexicalCandidate>> {
        let scoring = EnableScoring::enabled_from_searcher(&self.searcher);
        let weight = query
            .scoring(self.fields, breadth)
            .weight(scoring)
            .map_err(SampanError::internal)?;
        let mut best: BinaryHeap<Reverse<Ranked>> = BinaryHeap::with_capacity(limit + 1);
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let ordinals = &self.ordinals[segment];
            let alive = reader.alive_bitset();
            let start = threshold(&best, limit);
            let mut collect = |document: DocId, score: Score| -> Score {
                let ordinal = ordinals[document as usize];
                let full = best.len() == limit;
                if alive.is_some_and(|alive| alive.is_deleted(document)) || !allows(ordinal) {
                    return threshold(&best, limit);
                }
                best.push(Reverse(Ranked(LexicalCandidate {
                    ordinal,
                    score,
                    segment: segment as u32,
                    document,
                })));
                if full {
                    best.pop();
                }
                threshold(&best, limit)
            };
            weight
                .for_each_pruning(start, reader, &mut collect)
                .map_err(SampanError::internal)?;
        }
        Ok(best
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse(Ranked(candidate))| candidate)
            .collect())
    }
}

/// Score that an item must exceed to take a place.
fn threshold(best: &BinaryHeap<Reverse<Ranked>>, limit: usize) -> Score {
    let lowest = best.peek().filter(|_| best.len() == limit);
    lowest.map_or(Score::MIN, |worst| worst.0.0.score)
}
