//! What Cangjie and Quick have in common: letters that stand for the shape of a character.

use crate::sound::codes::{CodeEntry, CodeIndex};
use crate::sound::index::SoundIndex;
use crate::sound::listen::{Certainty, Guess};
use crate::sound::query::Query;
use crate::sound::typed::Glyph;

/// So many letters without a vowel among them are no word and no name.
const VOWELLESS_LETTERS_MIN: usize = 6;

/// Codes as typed: the letters, and after which of them something set the next apart.
pub struct Codes {
    /// Where the range ends.
    pub end: usize,
    pub letters: Vec<u8>,
    /// Letters before each gap.
    pub gaps: Vec<usize>,
}

/// Every stretch from `start` on that ends where a run does. `is_gap` tells what may stand between codes.
pub fn stretches(query: &Query<'_>, start: usize, is_gap: &dyn Fn(Glyph) -> bool) -> Vec<Codes> {
    let mut found = Vec::new();
    if !query.begins_word(start) {
        return found;
    }
    let mut letters = Vec::new();
    let mut gaps = Vec::new();
    let mut at = start;
    while at < query.typed.len() {
        match query.typed.glyph(at) {
            Glyph::Letter { letter, tone: 0 } => letters.push(letter),
            // One key sets codes apart: two digits are a number.
            glyph if is_gap(glyph) && gaps.last() != Some(&letters.len()) => {
                gaps.push(letters.len());
            }
            _ => break,
        }
        at += 1;
        if !query.typed.glyph(at).is_word() {
            found.push(Codes {
                end: at,
                letters: letters.clone(),
                gaps: gaps
                    .iter()
                    .copied()
                    .filter(|gap| *gap < letters.len())
                    .collect(),
            });
        }
    }
    found
}

impl Codes {
    /// Whether every gap stands between two codes of the entry.
    fn fits(&self, entry: &CodeEntry) -> bool {
        let ends: Vec<usize> = entry
            .lengths
            .iter()
            .scan(0, |end, length| {
                *end += length;
                Some(*end)
            })
            .collect();
        self.gaps.iter().all(|gap| ends.contains(gap))
    }

    /// How sure it is that these letters are no Latin text.
    fn certainty(&self) -> Certainty {
        let is_vowel = |letter: &u8| b"aeiouy".contains(letter);
        match self.letters.len() >= VOWELLESS_LETTERS_MIN && !self.letters.iter().any(is_vowel) {
            true => Certainty::Sure,
            false => Certainty::Unsure,
        }
    }

    /// Adds the terms that are keyed so and are evident.
    pub fn hear<'q>(
        &self,
        query: &Query<'q>,
        index_of: &dyn Fn(&'q SoundIndex) -> &'q CodeIndex,
        is_evident: &dyn Fn(&CodeEntry) -> bool,
        guesses: &mut Vec<Guess>,
    ) {
        for &index in query.listener.indexes {
            let codes = index_of(index);
            let mut node = codes.root();
            let reached = self
                .letters
                .iter()
                .all(|letter| match codes.child(&node, *letter) {
                    Some(next) => {
                        node = next;
                        true
                    }
                    None => false,
                });
            if !reached {
                continue;
            }
            for entry in codes.entries(&node) {
                let term = index.term(entry.term);
                if self.fits(entry) && is_evident(entry) {
                    guesses.push(Guess {
                        end: self.end,
                        certainty: self.certainty(),
                        text: term.text.to_string(),
                        cost: term.cost + query.listener.foreign_cost(index, entry.term),
                    });
                }
            }
        }
    }
}
