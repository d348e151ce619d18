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

/// Every word in other scripts, in the order of the words.
pub struct Forms {
    pub traditional: Vec<String>,
    pub hong_kong: Vec<String>,
    pub taiwan: Vec<String>,
}

impl Forms {
    pub fn convert(words: &[Entry], converters: &Converters) -> Result<Self, Box<dyn Error>> {
        let plain: Vec<&str> = words.iter().map(|entry| entry.word).collect();
        Ok(Self {
            traditional: convert_lines(&converters.s2t, &plain)?,
            hong_kong: convert_lines(&converters.s2hk, &plain)?,
            taiwan: convert_lines(&converters.s2tw, &plain)?,
        })
    }
}

/// `word frequency` lines, each form once, lower-case. Forms that several words share get the largest frequency.
pub fn lexicon_text(words: &[Entry], forms: &Forms) -> String {
    let mut lexicon: BTreeMap<String, u64> = BTreeMap::new();
    for (index, entry) in words.iter().enumerate() {
        let scripts =
            [entry.word, &forms.traditional[index], &forms.hong_kong[index], &forms.taiwan[index]];
        for form in scripts {
            let frequency = lexicon.entry(form.to_lowercase()).or_default();
            *frequency = entry.frequency.max(*frequency);
        }
    }
    let mut text = String::new();
    for (word, frequency) in &lexicon {
        let _ = writeln!(text, "{word} {frequency}");
    }
    text
}

/// `simplified traditional` lines for the words whose conversion is not that of their characters one by one.
pub fn phrases_text(words: &[Entry], forms: &Forms, characters: &Characters) -> String {
    let mut text = String::new();
    for (entry, traditional) in words.iter().zip(&forms.traditional) {
        let canonical: String = traditional.chars().map(|c| characters.canonical(c)).collect();
        let by_character: String = entry.word.chars().map(|c| characters.traditional(c)).collect();
        let length = entry.word.chars().count();
        if length > 1 && canonical != by_character && canonical.chars().count() == length {
            let _ = writeln!(text, "{} {}", entry.word.to_lowercase(), canonical.to_lowercase());
        }
    }
    text
}
