//! Other regions' words for the same thing, from the concept lexicon and from `dictionaries/<region>/terms.tsv`.

use rustc_hash::FxHashMap;

use crate::dictionary::RegionChain;
use crate::error::DictionaryError;
use crate::rewrite::REGION_TERM;
use crate::rewrite::concepts::{Concept, ConceptLexicon, ConceptTerm, Direction, Found, term_key};
use crate::rewrite::kinds::Kinds;
use crate::table::Table;
use crate::tokens::chain::Chain;
use crate::understand::alternatives::{Alternatives, Proposal};
use crate::understand::prepared::PreparedWords;
use crate::understand::terms::{head_term, terms_of_name};

pub const FILE: &str = "terms.tsv";

/// Factor on other words for the thing: what is called as the shopper calls it comes first.
const OTHER_WORD_FACTOR: f32 = 0.9;

/// Factor, beside that, on words that stand behind the first of their vocabulary in the lexicon: they are less usual, or
/// less exact.
const SECOND_WORD_FACTOR: f32 = 0.87;

/// The same for words that are made of what their parts are called there: nobody may call it so.
const COMPOUND_FACTOR: f32 = 0.75;

/// The same for words of one character, which stand in many a name of something else: 碟 in 光碟.
const CHARACTER_FACTOR: f32 = 0.7;

/// Factor on each sense of a word that has several.
const SENSE_WEIGHT: f32 = 0.7;

/// What a region's shoppers mean by a term.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// Canonical text.
    pub canonical: String,
    pub weight: f32,
}

/// Key → what it means.
#[derive(Default)]
pub struct RegionTerms {
    meanings: FxHashMap<String, Vec<Meaning>>,
    longest_term: usize,
}

impl RegionTerms {
    /// Columns `term`, `means` (alternatives separated by `|`), `weight`, `source`, `note`.
    pub fn parse(
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<Self, DictionaryError> {
        let mut terms = Self::default();
        for row in Table::parse(file, text, &["term", "means", "weight", "source"])?.rows() {
            let term = term_key(&canonical(row.required("term")?));
            let weight = row.weight("weight", 1.0)?;
            row.required("means")?;
            row.required("source")?;
            terms.longest_term = terms.longest_term.max(term.chars().count());
            let meanings = terms.meanings.entry(term).or_default();
            for means in row.list("means") {
                meanings.push(Meaning {
                    canonical: canonical(means),
                    weight,
                });
            }
        }
        Ok(terms)
    }

    fn get(&self, key: &str) -> &[Meaning] {
        self.meanings.get(key).map_or(&[], Vec::as_slice)
    }

    /// Terms as written, for the lexicon.
    pub fn raw_terms<'f>(file: &'f str, text: &'f str) -> Result<Vec<&'f str>, DictionaryError> {
        let table = Table::parse(file, text, &["term", "means"])?;
        Ok(table
            .rows()
            .flat_map(|row| row.list("means").chain([row.get("term")]))
            .collect())
    }
}

/// Another word for what was typed.
struct OtherWord<'c> {
    term: &'c ConceptTerm,
    place: WordPlace,
    weight: f32,
}

/// Where a word stands in its vocabulary; in the order in which they are added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum WordPlace {
    First,
    Second,
    Later,
    /// Made of what the parts are called there: in the room that the listed words leave.
    Compound,
}

/// What a region's shoppers mean by their words.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    pub chain: &'a Chain,
    pub concepts: &'a ConceptLexicon,
    pub kinds: &'a Kinds,
    pub prepared: &'a PreparedWords,
    pub region: &'a RegionChain,
    pub region_code: &'a str,
}

impl Vocabulary<'_> {
    /// Characters of the longest term that could be understood.
    pub fn longest_term(&self) -> usize {
        self.concepts
            .longest_term()
            .max(self.region.terms.longest_term)
    }

    pub fn understands(&self, canonical: &str) -> bool {
        let key = term_key(canonical);
        !self.region.terms.get(&key).is_empty() || !self.meanings(&key).is_empty()
    }

    /// Whether a term is the usual name of a thing, and not only understood as it.
    pub fn names(&self, canonical: &str) -> bool {
        let mut found = self.meanings(&term_key(canonical)).into_iter();
        found.any(|found| found.term.direction == Direction::Both)
    }

    /// Whether all that a term means is sold, or said, in a category: the beginning of its path.
    pub fn is_in(&self, canonical: &str, category: &str) -> bool {
        let mut found = self.meanings(&term_key(canonical)).into_iter().peekable();
        found.peek().is_some() && found.all(|found| found.concept.category.starts_with(category))
    }

    fn meanings(&self, key: &str) -> Vec<Found<'_>> {
        self.concepts
            .understand(key, &self.region.region.vocabulary)
    }

    /// Adds what the term is called elsewhere, first words before second ones, the shopper's own vocabulary before
    /// others, English last. `factor`: how sure it is that the term was meant, 0 to 1.
    pub fn add_terms(&self, canonical: &str, factor: f32, alternatives: &mut Alternatives<'_>) {
        let key = term_key(canonical);
        for meaning in self.region.terms.get(&key) {
            self.add(
                &meaning.canonical,
                meaning.weight * factor,
                self.region_code,
                alternatives,
            );
        }
        let found = self.meanings(&key);
        let sense = if found.len() > 1 { SENSE_WEIGHT } else { 1.0 };
        let mut others: Vec<OtherWord<'_>> = Vec::new();
        for meaning in &found {
            let weight = meaning.concept.weight * sense * factor * OTHER_WORD_FACTOR;
            others.extend(self.words_of(meaning.concept, weight));
        }
        // There is room for few: what each vocabulary calls it first comes before what it is called there too.
        others.sort_by_key(|other| (other.place, self.distance(&other.term.vocabulary)));
        for other in others {
            let term = other.term;
            self.add(
                &term.canonical,
                other.weight,
                &term.vocabulary,
                alternatives,
            );
        }
    }

    fn words_of<'s>(
        &'s self,
        concept: &'s Concept,
        weight: f32,
    ) -> impl Iterator<Item = OtherWord<'s>> {
        let by_vocabulary = concept.terms.chunk_by(|a, b| a.vocabulary == b.vocabulary);
        let listed = by_vocabulary.flat_map(|terms| terms.iter().enumerate());
        let listed = listed.filter(|(_, term)| term.direction != Direction::OnlyUnderstood);
        let is_first = |term: &ConceptTerm| {
            let firsts = concept.terms.chunk_by(|a, b| a.vocabulary == b.vocabulary);
            let mut firsts = firsts.filter_map(<[_]>::first);
            firsts.any(|first| first.canonical == term.canonical)
        };
        let listed = listed.map(move |(at, term)| match (at, is_first(term)) {
            (0, _) | (_, true) => (term, WordPlace::First, 1.0),
            (1, _) => (term, WordPlace::Second, SECOND_WORD_FACTOR),
            _ => (term, WordPlace::Later, SECOND_WORD_FACTOR),
        });
        let made = self.concepts.compounds_of(concept).iter();
        let made = made.map(|term| (term, WordPlace::Compound, COMPOUND_FACTOR));
        listed.chain(made).map(move |(term, place, factor)| {
            let is_character = term.canonical.chars().nth(1).is_none();
            let of_length = if is_character { CHARACTER_FACTOR } else { 1.0 };
            OtherWord {
                term,
                place,
                weight: weight * factor * of_length,
            }
        })
    }

    /// Adds what is a kind of what the term means; after all other alternatives.
    pub fn add_kinds(&self, canonical: &str, alternatives: &mut Alternatives<'_>) {
        let found = self.meanings(&term_key(canonical));
        let sense = if found.len() > 1 { SENSE_WEIGHT } else { 1.0 };
        for meaning in found {
            self.kinds.add(&meaning.concept.id, sense, alternatives);
        }
    }

    /// How far a vocabulary is from the shopper's.
    fn distance(&self, vocabulary: &str) -> usize {
        let own = &self.region.region.vocabulary;
        match own.iter().position(|name| name == vocabulary) {
            Some(at) => at,
            None if vocabulary == "en" => own.len() + 1,
            None => own.len(),
        }
    }

    fn add(
        &self,
        canonical: &str,
        weight: f32,
        vocabulary: &str,
        alternatives: &mut Alternatives<'_>,
    ) {
        if !alternatives.wants(canonical) {
            return;
        }
        let word = self.prepared.of(canonical, self.chain);
        let mut required = word.required.clone();
        // A name of one character is a word where a name ends in it: 湯碟, and not 光碟機.
        if canonical.chars().nth(1).is_none()
            && let Some(head) = head_term(canonical)
        {
            required.words = vec![head];
        }
        alternatives.add(Proposal {
            rule: REGION_TERM,
            text: canonical.to_owned(),
            terms: terms_of_name(&word.terms, weight),
            required,
            weight,
            region: vocabulary.to_owned(),
        });
    }
}
