//! A text, folded, cut and canonicalised.

use std::ops::Range;

use crate::normalize::{Class, NormalText};
use crate::script::canonical::Script;
use crate::script::characters::CharacterFacts;
use crate::script::spelling::Spelling;
use crate::segment::lexicon::Span;
use crate::tokens::latin;

/// All vectors count in characters of the folded text. Its room is reused from text to text.
#[derive(Default)]
pub struct Analysis {
    pub normal: NormalText,
    /// Of the characters as written.
    pub facts: Vec<CharacterFacts>,
    pub script: Script,
    pub words: Vec<Span>,
    /// The lexicon's spelling.
    pub folded: Spelling,
    /// Canonical text in the lexicon's spelling, where that is not `folded`.
    pub refolded: Option<Spelling>,
    /// Canonical Traditional, as many characters as the folded text.
    pub canonical: Spelling,
    /// Characters that may mean another Traditional one.
    pub in_doubt: Vec<bool>,
}

impl Analysis {
    /// Bytes of the text as given that the characters `start..end` came from.
    pub fn source(&self, start: usize, end: usize) -> Range<usize> {
        let characters = &self.normal.characters[start..end];
        match (characters.first(), characters.last()) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    /// Characters of the folded text.
    #[inline]
    pub fn length(&self) -> usize {
        self.facts.len()
    }

    /// Canonical text of the characters `range`.
    #[inline]
    pub fn canonical(&self, range: Range<usize>) -> &str {
        self.canonical.slice(range)
    }

    #[inline]
    pub fn class(&self, index: usize) -> Option<Class> {
        self.normal.characters.get(index).map(|c| c.class)
    }

    #[inline]
    pub fn is_han(&self, index: usize) -> bool {
        self.class(index) == Some(Class::Han)
    }

    /// Whether a word begins or ends before each character, and at the end. A run of letters and digits is never cut.
    pub fn boundaries(&self) -> Vec<bool> {
        let characters = &self.normal.characters;
        let mut boundaries = vec![false; characters.len() + 1];
        boundaries[0] = true;
        for word in &self.words {
            boundaries[word.end] = true;
        }
        let mut index = 0;
        while index < characters.len() {
            index = match characters[index].class {
                Class::Han => index + 1,
                Class::Gap => {
                    boundaries[index] = true;
                    index + 1
                }
                Class::Latin => {
                    let end = latin::run_end(characters, index);
                    boundaries[index + 1..end].fill(false);
                    boundaries[end] = !self.is_inside_word(end);
                    end
                }
            };
        }
        boundaries
    }

    fn is_inside_word(&self, index: usize) -> bool {
        let at = self.words.partition_point(|word| word.end <= index);
        self.words
            .get(at)
            .is_some_and(|word| word.start < index && index < word.end)
    }
}
