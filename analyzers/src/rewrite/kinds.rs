//! Which things are kinds of a broader thing: a query for the broad one (飲品) also finds what is named only by the
//! narrow one (可樂). Format: `dictionaries/common/kinds/README.md`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::DictionaryError;
use crate::plan::QueryTerm;
use crate::rewrite::CONCEPT_KIND;
use crate::rewrite::concepts::{ConceptLexicon, Direction};
use crate::table::{Row, Table};
use crate::tokens::chain::Chain;
use crate::understand::alternatives::{Alternatives, MAX_KINDS, Proposal};
use crate::understand::terms::{Required, required_terms, terms_among};

pub const FOLDER: &str = "common/kinds";
/// A kind of a kind counts by the product of both weights; below this it is left out.
const WEIGHT_MIN: f32 = 0.2;
/// Factor on a match by a kind, so that what is named by the typed word comes first.
const KIND_FACTOR: f32 = 0.75;

/// A word of a narrower thing, ready to be matched; kept once, however many broad things it stands under.
#[derive(Debug, Clone, PartialEq)]
pub struct KindWord {
    /// Canonical text.
    pub text: String,
    /// Whose word it is; empty for a word that is no concept's.
    pub vocabulary: String,
    terms: Vec<QueryTerm>,
    /// A guess: it is only looked for where it stands as words.
    required: Required,
}

/// Concept → the words of all that is a kind of it, surest first.
#[derive(Default)]
pub struct Kinds {
    words: Vec<KindWord>,
    /// Those that are no concept's.
    names: FxHashSet<String>,
    /// Numbers of words, each with how surely it is what the broad word asks for, [`WEIGHT_MIN`] to 1.
    by_concept: FxHashMap<String, Vec<(u32, f32)>>,
}

impl Kinds {
    /// The words of a concept's kinds and of their kinds, with their weights.
    pub fn of(&self, concept: &str) -> impl Iterator<Item = (&KindWord, f32)> {
        let words = self.by_concept.get(concept).into_iter().flatten();
        words.map(|&(word, weight)| (&self.words[word as usize], weight))
    }

    /// Whether a table names a thing so that no concept does: 微波爐, which is called so everywhere.
    pub fn names(&self, canonical: &str) -> bool {
        self.names.contains(canonical)
    }

    /// Puts the words of a concept's kinds beside the typed one. `sense`: how likely the concept is meant, 0 to 1.
    pub fn add(&self, concept: &str, sense: f32, alternatives: &mut Alternatives<'_>) {
        for (word, weight) in self.of(concept) {
            let weight = sense * weight * KIND_FACTOR;
            let terms = word.terms.iter().map(|term| QueryTerm {
                weight: term.weight * weight,
                ..term.clone()
            });
            alternatives.add_kind(Proposal {
                rule: CONCEPT_KIND,
                text: word.text.clone(),
                terms: terms.collect(),
                required: Required {
                    terms: word.required.words.clone(),
                    words: word.required.words.clone(),
                },
                weight,
                region: word.vocabulary.clone(),
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
            if !is_concept && looks_like_id(name) {
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
        let mut words = Words::new(concepts, chain);
        let mut by_concept = FxHashMap::default();
        for (broad, cycle) in &self.broad {
            let mut reached = Vec::new();
            let mut path = vec![*broad];
            if self.reach(broad, 1.0, &mut path, &mut reached) {
                return Err(cycle.clone());
            }
            reached.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            by_concept.insert((*broad).to_owned(), words.below(broad, &reached));
        }
        let is_name = |word: &&KindWord| word.vocabulary.is_empty();
        let names = words.all.iter().filter(is_name);
        Ok(Kinds {
            names: names.map(|word| word.text.clone()).collect(),
            words: words.all,
            by_concept,
        })
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

/// The words of things, analysed when they are first met.
struct Words<'a, 'f> {
    concepts: &'a ConceptLexicon,
    chain: &'a Chain,
    all: Vec<KindWord>,
    /// Thing → numbers of its words, those of Chinese first, each with its concept's weight.
    by_thing: FxHashMap<&'f str, Vec<(u32, f32)>>,
    by_required: FxHashMap<Vec<String>, u32>,
}

impl<'a, 'f> Words<'a, 'f> {
    fn new(concepts: &'a ConceptLexicon, chain: &'a Chain) -> Self {
        Self {
            concepts,
            chain,
            all: Vec::new(),
            by_thing: FxHashMap::default(),
            by_required: FxHashMap::default(),
        }
    }

    /// The words of the things below a broad one: at most [`MAX_KINDS`], each once, none that holds a word of the broad
    /// thing itself (雙門雪櫃 is found by 雪櫃). First one word of every thing, then their other words: a long list loses
    /// synonyms before it loses things.
    fn below(&mut self, broad: &'f str, things: &[Narrow<'f>]) -> Vec<(u32, f32)> {
        let broad = Narrow {
            name: broad,
            is_concept: true,
            weight: 1.0,
        };
        let own: Vec<u32> = self.of_thing(&broad).iter().map(|own| own.0).collect();
        let mut met: FxHashSet<&str> = FxHashSet::default();
        let mut ranked: Vec<(usize, u32, f32)> = Vec::new();
        for thing in things.iter().filter(|thing| met.insert(thing.name)) {
            let words = self.of_thing(thing).iter().enumerate();
            ranked.extend(words.map(|(rank, (word, weight))| (rank, *word, weight * thing.weight)));
        }
        ranked.sort_by_key(|(rank, ..)| *rank);
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        ranked.retain(|(_, word, _)| seen.insert(*word) && !self.holds_one_of(*word, &own));
        ranked.truncate(MAX_KINDS);
        ranked
            .into_iter()
            .map(|(_, word, weight)| (word, weight))
            .collect()
    }

    /// Whether whatever has the word also has one of the others.
    fn holds_one_of(&self, word: u32, others: &[u32]) -> bool {
        let required = |word: u32| &self.all[word as usize].required.terms;
        let held = |other: &u32| {
            required(*other)
                .iter()
                .all(|term| required(word).contains(term))
        };
        others.iter().any(held)
    }

    fn of_thing(&mut self, thing: &Narrow<'f>) -> &[(u32, f32)] {
        if !self.by_thing.contains_key(thing.name) {
            let words = self.read(thing);
            self.by_thing.insert(thing.name, words);
        }
        &self.by_thing[thing.name]
    }

    fn read(&mut self, thing: &Narrow<'f>) -> Vec<(u32, f32)> {
        let concepts = self.concepts;
        let concept = concepts.get(thing.name).filter(|_| thing.is_concept);
        let Some(concept) = concept else {
            return self.word(thing.name, "", 1.0).into_iter().collect();
        };
        let targets = concept.terms.iter();
        let mut targets: Vec<_> = targets
            .filter(|term| term.direction != Direction::OnlyUnderstood)
            .collect();
        targets.sort_by_key(|term| term.vocabulary == "en");
        let words = targets.into_iter();
        words
            .filter_map(|term| self.word(&term.canonical, &term.vocabulary, concept.weight))
            .collect()
    }

    fn word(&mut self, text: &str, vocabulary: &str, weight: f32) -> Option<(u32, f32)> {
        let analysis = self.chain.analyse(text);
        let required = required_terms(self.chain, &analysis, 0..analysis.length());
        if required.terms.is_empty() {
            return None;
        }
        if let Some(known) = self.by_required.get(&required.terms) {
            return Some((*known, weight));
        }
        let number = self.all.len() as u32;
        self.all.push(KindWord {
            text: analysis.canonical(0..analysis.length()).to_owned(),
            vocabulary: vocabulary.to_owned(),
            terms: terms_among(self.chain, &analysis, &required.words),
            required: required.clone(),
        });
        self.by_required.insert(required.terms, number);
        Some((number, weight))
    }
}

/// What each row says, broad thing and narrow, for the lexicon: it must be whole before kinds can be followed.
pub fn raw_pairs<'f>(
    file: &'f str,
    text: &'f str,
) -> Result<Vec<(&'f str, &'f str)>, DictionaryError> {
    let table = Table::parse(file, text, &["broad", "narrow"])?;
    let pairs = |row: Row<'_, 'f>| {
        let broad = row.get("broad");
        row.list("narrow")
            .map(move |narrow| (broad, narrow))
            .collect::<Vec<_>>()
    };
    Ok(table.rows().flat_map(pairs).collect())
}

/// Ids are lower-case ASCII; a Latin word among the narrow ones is written with a capital.
pub fn looks_like_id(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
