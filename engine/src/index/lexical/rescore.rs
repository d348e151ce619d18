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
        let mut best_of_units = vec![(0.0, 0.0); importance.len()];
        let by_segment = order.chunk_by(|a, b| candidates[*a].segment == candidates[*b].segment);
        for places in by_segment {
            let segment = candidates[places[0]].segment;
            let documents: Vec<DocId> = places
                .iter()
                .map(|place| candidates[*place].document)
                .collect();
            let weights = self.term_weights(segment, terms, &held, &documents)?;
            for (row, place) in weights.chunks(held.len().max(1)).zip(places) {
                for (term, weight) in held.iter().zip(row) {
                    of_document[*term] = *weight;
                }
                best_of_units.fill((0.0, 0.0));
                scores[*place] = Relevance {
                    full_match: query.units().is_empty()
                        || requirement.is_met(|term| of_document[required[term]] > 0.0),
                    ..relevance(
                        &live,
                        groups.kind.as_ref(),
                        terms,
                        &importance,
                        &of_document,
                        &mut best_of_units,
                    )
                };
            }
        }
        Ok(scores)
    }

    /// BM25F of each of the terms that are `held` (columns) in each document (rows, ascending).
    fn term_weights(
        &self,
        segment: u32,
        terms: &[TermFacts<'_>],
        held: &[usize],
        documents: &[DocId],
    ) -> Result<Vec<f32>> {
        let reader = self.searcher.segment_reader(segment);
        let mut weights = vec![0.0; held.len() * documents.len()];
        for (field, field_weight) in [
            (self.fields.title, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
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
                    weights[row * held.len() + column] += shares[row] * frequency as f32;
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
        Ok(weights)
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

/// What a document's term weights come to. `best` has a place for each unit, all 0.
fn relevance(
    groups: &[&Group],
    kind: Option<&Kind>,
    terms: &[TermFacts<'_>],
    importance: &[f32],
    weights: &[f32],
    best: &mut [(f32, f32)],
) -> Relevance {
    let mut across = 0.0;
    let mut of_kind = kind.map_or(0.0, |kind| weights[kind.head]);
    let mut has_near_words = false;
    for group in groups.iter().filter(|group| group.counts(weights)) {
        has_near_words |= group.is_near;
        let sum: f32 = group
            .terms
            .iter()
            .map(|(place, weight)| weights[*place] * weight)
            .sum();
        let Some(unit) = group.unit else {
            across += sum;
            continue;
        };
        let had = group
            .terms
            .iter()
            .filter(|(place, _)| weights[*place] > 0.0);
        let worth: f32 = had.map(|(place, weight)| terms[*place].idf * weight).sum();
        let (share, covered) = &mut best[unit];
        let factor = group.weight * group.standing(terms, weights) / group.most;
        *share = share.max(factor * sum);
        *covered = covered.max(factor * worth);
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
    let of_units = || best.iter().zip(importance);
    let all: f32 = importance.iter().sum();
    let covered: f32 = of_units()
        .map(|((_, covered), worth)| covered * worth)
        .sum();
    Relevance {
        score: across
            + kind.map_or(0.0, |asked| asked.weight * of_kind)
            + of_units()
                .map(|((share, _), worth)| share * worth)
                .sum::<f32>(),
        coverage: if all > 0.0 { covered / all } else { 0.0 },
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
