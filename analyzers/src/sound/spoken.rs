//! How a term of the vocabulary may be said: its elements, in every reading worth keeping.

use super::readings::{Dialect, Readings};
use super::system::Syllable;
use crate::normalize::{Class, class_of};

/// Readings of a term that are indexed; further ones are combinations of rare readings.
const READINGS_MAX: usize = 6;
/// Longest term that is indexed by sound, characters.
pub const TERM_CHARACTERS_MAX: usize = 12;
/// What each rarer reading of a character costs, nats.
const RARER_READING_COST: f32 = 0.9;

/// One character of a term, as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Syllable(Syllable),
    /// A Latin letter or digit, typed as it stands.
    Literal(u8),
}

/// The characters of a term that are said: all but spaces and punctuation.
pub fn said(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| class_of(*c) != Class::Gap)
}

/// Works out how terms are said. Kept from term to term, so that its buffers are.
pub struct Speaker<'r> {
    readings: &'r Readings,
    /// The weakest key of a character, equal in all scripts.
    folded: &'r dyn Fn(char) -> char,
    characters: Vec<char>,
    /// The characters, folded.
    folds: String,
    usual: Vec<Element>,
    others: Vec<Other<'r>>,
    way: Vec<Element>,
}

/// Another reading of some characters of the term.
struct Other<'r> {
    at: usize,
    /// How far down the list of readings, from 1.
    rank: usize,
    syllables: &'r [Syllable],
}

impl<'r> Speaker<'r> {
    pub fn new(readings: &'r Readings, folded: &'r dyn Fn(char) -> char) -> Self {
        Self {
            readings,
            folded,
            characters: Vec::new(),
            folds: String::new(),
            usual: Vec::new(),
            others: Vec::new(),
            way: Vec::new(),
        }
    }

    /// Hands over every way to say the term with how unusual it is (nats), the usual first. None when a character has
    /// no reading, or nothing is read.
    pub fn say(&mut self, dialect: Dialect, text: &str, hear: &mut dyn FnMut(&[Element], f32)) {
        self.characters.clear();
        self.characters
            .extend(said(text).take(TERM_CHARACTERS_MAX + 1));
        if self.characters.len() > TERM_CHARACTERS_MAX || !self.read(dialect) {
            return;
        }
        hear(&self.usual, 0.0);
        // One rare reading at a time: two in one word are rarer than the list is long.
        self.others.sort_by_key(|other| other.rank);
        for other in self.others.iter().take(READINGS_MAX - 1) {
            self.way.clone_from(&self.usual);
            for (element, syllable) in self.way[other.at..].iter_mut().zip(other.syllables) {
                *element = Element::Syllable(*syllable);
            }
            hear(&self.way, other.rank as f32 * RARER_READING_COST);
        }
    }

    /// Fills in the usual reading and the others. False when there is none.
    fn read(&mut self, dialect: Dialect) -> bool {
        self.usual.clear();
        self.others.clear();
        self.folds.clear();
        self.folds
            .extend(self.characters.iter().map(|c| (self.folded)(*c)));
        let mut rest = 0;
        while self.usual.len() < self.characters.len() {
            let at = self.usual.len();
            let mut length = 1;
            let mut rank = 1;
            if let Some((word, listed)) = self.readings.longest_word(dialect, &self.folds[rest..]) {
                length = word;
                for reading in listed {
                    if reading.is_usual && self.usual.len() == at {
                        self.usual
                            .extend(reading.syllables.iter().copied().map(Element::Syllable));
                    } else {
                        self.others.push(Other {
                            at,
                            rank,
                            syllables: reading.syllables,
                        });
                        rank += 1;
                    }
                }
            }
            for index in at..at + length {
                if !self.read_character(dialect, index) {
                    return false;
                }
            }
            let folded = self.folds[rest..].chars().take(length);
            rest += folded.map(char::len_utf8).sum::<usize>();
        }
        self.usual
            .iter()
            .any(|element| matches!(element, Element::Syllable(_)))
    }

    /// The character's own readings, behind that of its word.
    fn read_character(&mut self, dialect: Dialect, index: usize) -> bool {
        let character = self.characters[index];
        let own = self.readings.of_character(dialect, character);
        if index == self.usual.len() {
            let first = match own.first() {
                Some(first) => Element::Syllable(*first),
                None if character.is_ascii_alphanumeric() => {
                    Element::Literal(character.to_ascii_lowercase() as u8)
                }
                None => return false,
            };
            self.usual.push(first);
        }
        let usual = self.usual[index];
        let others = own
            .chunks(1)
            .filter(|other| Element::Syllable(other[0]) != usual);
        self.others
            .extend(others.enumerate().map(|(rank, syllables)| Other {
                at: index,
                rank: rank + 1,
                syllables,
            }));
        true
    }
}
