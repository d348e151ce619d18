//! Words with characters that the model does not know in any form, and what is encoded in their place: another
//! region's word for the thing, or the English one, from the concept lexicon.

use std::collections::{BTreeMap, HashMap, HashSet};

use sampan_analyzers::{Analyzer, Concept, ConceptTerm, Direction};

use super::forms::is_ideograph;

/// What the model knows of characters.
pub struct KnownCharacters {
    /// Characters that are pieces of their own.
    pub known: HashSet<char>,
    /// The form that a character is encoded in, where that is another.
    pub forms: HashMap<char, char>,
}

impl KnownCharacters {
    /// The text with its characters in their known forms.
    fn spelled(&self, text: &str) -> String {
        let form = |character| self.forms.get(&character).copied().unwrap_or(character);
        text.chars().map(form).collect()
    }

    fn is_known(&self, spelled: &str) -> bool {
        let mut ideographs = spelled.chars().filter(|character| is_ideograph(*character));
        ideographs.all(|character| self.known.contains(&character))
    }
}

/// Words in known forms and lower case, and what is encoded in the place of each. Of a word of several concepts
/// the first counts.
pub fn words(analyzer: &Analyzer, characters: &KnownCharacters) -> Vec<(String, String)> {
    let mut words = BTreeMap::new();
    for concept in analyzer.concepts().iter() {
        let Some(form) = known_word(concept, characters) else {
            continue;
        };
        let understood = |term: &&ConceptTerm| term.direction != Direction::OnlyTarget;
        for term in concept.terms.iter().filter(understood) {
            let word = characters.spelled(&term.text);
            if !characters.is_known(&word) {
                words
                    .entry(word.to_lowercase())
                    .or_insert_with(|| form.clone());
            }
        }
    }
    words.into_iter().collect()
}

/// The word for a concept that the model knows: the one that most vocabularies have, else the English one, which is set
/// off by spaces.
fn known_word(concept: &Concept, characters: &KnownCharacters) -> Option<String> {
    let mut vocabularies: Vec<(String, usize)> = Vec::new();
    let mut english = None;
    let meant = |term: &&ConceptTerm| term.direction != Direction::OnlyUnderstood;
    for term in concept.terms.iter().filter(meant) {
        let word = characters.spelled(&term.text);
        if term.vocabulary == "en" {
            english.get_or_insert(format!(" {word} "));
        } else if characters.is_known(&word) {
            match vocabularies.iter_mut().find(|(known, _)| *known == word) {
                Some((_, count)) => *count += 1,
                None => vocabularies.push((word, 1)),
            }
        }
    }
    // Of equals the first: tables name the usual word first.
    let usual = vocabularies
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count);
    usual.map(|(word, _)| word).or(english)
}
