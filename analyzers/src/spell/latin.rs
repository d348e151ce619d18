//! Corrections of a Latin word.

use super::latin_words::{LETTERS_MIN, is_word};
use super::mistake::{FIRST_LETTER_COST, LATIN_COST};
use super::vocabulary::SpellVocabulary;

/// How unlikely each letter of a word makes it that somebody means a word that nobody knows, nats.
const LETTER_NATS: f32 = 2.8;
/// Most words that are proposed.
const FOUND_MAX: usize = 3;

/// A word that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct LatinFix<'v> {
    pub word: &'v str,
    /// Nats.
    pub odds: f32,
    pub items: u32,
}

/// Words of the catalogue within one edit of an unknown lower-case word, likeliest first. What has a digit is left
/// alone: another model is another thing. So is a singular or plural.
pub fn fixes<'v>(vocabulary: &'v SpellVocabulary, typed: &str) -> Vec<LatinFix<'v>> {
    if typed.len() < LETTERS_MIN || !is_word(typed) {
        return Vec::new();
    }
    let words = vocabulary.latin();
    let is_plural = |word: &&str| {
        let letters = [typed, *word].map(|word| word.strip_suffix('s').unwrap_or(word));
        letters[0] == letters[1]
    };
    let near = words
        .near(typed)
        .into_iter()
        .filter(|word| !is_plural(word));
    let near = near.map(|word| {
        let items = words.items(word);
        let first = f32::from(word.as_bytes().first() != typed.as_bytes().first());
        let likely = (items as f32 / vocabulary.items_total() as f32).ln();
        let unknown = -LETTER_NATS * typed.len() as f32;
        LatinFix {
            word,
            odds: likely - unknown - LATIN_COST - first * FIRST_LETTER_COST,
            items,
        }
    });
    let mut fixes: Vec<LatinFix<'v>> = near.filter(|fix| fix.odds > 0.0).collect();
    fixes.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.word.cmp(b.word)));
    fixes.truncate(FOUND_MAX);
    fixes
}
