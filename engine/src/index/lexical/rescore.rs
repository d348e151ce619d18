//! The dear phase: scores candidates by what the query means, which a flat union of terms cannot say.
//!
//! A unit (a word of the query) counts once, by its best alternative, so an item gains nothing from naming a thing by
//! many synonyms; and all alternatives of a unit weigh the same, however rare each is in this catalogue. Terms that
//! lie in no unit (grams across word boundaries) are added: they reward words in the typed order.

use tantivy::{DocId, schema::IndexRecordOption};

use super::{
    LexicalCandidate, LexicalQuery, LexicalSnapshot, MatchLevel,
    bm25::{K1, lengths},
    groups::{Group, Groups, Kind, TermFacts, has_all},
    postings::PostingCursor,
    query::CONTEXT_WEIGHT,
    requirement::Requirement,
};
use crate::base::error::Result;

/// A term that more documents hold is looked up for each candidate in turn, a rarer one is read through: a step costs
/// a tenth of a look-up.
const READ_THROUGH_BELOW: usize = 10;

/// How an item answers the query.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Relevance {
    /// 0 or more, not bounded.
    pub score: f32,
    /// Share of the query's worth that the item has, however often, 0 to 1.
    pub coverage: f32,
    /// The same of its titles alone.
    pub title_match: f32,
    /// Share of the query that it has as it was typed: words whole, and grams across words for their order; 0 to 1.
    pub exactness: f32,
    /// Share of `coverage` that is by other than the typed words, 0 to 1.
    pub rewritten: f32,
    /// Whether it has a word that stands near one of the query.
    pub has_near_words: bool,
    /// Whether it has a word of the query, a part of one, or is a thing of its kind; else characters that they share
    /// brought it, by chance.
    pub has_words: bool,
    /// Whether it matches at the level that was asked about; every item does when the query has no units.
    pub full_match: bool,
}

impl LexicalSnapshot {
    /// Scores candidates, in their order.
    pub fn rescore(
        &self,
        query: &LexicalQuery<'_>,
        level: MatchLevel,
        candidates: &[LexicalCandidate],
    ) -> Result<Vec<Relevance>> {
        let understood = query.understood();
        let mut groups = Groups::of(understood, self)?;
        let requirement = Requirement::of_level(query.units(), level);
        let required = requirement.terms.iter();
        let required: Vec<usize> = required
            .map(|term| groups.place(term, self))
            .collect::<Result<_>>()?;
        let terms = &groups.terms;
        let units = 0..understood.units.len();
        let importance: Vec<f32> = units.map(|unit| groups.importance(unit)).collect();
        let mut scores = vec![Relevance::default(); candidates.len()];
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_unstable_by_key(|place| {
            (candidates[*place].segment, candidates[*place].document)
        });
        // What no item has need not be looked at for each candidate.
        let is_held = |term: &usize| terms[*term].idf > 0.0;
        let held: Vec<usize> = (0..terms.len()).filter(is_held).collect();
        let counts = |group: &&Group| {
            group.most > 0.0 && (group.is_typed || group.required.iter().all(is_held))
        };
        let tells = |group: &&Group| {
            let whole = !group.words.is_empty() && group.words.iter().all(is_held);
            whole || group.telling.iter().any(is_held)
        };
        let all = groups.all.iter();
        let live: Vec<&Group> = all.filter(|group| counts(group) || tells(group)).collect();
        let mut of_document = vec![0.0; terms.len()];
        let mut of_titles = vec![false; terms.len()];
        let mut best_of_units = vec![UnitBest::default(); importance.len()];
        let by_segment = order.chunk_by(|a, b| candidates[*a].segment == candidates[*b].segment);
        for places in by_segment {
            let segment = candidates[places[0]].segment;
            let documents: Vec<DocId> = places
                .iter()
                .map(|place| candidates[*place].document)
                .collect();
            let (weights, titled) = self.term_weights(segment, terms, &held, &documents)?;
            let width = held.len().max(1);
            let rows = weights.chunks(width).zip(titled.chunks(width));
            for ((row, titled), place) in rows.zip(places) {
                for (column, term) in held.iter().enumerate() {
                    of_document[*term] = row[column];
                    of_titles[*term] = titled[column];
                }
                best_of_units.fill(UnitBest::default());
                scores[*place] = Relevance {
                    full_match: query.units().is_empty()
                        || requirement.is_met(|term| of_document[required[term]] > 0.0),
                    ..relevance(
                        &live,
                        groups.kind.as_ref(),
                        terms,
                        &importance,
                        (&of_document, &of_titles),
                        &mut best_of_units,
                    )
                };
            }
        }
        Ok(scores)
    }

    /// BM25F of each of the terms that are `held` (columns) in each document (rows, ascending), and whether a title has it.
    fn term_weights(
        &self,
        segment: u32,
        terms: &[TermFacts<'_>],
        held: &[usize],
        documents: &[DocId],
    ) -> Result<(Vec<f32>, Vec<bool>)> {
        let reader = self.searcher.segment_reader(segment);
        let mut weights = vec![0.0; held.len() * documents.len()];
        let mut titled = vec![false; weights.len()];
        for (field, field_weight) in [
            (self.fields.title, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
            let is_title = field == self.fields.title;
            let lengths = lengths(reader, field)?;
            let factors = self.length_factors(field)?;
            let shares: Vec<f32> = documents
                .iter()
                .map(|document| field_weight / factors.of(&lengths, *document))
                .collect();
            for (column, term) in held.iter().map(|term| terms[*term].term).enumerate() {
                let option = IndexRecordOption::WithFreqs;
                let Some(mut cursor) = PostingCursor::open(reader, field, term, option)? else {
                    continue;
                };
                frequencies(&mut cursor, documents, |row, frequency| {
                    let cell = row * held.len() + column;
                    weights[cell] += shares[row] * frequency as f32;
                    titled[cell] |= is_title;
                });
            }
        }
        for row in weights.chunks_mut(held.len().max(1)) {
            for (weight, term) in row.iter_mut().zip(held) {
                if *weight > 0.0 {
                    *weight = terms[*term].idf * *weight * (K1 + 1.0) / (K1 + *weight);
                }
            }
        }
        Ok((weights, titled))
    }
}

/// What an item has of a unit, by its best alternative.
#[derive(Debug, Clone, Copy, Default)]
struct UnitBest {
    /// Share of the unit's score.
    score: f32,
    /// Share of its worth.
    covered: f32,
    /// Share of its worth that titles have.
    titled: f32,
    /// Whether `covered` is by other than the typed word.
    is_rewritten: bool,
    /// Whether it has all of the typed word.
    is_exact: bool,
}

impl UnitBest {
    /// Takes another alternative in.
    fn take(&mut self, other: Self) {
        if other.covered > self.covered {
            self.covered = other.covered;
            self.is_rewritten = other.is_rewritten;
        }
        self.score = self.score.max(other.score);
        self.titled = self.titled.max(other.titled);
        self.is_exact |= other.is_exact;
    }

    fn rewritten(&self) -> f32 {
        if self.is_rewritten { self.covered } else { 0.0 }
    }
}

/// Calls `each` with the place among `documents` (ascending) and the frequency of those that hold the cursor's term.
fn frequencies(cursor: &mut PostingCursor, documents: &[DocId], mut each: impl FnMut(usize, u32)) {
    let Some(last) = documents.last() else {
        return;
    };
    if cursor.len() < documents.len() * READ_THROUGH_BELOW {
        let mut row = 0;
        cursor.each_before(last + 1, |document, frequency| {
            while documents[row] < document {
                row += 1;
            }
            if documents[row] == document {
                each(row, frequency);
            }
        });
        return;
    }
    for (row, document) in documents.iter().enumerate() {
        if cursor.seek(*document) == *document {
            each(row, cursor.frequency());
        }
    }
}

/// What a document's term weights come to, and which terms its titles have. `best` has a place for each unit, all empty.
fn relevance(
    groups: &[&Group],
    kind: Option<&Kind>,
    terms: &[TermFacts<'_>],
    importance: &[f32],
    (weights, of_titles): (&[f32], &[bool]),
    best: &mut [UnitBest],
) -> Relevance {
    let (mut across, mut in_order, mut grams) = (0.0, 0.0, 0.0);
    let mut of_kind = kind.map_or(0.0, |kind| weights[kind.head]);
    let mut has_near_words = false;
    for group in groups.iter().filter(|group| group.counts(weights)) {
        has_near_words |= group.is_near;
        let sum: f32 = group
            .terms
            .iter()
            .map(|(place, weight)| weights[*place] * weight)
            .sum();
        let (mut worth, mut titled) = (0.0, 0.0);
        for (place, weight) in &group.terms {
            if weights[*place] > 0.0 {
                let of_term = terms[*place].idf * weight;
                worth += of_term;
                titled += if of_titles[*place] { of_term } else { 0.0 };
            }
        }
        let Some(unit) = group.unit else {
            (across, in_order, grams) = (sum, worth, group.most);
            continue;
        };
        let factor = group.weight * group.standing(terms, weights) / group.most;
        best[unit].take(UnitBest {
            score: factor * sum,
            covered: factor * worth,
            titled: factor * titled,
            is_rewritten: !group.is_typed,
            is_exact: group.is_typed
                && !group.required.is_empty()
                && has_all(&group.required, weights),
        });
        // What is called by another word is of the kind too, though it ends in another character.
        if let Some(asked) = kind
            && asked.unit == unit
            && !group.is_typed
            && !group.is_near
            && has_all(&group.words, weights)
        {
            of_kind = of_kind.max(group.weight * terms[asked.head].idf);
        }
    }
    let all: f32 = importance.iter().sum();
    let of_units = |part: fn(&UnitBest) -> f32| -> f32 {
        let parts = best.iter().zip(importance);
        parts.map(|(best, worth)| part(best) * worth).sum()
    };
    let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
    let covered = of_units(|best| best.covered);
    let exact = of_units(|best| f32::from(u8::from(best.is_exact)));
    Relevance {
        score: across
            + kind.map_or(0.0, |asked| asked.weight * of_kind)
            + of_units(|best| best.score),
        coverage: share(covered, all),
        title_match: share(of_units(|best| best.titled), all),
        exactness: share(exact + in_order, all + grams),
        rewritten: share(of_units(UnitBest::rewritten), covered),
        has_near_words,
        has_words: has_words(groups, weights),
        full_match: false,
    }
}

fn has_words(groups: &[&Group], weights: &[f32]) -> bool {
    let has = |place: &usize| weights[*place] > 0.0;
    groups.iter().any(|group| {
        let whole = !group.words.is_empty() && has_all(&group.words, weights);
        whole || group.telling.iter().any(has)
    })
}
