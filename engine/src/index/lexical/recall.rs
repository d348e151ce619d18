//! The best eligible items by a weighted sum of terms. Eligibility is asked before an item takes a place, so nothing
//! barred costs one.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{DocId, Score, SegmentReader, fieldnorm::FieldNormReader, schema::IndexRecordOption};

use super::{
    LexicalQuery, LexicalSnapshot,
    bm25::{K1, LengthFactors, lengths},
    postings::{PostingCursor, WINDOW, WindowBits},
    query::{Breadth, CONTEXT_WEIGHT},
    requirement::{MeetingDocuments, Requirement},
};
use crate::base::{Ordinal, error::Result};

/// An item that lexical recall brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LexicalCandidate {
    pub ordinal: Ordinal,
    /// Sum of the terms' BM25, 0 or more, not bounded.
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

/// The best so far.
struct Best {
    heap: BinaryHeap<Reverse<Ranked>>,
    limit: usize,
}

impl Best {
    /// Score that an item must exceed to take a place.
    fn threshold(&self) -> Score {
        let lowest = self.heap.peek().filter(|_| self.heap.len() == self.limit);
        lowest.map_or(Score::MIN, |worst| worst.0.0.score)
    }

    fn take(&mut self, candidate: LexicalCandidate) {
        if self.heap.len() == self.limit {
            self.heap.pop();
        }
        self.heap.push(Reverse(Ranked(candidate)));
    }
}

/// A field of a segment, as scoring reads it.
struct ScoredField {
    lengths: FieldNormReader,
    /// Terms that stand in it: where, and each one's weight times its inverse document frequency.
    terms: Vec<(PostingCursor, f32)>,
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
        let mut weights = query.weights(breadth);
        for (term, weight) in &mut weights {
            *weight *= self.idf(term)? * (K1 + 1.0);
        }
        let factors = [
            self.length_factors(self.fields.title)?,
            self.length_factors(self.fields.context)?,
        ];
        let unwanted = Requirement::any_of(query.excluded());
        let mut best = Best {
            heap: BinaryHeap::with_capacity(limit + 1),
            limit,
        };
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let ordinals = &self.ordinals[segment];
            let alive = reader.alive_bitset();
            let mut unwanted = MeetingDocuments::open(reader, self.fields, &unwanted)?;
            let mut fields = self.scored_fields(reader, &weights)?;
            let mut sums = vec![0.0; WINDOW as usize];
            while let Some(base) = next_window(&fields) {
                let mut touched = WindowBits::NONE;
                for (field, factors) in fields.iter_mut().zip(&factors) {
                    field.add_window(base, factors, &mut sums, &mut touched);
                }
                let unwanted = unwanted.as_mut().map(|unwanted| unwanted.window(base));
                for place in touched.iter() {
                    let score = std::mem::take(&mut sums[place]);
                    if score <= best.threshold() {
                        continue;
                    }
                    let document = base + place as DocId;
                    let ordinal = ordinals[document as usize];
                    let lives = alive.is_none_or(|alive| alive.is_alive(document));
                    let is_wanted = unwanted.as_ref().is_none_or(|bits| !bits.contains(place));
                    if lives && is_wanted && allows(ordinal) {
                        best.take(LexicalCandidate {
                            ordinal,
                            score,
                            segment: segment as u32,
                            document,
                        });
                    }
                }
            }
        }
        let sorted = best.heap.into_sorted_vec().into_iter();
        Ok(sorted.map(|Reverse(Ranked(found))| found).collect())
    }

    fn scored_fields(
        &self,
        reader: &SegmentReader,
        weights: &[(&str, f32)],
    ) -> Result<Vec<ScoredField>> {
        let mut fields = Vec::with_capacity(2);
        for (field, of_field) in [
            (self.fields.title, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
            let mut terms = Vec::with_capacity(weights.len());
            for (term, weight) in weights.iter().filter(|(_, weight)| *weight > 0.0) {
                let cursor =
                    PostingCursor::open(reader, field, term, IndexRecordOption::WithFreqs)?;
                terms.extend(cursor.map(|cursor| (cursor, weight * of_field)));
            }
            fields.push(ScoredField {
                lengths: lengths(reader, field)?,
                terms,
            });
        }
        Ok(fields)
    }
}

impl ScoredField {
    /// Adds what the terms count in each document of the window.
    fn add_window(
        &mut self,
        base: DocId,
        factors: &LengthFactors,
        sums: &mut [f32],
        touched: &mut WindowBits,
    ) {
        for (cursor, weight) in &mut self.terms {
            cursor.each_before(base + WINDOW, |document, frequency| {
                let place = (document - base) as usize;
                let frequency = frequency as f32;
                let length = factors.of(&self.lengths, document);
                sums[place] += *weight * frequency / (frequency + K1 * length);
                touched.insert(place);
            });
        }
        self.terms
            .retain(|(cursor, _)| cursor.document() != tantivy::TERMINATED);
    }
}

/// First document of the next window in which any term stands.
fn next_window(fields: &[ScoredField]) -> Option<DocId> {
    let terms = fields.iter().flat_map(|field| &field.terms);
    let next = terms.map(|(cursor, _)| cursor.document()).min()?;
    Some(next / WINDOW * WINDOW)
}
