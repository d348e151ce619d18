//! The best eligible items by a weighted sum of terms. Eligibility is asked before an item takes a place, so nothing
//! barred costs one.

use std::{cmp::Reverse, collections::BinaryHeap};

use tantivy::{
    DocId, Score, SegmentReader, TERMINATED,
    fieldnorm::FieldNormReader,
    schema::{Field, IndexRecordOption},
};

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

/// A term in one field of a segment.
struct ScoredTerm<'f> {
    cursor: PostingCursor,
    field: &'f ScoredField<'f>,
    /// Most that it can count in a document.
    most: f32,
}

/// Lengths in a field of a segment, and what they do.
struct ScoredField<'f> {
    lengths: FieldNormReader,
    factors: &'f LengthFactors,
    weight: f32,
}

/// The terms of a segment, those that can count most first; and what has been added up of the present window.
struct WindowSums<'f> {
    terms: Vec<ScoredTerm<'f>>,
    /// By place in the window.
    sums: Vec<f32>,
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
            let fields = self.scored_fields(reader, &factors)?;
            let mut windows = WindowSums::open(reader, &fields, &weights)?;
            while let Some((base, touched)) = windows.next(best.threshold()) {
                let unwanted = unwanted.as_mut().map(|unwanted| unwanted.window(base));
                let is_wanted = |place| unwanted.as_ref().is_none_or(|bits| !bits.contains(place));
                let mut threshold = best.threshold();
                touched.each(|place| {
                    let score = std::mem::take(&mut windows.sums[place]);
                    if score <= threshold {
                        return;
                    }
                    let document = base + place as DocId;
                    let ordinal = ordinals[document as usize];
                    let lives = alive.is_none_or(|alive| alive.is_alive(document));
                    if lives && is_wanted(place) && allows(ordinal) {
                        best.take(LexicalCandidate {
                            ordinal,
                            score,
                            segment: segment as u32,
                            document,
                        });
                        threshold = best.threshold();
                    }
                });
            }
        }
        let sorted = best.heap.into_sorted_vec().into_iter();
        Ok(sorted.map(|Reverse(Ranked(found))| found).collect())
    }

    fn scored_fields<'f>(
        &self,
        reader: &SegmentReader,
        factors: &'f [LengthFactors; 2],
    ) -> Result<[(Field, ScoredField<'f>); 2]> {
        let field = |field, factors, weight| -> Result<_> {
            let lengths = lengths(reader, field)?;
            let scored = ScoredField {
                lengths,
                factors,
                weight,
            };
            Ok((field, scored))
        };
        Ok([
            field(self.fields.title, &factors[0], 1.0)?,
            field(self.fields.context, &factors[1], CONTEXT_WEIGHT)?,
        ])
    }
}

impl<'f> WindowSums<'f> {
    /// `weights` are those of the terms times what each is worth at most.
    fn open(
        reader: &SegmentReader,
        fields: &'f [(Field, ScoredField<'f>)],
        weights: &[(&str, f32)],
    ) -> Result<Self> {
        let mut terms = Vec::with_capacity(weights.len() * fields.len());
        for (term, weight) in weights.iter().filter(|(_, weight)| *weight > 0.0) {
            for (name, field) in fields {
                let option = IndexRecordOption::WithFreqs;
                let cursor = PostingCursor::open(reader, *name, term, option)?;
                terms.extend(cursor.map(|cursor| ScoredTerm {
                    cursor,
                    field,
                    most: weight * field.weight,
                }));
            }
        }
        terms.sort_by(|a, b| b.most.total_cmp(&a.most));
        Ok(Self {
            terms,
            sums: vec![0.0; WINDOW as usize],
        })
    }

    /// Adds up the next window that may have a document above the threshold: where it begins, and which of its documents
    /// have a sum. A document that has only terms which together cannot pass the threshold has none (MaxScore, after
    /// Turtle and Flood, 1995).
    fn next(&mut self, threshold: Score) -> Option<(DocId, WindowBits)> {
        self.terms
            .retain(|term| term.cursor.document() != TERMINATED);
        let mut together = 0.0;
        let weak = self.terms.iter().rev().take_while(|term| {
            together += term.most;
            together <= threshold
        });
        let strong = self.terms.len() - weak.count();
        let (strong, weak) = self.terms.split_at_mut(strong);
        let first = strong.iter().map(|term| term.cursor.document()).min()?;
        let base = first / WINDOW * WINDOW;
        let mut touched = WindowBits::NONE;
        for term in strong {
            term.add_window(base, &mut self.sums, |place| {
                touched.insert(place);
                true
            });
        }
        for term in weak {
            term.cursor.seek(base);
            term.add_window(base, &mut self.sums, |place| touched.contains(place));
        }
        Some((base, touched))
    }
}

impl ScoredTerm<'_> {
    /// Adds what the term counts in each document of the window that is `wanted`.
    #[inline]
    fn add_window(&mut self, base: DocId, sums: &mut [f32], mut wanted: impl FnMut(usize) -> bool) {
        let (field, most) = (self.field, self.most);
        self.cursor
            .each_before(base + WINDOW, |document, frequency| {
                let place = (document - base) as usize;
                if wanted(place) {
                    let frequency = frequency as f32;
                    let length = field.factors.of(&field.lengths, document);
                    sums[place] += most * frequency / (frequency + K1 * length);
                }
            });
    }
}
