//! Canonical Traditional: one spelling for a word in whatever script and regional glyphs it was written.
//!
//! The length never changes, so offsets hold. Conversion depends on the word (后背包 but 皇后), and only on a text
//! that is not plainly Traditional: there 后 means 后.

use rustc_hash::FxHashMap;

use super::characters::{CharacterTable, Evidence};

/// Made by `build.rs`: words whose conversion is not that of their characters.
static PHRASES: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

/// Script of a text, as far as its characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Traditional,
    Simplified,
    /// Nothing in it tells.
    Neutral,
}

/// Words that convert otherwise than by their characters: folded → canonical Traditional, same length.
pub struct PhraseTable(FxHashMap<Box<str>, Box<str>>);

impl PhraseTable {
    pub fn load() -> Self {
        let mut phrases = FxHashMap::default();
        phrases.reserve(PHRASES.len() / 20);
        for line in PHRASES.lines() {
            if let Some((simplified, traditional)) = line.split_once(' ') {
                phrases.insert(simplified.into(), traditional.into());
            }
        }
        Self(phrases)
    }

    /// Known phrases stay.
    pub fn insert(&mut self, folded: &str, canonical: &str) {
        if folded.chars().count() == canonical.chars().count() && !self.0.contains_key(folded) {
            self.0.insert(folded.into(), canonical.into());
        }
    }

    fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(|phrase| &**phrase)
    }
}

/// A text with any Traditional-only character is Traditional and means what it writes.
pub fn script_of(table: &CharacterTable, characters: impl Iterator<Item = char>) -> Script {
    let mut script = Script::Neutral;
    for character in characters {
        match table.facts(character).evidence {
            Evidence::Traditional => return Script::Traditional,
            Evidence::Simplified => script = Script::Simplified,
            Evidence::Neutral => {}
        }
    }
    script
}

/// Appends the canonical form of one word, as many characters as it has. `written`: width-folded; `folded`: the same in
/// the lexicon's spelling.
pub fn push_canonical(
    table: &CharacterTable,
    phrases: &PhraseTable,
    script: Script,
    written: impl Iterator<Item = char> + Clone,
    folded: &str,
    out: &mut Vec<char>,
) {
    let is_single = folded.chars().nth(1).is_none();
    let by_word = match script {
        Script::Simplified => true,
        // 后 alone may be the brand; 后背包 is a word that only Simplified writes so.
        Script::Neutral => !is_single,
        // A Simplified word quoted in a Traditional text.
        Script::Traditional => written
            .clone()
            .any(|c| table.facts(c).evidence == Evidence::Simplified),
    };
    if !by_word {
        out.extend(written.map(|c| table.facts(c).canonical));
    } else if let Some(phrase) = phrases.get(folded) {
        out.extend(phrase.chars());
    } else {
        out.extend(written.map(|c| table.facts(c).traditional));
    }
}
