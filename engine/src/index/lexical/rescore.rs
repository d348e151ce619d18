//! The dear phase: scores candidates by what the query means, which a flat union of terms cannot say.
//!
//! A unit (a word of the query) counts once, by its best alternative, so an item gains nothing from naming a thing by
//! many synonyms; and all alternatives of a unit weigh the same, however rare each is in this catalogue. Terms that
//! lie in no unit (grams across word boundaries) are added: they reward words in the typed order.

use rustc_hash::FxHashMap;
use sampan_analyzers::plan::{QueryTerm, Understood};
use tantivy::{
    DocId, DocSet as _, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    postings::{Postings as _, SegmentPostings},
    schema::{Field, IndexRecordOption},
};

use super::{LexicalCandidate, LexicalSnapshot, query::CONTEXT_WEIGHT};
use crate::base::error::{Result, SampanError};

/// BM25's saturation of repeated terms (Robertson and Zaragoza 2009).
const K1: f32 = 1.2;
/// BM25's normalisation by length; below the usual 0.75, since sellers pad titles with words that still say what it is.
const B: f32 = 0.6;

/// A group of terms that is scored together: an alternative of a unit, or the terms across units.
struct Group {
    /// Unit it belongs to; `None`: across units.
    unit: Option<usize>,
    /// Factor on the group's share of its unit.
    weight: f32,
    /// Index of each term in the list of distinct terms, and its weight.
    terms: Vec<(usize, f32)>,
    /// Most that the group's terms can add up to.
    most: f32,
    /// Index of each term that an item must have for the group to count. Of the typed words any part counts; of others
    /// a part is chance: `air` of `air conditioner` says nothing about 冷氣機.
    required: Vec<usize>,
}

/// How an item answers the query.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Relevance {
    /// 0 or more, not bounded.
    pub score: f32,
    /// Share of the query's worth that the item has, however often, 0 to 1.
    pub coverage: f32,
}

/// A distinct term of the query.
struct TermFacts {
    term: String,
    /// BM25's inverse document frequency; 0 when no item has it.
    idf: f32,
}

impl LexicalSnapshot {
    /// Scores candidates, in their order.
    pub fn rescore(
        &self,
        understood: &Understood,
        candidates: &[LexicalCandidate],
    ) -> Result<Vec<Relevance>> {
        let (terms, groups) = self.plan(understood)?;
        let units = understood.units.len();
        let importance: Vec<f32> = (0..units).map(|unit| importance(&groups, unit)).collect();
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
            let weights = self.term_weights(segment, &terms, &documents)?;
            for (row, place) in places.iter().enumerate() {
                let of_document = &weights[row * terms.len()..(row + 1) * terms.len()];
                scores[*place] = relevance(&terms, &groups, &importance, of_document);
            }
        }
        Ok(scores)
    }

    /// Distinct terms and how they group.
    fn plan<'u>(&self, understood: &'u Understood) -> Result<(Vec<TermFacts>, Vec<Group>)> {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        let mut terms: Vec<TermFacts> = Vec::new();
        let mut groups = Vec::new();
        let mut group = |unit,
                         weight,
                         of_group: &mut dyn Iterator<Item = &'u QueryTerm>,
                         required: &[String]|
         -> Result<()> {
            let mut indexed = Vec::new();
            for term in of_group {
                let place = match places.get(term.term.as_str()) {
                    Some(place) => *place,
                    None => {
                        places.insert(&term.term, terms.len());
                        let idf = self.idf(&term.term)?;
                        terms.push(TermFacts {
                            term: term.term.clone(),
                            idf,
                        });
                        terms.len() - 1
                    }
                };
                indexed.push((place, term.weight));
            }
            let most = indexed
                .iter()
                .map(|(place, weight)| terms[*place].idf * weight)
                .sum();
            groups.push(Group {
                unit,
                weight,
                required: indexed
                    .iter()
                    .map(|(place, _)| *place)
                    .filter(|place| required.contains(&terms[*place].term))
                    .collect(),
                terms: indexed,
                most,
            });
            Ok(())
        };
        let mut in_units: Vec<&str> = Vec::new();
        for (place, unit) in understood.units.iter().enumerate() {
            for alternative in &unit.alternatives {
                let required: &[String] = match alternative.edit {
                    Some(_) => &alternative.required,
                    None => &[],
                };
                group(
                    Some(place),
                    alternative.weight,
                    &mut alternative.terms.iter(),
                    required,
                )?;
            }
            let typed = unit
                .alternatives
                .first()
                .into_iter()
                .flat_map(|typed| &typed.terms);
            in_units.extend(typed.map(|term| term.term.as_str()));
        }
        let across = |term: &&QueryTerm| !in_units.contains(&term.term.as_str());
        group(None, 1.0, &mut understood.typed.iter().filter(across), &[])?;
        Ok((terms, groups))
    }

    fn idf(&self, term: &str) -> Result<f32> {
        let frequency = |field| {
            let term = Term::from_field_text(field, term);
            self.searcher.doc_freq(&term).map_err(SampanError::internal)
        };
        let having = frequency(self.fields.title)?.max(frequency(self.fields.context)?) as f32;
        if having == 0.0 {
            return Ok(0.0);
        }
        let all = self.searcher.num_docs() as f32;
        Ok((1.0 + (all - having).max(0.0) / (having + 0.5) + 0.5 / (having + 0.5)).ln())
    }

    /// BM25F of each term (columns) in each document (rows, ascending).
    fn term_weights(
        &self,
        segment: u32,
        terms: &[TermFacts],
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
                let Some(mut postings) = postings(reader, field, &term.term)? else {
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

/// What a full match of a unit is worth: its typed alternative's worth, or, when the catalogue does not know that one,
/// the least of the others'.
fn importance(groups: &[Group], unit: usize) -> f32 {
    let mut of_unit = groups
        .iter()
        .filter(|group| group.unit == Some(unit))
        .map(|group| group.most);
    let typed = of_unit.next().unwrap_or(0.0);
    if typed > 0.0 {
        return typed;
    }
    of_unit
        .filter(|most| *most > 0.0)
        .min_by(f32::total_cmp)
        .unwrap_or(0.0)
}

/// What a document's term weights come to.
fn relevance(
    terms: &[TermFacts],
    groups: &[Group],
    importance: &[f32],
    weights: &[f32],
) -> Relevance {
    let mut best = vec![(0.0f32, 0.0f32); importance.len()];
    let mut across = 0.0;
    let counts = |group: &&Group| {
        group.most > 0.0 && group.required.iter().all(|place| weights[*place] > 0.0)
    };
    for group in groups.iter().filter(counts) {
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
        *share = share.max(group.weight * sum / group.most);
        *covered = covered.max(group.weight * worth / group.most);
    }
    let of_units = || best.iter().zip(importance);
    let all: f32 = importance.iter().sum();
    let covered: f32 = of_units()
        .map(|((_, covered), worth)| covered * worth)
        .sum();
    Relevance {
        score: across
            + of_units()
                .map(|((share, _), worth)| share * worth)
                .sum::<f32>(),
        coverage: if all > 0.0 { covered / all } else { 0.0 },
    }
}
