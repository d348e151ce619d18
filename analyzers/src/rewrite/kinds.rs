//! Which things are kinds of a broader thing: a query for the broad one (飲品) also finds what is named only by the
//! narrow one (可樂). Format: `dictionaries/common/kinds/README.md`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::DictionaryError;
use crate::plan::QueryTerm;
use crate::rewrite::CONCEPT_KIND;
use crate::rewrite::concepts::{ConceptLexicon, Direction};
use crate::table::{Row, Table};
use crate::tokens::chain::Chain;
use crate::understand::alternatives::{Alternatives, Proposal};
use crate::understand::terms::{required_terms, terms_among};

pub const FOLDER: &str = "common/kinds";
/// A kind of a kind counts by the product of both weights; below this it is left out.
const WEIGHT_MIN: f32 = 0.2;
/// Factor on a match by a kind, so that what is named by the typed word comes first.
const KIND_FACTOR: f32 = 0.6;

/// A word of a narrower thing, ready to be matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Canonical text.
    pub text: String,
    /// How surely it is what the broad word asks for, 0.2 to 1.
    pub weight: f32,
    /// Whose word it is; empty for a word that is no concept's.
    pub vocabulary: String,
    terms: Vec<QueryTerm>,
    required: Vec<String>,
}

/// Concept → the words of all that is a kind of it, heaviest first.
#[derive(Default)]
pub struct Kinds {
    by_concept: FxHashMap<String, Vec<Kind>>,
}

impl Kinds {
    /// The words of a concept's kinds and of their kinds.
    pub fn of(&self, concept: &str) -> &[Kind] {
        self.by_concept.get(concept).map_or(&[], Vec::as_slice)
    }

    /// Puts the words of a concept's kinds beside the typed one.
    pub fn add(&self, concept: &str, weight: f32, alternatives: &mut Alternatives<'_>) {
        for kind in self.of(concept).iter() {
            alternatives.add_kind(Proposal {
                rule: CONCEPT_KIND,
                text: kind.text.clone(),
                terms: kind.terms.clone(),
                required: kind.required.clone(),
                weight: weight * kind.weight * KIND_FACTOR,
                region: kind.vocabulary.clone(),
            });
        }
    }
}

/// One thing that a row puts under a broad one.
struct Narrow<'f> {
    /// A concept's id, or a word as titles have it.
    name: &'f str,
    is_concept: bool,
    weight: f32,
}

/// All rows, before they are followed.
#[derive(Default)]
pub struct KindTables<'f> {
    narrow: FxHashMap<&'f str, Vec<Narrow<'f>>>,
    /// Broad concepts in the order they come, each with where it is stated first.
    broad: Vec<(&'f str, DictionaryError)>,
}

impl<'f> KindTables<'f> {
    /// Columns `broad` (a concept's id), `narrow` (ids, or words that no concept has, separated by `|`), `weight`,
    /// `source`, `note`.
    pub fn add_table(
        &mut self,
        file: &'f str,
        text: &'f str,
        concepts: &ConceptLexicon,
    ) -> Result<(), DictionaryError> {
        let table = Table::parse(file, text, &["broad", "narrow", "weight", "source"])?;
        for row in table.rows() {
            self.add_row(&row, concepts)?;
        }
        Ok(())
    }

    fn add_row(
        &mut self,
        row: &Row<'_, 'f>,
        concepts: &ConceptLexicon,
    ) -> Result<(), DictionaryError> {
        let broad = row.required("broad")?;
        if concepts.get(broad).is_none() {
            return Err(row.error("broad", &format!("{broad:?} is the id of no concept")));
        }
        row.required("source")?;
        row.required("narrow")?;
        let weight = row.weight("weight", 1.0)?;
        if !self.narrow.contains_key(broad) {
            let cycle = format!("{broad:?} is a kind of itself");
            self.broad.push((broad, row.error("narrow", &cycle)));
        }
        let known = self.narrow.entry(broad).or_default();
        for name in row.list("narrow") {
            let is_concept = concepts.get(name).is_some();
            if !is_concept && name.is_ascii() {
                let reason = format!("{name:?} is the id of no concept");
                return Err(row.error("narrow", &reason));
            }
            if known.iter().any(|narrow| narrow.name == name) {
                let reason = format!("{name:?} stands under {broad:?} already");
                return Err(row.error("narrow", &reason));
            }
            known.push(Narrow {
                name,
                is_concept,
                weight,
            });
        }
        Ok(())
    }

    /// Follows kinds of kinds. Fails when a thing is a kind of itself.
    pub fn follow(
        &self,
        concepts: &ConceptLexicon,
        chain: &Chain,
    ) -> Result<Kinds, DictionaryError> {
        let mut kinds = Kinds::default();
        for (broad, cycle) in &self.broad {
            let mut reached = Vec::new();
            let mut path = vec![*broad];
            if self.reach(broad, 1.0, &mut path, &mut reached) {
                return Err(cycle.clone());
            }
            reached.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            let words = words(&reached, concepts, chain);
            kinds.by_concept.insert((*broad).to_owned(), words);
        }
        Ok(kinds)
    }

    /// Collects everything below, and tells whether the path came back on itself.
    fn reach(
        &self,
        broad: &'f str,
        weight: f32,
        path: &mut Vec<&'f str>,
        reached: &mut Vec<Narrow<'f>>,
    ) -> bool {
        for narrow in self.narrow.get(broad).into_iter().flatten() {
            if path.contains(&narrow.name) {
                return true;
            }
            let weight = weight * narrow.weight;
            if weight < WEIGHT_MIN {
                continue;
            }
            reached.push(Narrow { weight, ..*narrow });
            path.push(narrow.name);
            let is_cycle = self.reach(narrow.name, weight, path, reached);
            path.pop();
            if is_cycle {
                return true;
            }
        }
        false
    }
}

/// The words of things, each once. First one word of every thing, then their other words: a long list loses synonyms
/// before it loses things.
fn words(reached: &[Narrow<'_>], concepts: &ConceptLexicon, chain: &Chain) -> Vec<Kind> {
    let mut things: FxHashSet<&str> = FxHashSet::default();
    let mut seen: FxHashSet<Vec<String>> = FxHashSet::default();
    let mut ranked: Vec<(usize, Kind)> = Vec::new();
    for narrow in reached.iter().filter(|narrow| things.insert(narrow.name)) {
        let mut add = |rank: usize, text: &str, vocabulary: &str, weight: f32| {
            let analysis = chain.analyse(text);
            let required = required_terms(chain, &analysis, 0..analysis.length());
            if required.is_empty() || !seen.insert(required.clone()) {
                return;
            }
            let kind = Kind {
                text: analysis.canonical(0..analysis.length()).to_owned(),
                weight,
                vocabulary: vocabulary.to_owned(),
                terms: terms_among(chain, &analysis, &required, weight * KIND_FACTOR),
                required,
            };
            ranked.push((rank, kind));
        };
        let concept = concepts.get(narrow.name).filter(|_| narrow.is_concept);
        let Some(concept) = concept else {
            add(0, narrow.name, "", narrow.weight);
            continue;
        };
        let targets = concept.terms.iter();
        let mut targets: Vec<_> = targets
            .filter(|term| term.direction != Direction::OnlyUnderstood)
            .collect();
        targets.sort_by_key(|term| term.vocabulary == "en");
        for (rank, term) in targets.into_iter().enumerate() {
            let weight = narrow.weight * concept.weight;
            add(rank, &term.canonical, &term.vocabulary, weight);
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, kind)| kind).collect()
}
