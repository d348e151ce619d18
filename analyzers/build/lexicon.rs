//! The lexicon: jieba-rs's Simplified words beside their Traditional, Hong Kong and Taiwan forms.

use std::collections::BTreeMap;
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

/// `folded canonical` lines for the words whose conversion is not that of their characters one by one.
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
        if length > 1 && canonical != by_character && canonical.chars().count() == length {
            let _ = writeln!(text, "{folded} {}", canonical.to_lowercase());
        }
    }
    text
}
