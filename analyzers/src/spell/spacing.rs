//! Lost and stray spaces in Latin names: homichef and Homi Chef, iphone15 and iPhone 15.

use super::latin_words::is_word;
use super::vocabulary::SpellVocabulary;

/// Shortest part of a run that is taken apart, letters.
const PART_LETTERS_MIN: usize = 2;
/// The same where the catalogue knows the run as a word, too: carpet is no car pet.
const PART_OF_WORD_LETTERS_MIN: usize = 4;

/// Two words as one, when the catalogue writes them so.
pub fn joined(vocabulary: &SpellVocabulary, first: &str, second: &str) -> Option<String> {
    let whole = [first, second].concat();
    (is_word(&whole) && vocabulary.latin().items(&whole) > 0).then_some(whole)
}

/// A run of letters and digits as several words, when the catalogue has them all.
pub fn taken_apart(vocabulary: &SpellVocabulary, run: &str) -> Option<String> {
    if is_word(run) {
        return two_words(vocabulary, run);
    }
    let digits = run.find(|c: char| c.is_ascii_digit())?;
    let (name, number) = run.split_at(digits);
    let words = vocabulary.latin();
    let is_name = name.len() >= PART_LETTERS_MIN && is_word(name) && words.items(name) > 0;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && words.items(number) > 0;
    (is_name && is_number).then(|| format!("{name} {number}"))
}

/// The cut whose rarer part is the most frequent.
fn two_words(vocabulary: &SpellVocabulary, run: &str) -> Option<String> {
    let words = vocabulary.latin();
    let whole = words.items(run);
    let shortest = match whole {
        0 => PART_LETTERS_MIN,
        _ => PART_OF_WORD_LETTERS_MIN,
    };
    let cuts = shortest..(run.len() + 1).saturating_sub(shortest).max(shortest);
    let rarer = |at: &usize| words.items(&run[..*at]).min(words.items(&run[*at..]));
    let best = cuts.max_by_key(rarer)?;
    (rarer(&best) > whole).then(|| format!("{} {}", &run[..best], &run[best..]))
}
