//! The dear phase: scores candidates by what the query means, which a flat union of terms cannot say.
//!
//! A unit (a word of the query) counts once, by its best alternative, so an item gains nothing from naming a thing by
//! many synonyms; and all alternatives of a unit weigh the same, however rare each is in this catalogue. Terms that
//! lie in no unit (grams across word boundaries) are added: they reward words in the typed order.

use sampan_analyzers::plan::Understood;
use tantivy::{
    DocId, DocSet as _, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings},
    schema::{Field, IndexRecordOption},
};

use super::{
    LexicalCandidate, LexicalSnapshot,
    groups::{Group, Groups, TermFacts, has_all},
    query::CONTEXT_WEIGHT,
};
use crate::base::error::{Result, SampanError};

/// BM25's saturation of repeated terms (Robertson and Zaragoza 2009).
const K1: f32 = 1.2;
/// BM25's normalisation by length; below the usual 0.75, since sellers pad titles with words that still say what it is.
const B: f32 = 0.6;

/// How an item answers the query.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Relevance {
    /// 0 or more, not bounded.
    pub score: f32,
    /// Share of the query's worth that the item has, however often, 0 to 1.
    pub coverage: f32,
    /// Whether it has a word of the query, a part of one, or is a thing of its kind; else characters that they share
    /// brought it, by chance.
    pub has_words: bool,
}

impl LexicalSnapshot {
    /// Scores candidates, in their order.
    pub fn rescore(
        &self,
        understood: &Understood,
        candidates: &[LexicalCandidate],
    ) -> Result<Vec<Relevance>> {
        let groups = Groups::of(understood, self)?;
        let terms = &groups.terms;
        let units = 0..understood.units.len();
        let importance: Vec<f32> = units.map(|unit| groups.importance(unit)).collect();
        let mut scores = vec![Relevance::default(); candidates.len()];
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_unstable_by_key(|place| {
            (candidates[*place].segment, candidates[*place].document)
        });
        let by_segment = order.chunk_by(|a, b| candidates[*a].segment == candidates[*b].segment);
        for places in by_segment {
            let segment = candidates[places[0]].segment;
            let documents: Vec<DocId> = places
                .iter()
                .map(|place| candidates[*place].document)
                .collect();
            let weights = self.term_weights(segment, terms, &documents)?;
            for (row, place) in places.iter().enumerate() {
                let of_document = &weights[row * terms.len()..(row + 1) * terms.len()];
                scores[*place] = relevance(&groups, &importance, of_document);
            }
        }
        Ok(scores)
    }

    /// BM25F of each term (columns) in each document (rows, ascending).
    fn term_weights(
        &self,
        segment: u32,
        terms: &[TermFacts<'_>],
        documents: &[DocId],
    ) -> Result<Vec<f32>> {
        let reader = self.searcher.segment_reader(segment);
        let mut weights = vec![0.0; terms.len() * documents.len()];
        for (field, field_weight) in [
            (self.fields.title, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
            let lengths = reader
                .get_fieldnorms_reader(field)
                .map_err(SampanError::internal)?;
            let mean = self.mean_length(field)?;
            for (column, term) in terms.iter().enumerate().filter(|(_, term)| term.idf > 0.0) {
                let Some(mut postings) = postings(reader, field, term.term)? else {
                    continue;
                };
                for (row, document) in documents.iter().enumerate() {
                    if postings.doc() < *document {
                        postings.seek(*document);
                    }
                    if postings.doc() == *document {
                        let frequency = field_weight * postings.term_freq() as f32;
                        let share = frequency / (1.0 - B + B * length(&lengths, *document) / mean);
                        weights[row * terms.len() + column] += share;
                    }
                }
            }
        }
        for row in weights.chunks_mut(terms.len().max(1)) {
            for (weight, term) in row.iter_mut().zip(terms) {
                *weight = term.idf * *weight * (K1 + 1.0) / (K1 + *weight);
            }
        }
        Ok(weights)
    }

    /// Tokens a document has in a field, on average.
    fn mean_length(&self, field: Field) -> Result<f32> {
        let mut tokens = 0;
        for reader in self.searcher.segment_readers() {
            let index = reader
                .inverted_index(field)
                .map_err(SampanError::internal)?;
            tokens += index.total_num_tokens();
        }
        Ok((tokens as f32 / self.searcher.num_docs().max(1) as f32).max(1.0))
    }
}

fn length(lengths: &FieldNormReader, document: DocId) -> f32 {
    lengths.fieldnorm(document) as f32
}

fn postings(reader: &SegmentReader, field: Field, term: &str) -> Result<Option<SegmentPostings>> {
    reader
        .inverted_index(field)
        .map_err(SampanError::internal)?
        .read_postings(
            &Term::from_field_text(field, term),
            IndexRecordOption::WithFreqs,
        )
        .map_err(SampanError::internal)
}

/// What a document's term weights come to.
fn relevance(groups: &Groups<'_>, importance: &[f32], weights: &[f32]) -> Relevance {
    let mut best = vec![(0.0f32, 0.0f32); importance.len()];
    let mut across = 0.0;
    let mut kind = groups.kind.as_ref().map_or(0.0, |kind| weights[kind.head]);
    for group in groups.all.iter().filter(|group| group.counts(weights)) {
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
        let worth: f32 = had
            .map(|(place, weight)| groups.terms[*place].idf * weight)
            .sum();
        let (share, covered) = &mut best[unit];
        let factor = group.weight * group.standing(&groups.terms, weights) / group.most;
        *share = share.max(factor * sum);
        *covered = covered.max(factor * worth);
        // What is called by another word is of the kind too, though it ends in another character.
        if let Some(asked) = &groups.kind
            && asked.unit == unit
            && !group.is_typed
            && has_all(&group.words, weights)
        {
            kind = kind.max(group.weight * groups.terms[asked.head].idf);
        }
    }
    let of_units = || best.iter().zip(importance);
    let all: f32 = importance.iter().sum();
    let covered: f32 = of_units()
        .map(|((_, covered), worth)| covered * worth)
        .sum();
    Relevance {
        score: across
            + groups
                .kind
                .as_ref()
                .map_or(0.0, |asked| asked.weight * kind)
            + of_units()
                .map(|((share, _), worth)| share * worth)
                .sum::<f32>(),
        coverage: if all > 0.0 { covered / all } else { 0.0 },
        has_words: has_words(&groups.all, weights),
    }
}

fn has_words(groups: &[Group], weights: &[f32]) -> bool {
    let has = |place: &usize| weights[*place] > 0.0;
    groups.iter().any(|group| {
        let whole = !group.words.is_empty() && has_all(&group.words, weights);
        whole || group.telling.iter().any(has)
    })
}
