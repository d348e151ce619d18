//! The words that near words are looked for: those that are asked, and those of the catalogue, which may answer.

use rustc_hash::FxHashMap;
use sampan_analyzers::{Analyzer, Direction, WORD_CHARACTERS_MAX, word_of_term};

/// Words of the catalogue that may stand near another: the most frequent. 2 kB each while they are compared.
const CATALOGUE_WORDS_MAX: usize = 20_000;
/// Words that neighbours are looked for, the most asked first.
const ASKED_WORDS_MAX: usize = 40_000;
/// Letters of a Latin word; shorter ones are units and parts of model numbers.
const LATIN_LETTERS_MIN: usize = 3;
/// Characters of any other word: one alone has too many meanings.
const CHARACTERS_MIN: usize = 2;

/// How often a word was met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Items that have it.
    pub items: u32,
    /// Times that it was asked.
    pub asked: u32,
    /// A dictionary has it.
    pub in_dictionary: bool,
}

/// Words under collection, canonical.
#[derive(Debug, Clone, Default)]
pub struct WordCounts {
    words: FxHashMap<String, Evidence>,
}

/// A word with its evidence.
pub type CountedWord<'w> = (&'w str, Evidence);

impl WordCounts {
    /// Counts a term of the catalogue's index; only words are kept.
    pub fn add_term(&mut self, term: &str, items: u32) {
        if let Some(word) = word_of_term(term) {
            self.add(word, |evidence| {
                evidence.items = evidence.items.saturating_add(items);
            });
        }
    }

    /// Counts a term of queries.
    pub fn add_asked_term(&mut self, term: &str, times: u32) {
        if let Some(word) = word_of_term(term) {
            self.add_asked(word, times);
        }
    }

    /// Counts a word that is asked. `word`: canonical.
    pub fn add_asked(&mut self, word: &str, times: u32) {
        self.add(word, |evidence| {
            evidence.asked = evidence.asked.saturating_add(times);
        });
    }

    /// Adds the words of the dictionaries, by which shoppers may ask for anything.
    pub fn add_dictionary(&mut self, analyzer: &Analyzer) {
        for term in analyzer
            .concepts()
            .iter()
            .flat_map(|concept| &concept.terms)
        {
            if term.direction != Direction::OnlyTarget {
                self.add(&term.canonical, |evidence| evidence.in_dictionary = true);
            }
        }
    }

    fn add(&mut self, word: &str, count: impl FnOnce(&mut Evidence)) {
        if !is_worth(word) {
            return;
        }
        match self.words.get_mut(word) {
            Some(evidence) => count(evidence),
            None => count(self.words.entry(word.to_owned()).or_default()),
        }
    }

    /// Words of the catalogue, the most frequent first.
    pub(super) fn of_catalogue(&self) -> Vec<CountedWord<'_>> {
        self.best(
            CATALOGUE_WORDS_MAX,
            |evidence| (evidence.items, evidence.in_dictionary, evidence.asked),
            |evidence| evidence.items > 0,
        )
    }

    /// All words: the most asked first, then those of dictionaries, then those of the catalogue alone.
    pub(super) fn asked(&self) -> Vec<CountedWord<'_>> {
        self.best(
            ASKED_WORDS_MAX,
            |evidence| (evidence.asked, evidence.in_dictionary, evidence.items),
            |_| true,
        )
    }

    fn best(
        &self,
        count: usize,
        rank: impl Fn(&Evidence) -> (u32, bool, u32),
        is_wanted: impl Fn(&Evidence) -> bool,
    ) -> Vec<CountedWord<'_>> {
        let words = self
            .words
            .iter()
            .filter(|(_, evidence)| is_wanted(evidence));
        let mut words: Vec<CountedWord<'_>> = words
            .map(|(word, evidence)| (word.as_str(), *evidence))
            .collect();
        // Of equals by the word itself, so that every run gives the same.
        words.sort_unstable_by(|(a, one), (b, other)| rank(other).cmp(&rank(one)).then(a.cmp(b)));
        words.truncate(count);
        words
    }

    /// Hash of all of it.
    pub fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for (word, evidence) in self.asked() {
            hasher
                .update(&(word.len() as u64).to_le_bytes())
                .update(word.as_bytes())
                .update(&[u8::from(evidence.items > 0)]);
        }
        hasher.finalize()
    }
}

/// Whether the word alone means a thing: no number, no measure, no single character; and a table may have it.
fn is_worth(word: &str) -> bool {
    if word.contains(|c: char| c.is_numeric()) {
        return false;
    }
    let least = if word.is_ascii() {
        LATIN_LETTERS_MIN
    } else {
        CHARACTERS_MIN
    };
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters >= least && word.chars().count() <= WORD_CHARACTERS_MAX
}
