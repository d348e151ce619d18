//! The lexicon: jieba-rs's Simplified words beside their Traditional, Hong Kong and Taiwan forms.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;

use crate::characters::Characters;
use crate::opencc::{Converters, convert_lines};

pub struct Entry<'d> {
    pub word: &'d str,
    pub frequency: u64,
}

/// Lines of `word frequency tag`.
pub fn read(dictionary: &str) -> Vec<Entry<'_>> {
    dictionary
        .lines()
        .filter_map(|line| {
            let mut columns = line.split_ascii_whitespace();
            let word = columns.next()?;
            let frequency = columns.next()?.parse().ok()?;
            Some(Entry { word, frequency })
        })
        .collect()
}

/// What OpenCC makes of every word, in the order of the words.
pub struct Forms {
    pub traditional: Vec<String>,
}

impl Forms {
    pub fn convert(words: &[Entry], converters: &Converters) -> Result<Self, Box<dyn Error>> {
        let plain: Vec<&str> = words.iter().map(|entry| entry.word).collect();
        Ok(Self {
            traditional: convert_lines(&converters.s2t, &plain)?,
        })
    }
}

/// `word frequency` lines of folded words: lower-case, every character in the Simplified form of its canonical glyph.
/// Text is folded in the same way before it is cut, so one entry serves all scripts. Words that fold alike get the
/// largest frequency.
pub fn lexicon_text(words: &[Entry], characters: &Characters) -> String {
    let mut lexicon: BTreeMap<String, u64> = BTreeMap::new();
    for entry in words {
        let frequency = lexicon
            .entry(characters.folded_text(entry.word))
            .or_default();
        *frequency = entry.frequency.max(*frequency);
    }
    let mut text = String::new();
    for (word, frequency) in &lexicon {
        let _ = writeln!(text, "{word} {frequency}");
    }
    text
}

/// Share of its occurrences in which a character must stand alone to be a word by itself.
const ALONE_SHARE_MIN: f64 = 0.15;

/// Folded characters that are words by themselves, in order.
pub fn free_characters(lexicon: &str) -> String {
    let (mut alone, mut occurrences) = (BTreeMap::new(), BTreeMap::new());
    for (word, frequency) in lexicon.lines().filter_map(|line| line.split_once(' ')) {
        let frequency: f64 = frequency.parse().unwrap_or(0.0);
        let mut characters = word.chars();
        if let (Some(only), None) = (characters.next(), characters.next()) {
            *alone.entry(only).or_insert(0.0) += frequency;
        }
        for character in word.chars() {
            *occurrences.entry(character).or_insert(0.0) += frequency;
        }
    }
    let is_free = |(c, count): &(&char, &f64)| **count >= ALONE_SHARE_MIN * occurrences[*c];
    let free: BTreeSet<char> = alone.iter().filter(is_free).map(|(c, _)| *c).collect();
    free.into_iter().collect()
}

/// Words this frequent are converted rightly, so their characters are not in doubt.
const SURE_FREQUENCY_MIN: u64 = 50;

/// `folded canonical` lines for the words whose conversion is not that of their characters one by one; `folded` alone
/// for frequent words that convert by their characters though one of them has several readings.
pub fn phrases_text(words: &[Entry], forms: &Forms, characters: &Characters) -> String {
    let mut text = String::new();
    for (entry, traditional) in words.iter().zip(&forms.traditional) {
        let canonical: String = traditional
            .chars()
            .map(|c| characters.canonical(c))
            .collect();
        let folded = characters.folded_text(entry.word);
        let by_character: String = folded.chars().map(|c| characters.traditional(c)).collect();
        let length = folded.chars().count();
        if length < 2 || canonical.chars().count() != length {
            continue;
        }
        if canonical != by_character {
            let _ = writeln!(text, "{folded} {}", canonical.to_lowercase());
        } else if entry.frequency >= SURE_FREQUENCY_MIN
            && folded.chars().any(|c| characters.has_readings(c))
        {
            let _ = writeln!(text, "{folded}");
        }
    }
    text
}
