//! Canonical Traditional: one spelling for a word in whatever script and regional glyphs it was written.
//!
//! The length never changes, so offsets hold. Conversion depends on the word (后背包 but 皇后), and only on a text
//! that is not plainly Traditional: there 后 means 后.

use rustc_hash::FxHashMap;

use super::characters::{CharacterFacts, Evidence};

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

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(folded, canonical)| (&**folded, &**canonical))
    }

    fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(|phrase| &**phrase)
    }
}

/// A text with any Traditional-only character is Traditional and means what it writes.
pub fn script_of(facts: &[CharacterFacts]) -> Script {
    let mut script = Script::Neutral;
    for of_character in facts {
        match of_character.evidence {
            Evidence::Traditional => return Script::Traditional,
            Evidence::Simplified => script = Script::Simplified,
            Evidence::Neutral => {}
        }
    }
    script
}

/// Canonical characters of a text, one for each of `facts`. `words`: its words in the lexicon's spelling, one after
/// another, with the index of their first character.
pub fn canonical<'w>(
    phrases: &PhraseTable,
    script: Script,
    facts: &[CharacterFacts],
    words: impl Iterator<Item = (usize, &'w str, usize)>,
) -> Vec<char> {
    let mut canonical: Vec<char> = facts.iter().map(|facts| facts.canonical).collect();
    let is_simplified = |facts: &CharacterFacts| facts.evidence == Evidence::Simplified;
    if script == Script::Traditional && !facts.iter().any(is_simplified) {
        return canonical;
    }
    for (start, folded, end) in words {
        let of_word = &facts[start..end];
        let by_word = match script {
            Script::Simplified => true,
            // 后 alone may be the brand; 后背包 is a word that only Simplified writes so.
            Script::Neutral => of_word.len() > 1,
            // A Simplified word quoted in a Traditional text.
            Script::Traditional => of_word.iter().any(is_simplified),
        };
        if !by_word {
            continue;
        }
        let varies = of_word.len() > 1 && of_word.iter().any(|facts| facts.varies);
        let phrase = if varies { phrases.get(folded) } else { None };
        let place = canonical[start..end].iter_mut();
        match phrase {
            Some(phrase) => place.zip(phrase.chars()).for_each(|(place, c)| *place = c),
            None => place
                .zip(of_word)
                .for_each(|(place, facts)| *place = facts.traditional),
        }
    }
    canonical
}
