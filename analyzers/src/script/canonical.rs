//! Canonical Traditional: one spelling for a word in whatever script and regional glyphs it was written.
//!
//! The length never changes, so offsets hold. Conversion depends on the word (后背包 but 皇后), and only on a text
//! that is not plainly Traditional: there 后 means 后.

use rustc_hash::{FxHashMap, FxHashSet};

use super::characters::{CharacterFacts, Evidence};

/// Made by `build.rs`: words whose conversion is not that of their characters, and frequent ones whose is.
static PHRASES: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

/// Script of a text, as far as its characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Script {
    Traditional,
    Simplified,
    /// Nothing in it tells.
    #[default]
    Neutral,
}

/// What is known of whole words: folded → canonical Traditional, same length.
pub struct PhraseTable {
    /// Words that convert otherwise than by their characters.
    phrases: FxHashMap<Box<str>, Box<str>>,
    /// Frequent words, and words of a Traditional dictionary, that are written as their characters convert: 只有, 面膜.
    /// Nothing in them is in doubt.
    attested: FxHashSet<Box<str>>,
}

impl PhraseTable {
    pub fn load() -> Self {
        let (mut phrases, mut attested) = (FxHashMap::default(), FxHashSet::default());
        phrases.reserve(PHRASES.len() / 20);
        for line in PHRASES.lines() {
            match line.split_once(' ') {
                Some((folded, traditional)) => {
                    phrases.insert(folded.into(), traditional.into());
                }
                None => {
                    attested.insert(line.into());
                }
            }
        }
        Self { phrases, attested }
    }

    /// Learns how a word is written in Traditional. `by_character`: how its characters convert one by one. Known
    /// phrases stay.
    pub fn learn(&mut self, folded: &str, canonical: &str, by_character: &str) {
        if self.phrases.contains_key(folded) || folded.chars().count() != canonical.chars().count()
        {
            return;
        }
        if canonical == by_character {
            self.attested.insert(folded.into());
        } else if !self.attested.contains(folded) {
            self.phrases.insert(folded.into(), canonical.into());
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.phrases
            .iter()
            .map(|(folded, canonical)| (&**folded, &**canonical))
    }

    fn get(&self, word: &str) -> Option<&str> {
        self.phrases.get(word).map(|phrase| &**phrase)
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

/// One canonical character for each of `facts`. `words`: the text's words in the lexicon's spelling, one after another,
/// with the index of their first character and of the one behind. `in_doubt` becomes where another Traditional character
/// may be meant.
pub fn canonicalise<'w>(
    phrases: &PhraseTable,
    script: Script,
    facts: &[CharacterFacts],
    words: impl Iterator<Item = (usize, &'w str, usize)>,
    in_doubt: &mut Vec<bool>,
) -> Vec<char> {
    in_doubt.clear();
    let mut characters: Vec<char> = facts.iter().map(|facts| facts.canonical).collect();
    let is_simplified = |facts: &CharacterFacts| facts.evidence == Evidence::Simplified;
    if script == Script::Traditional && !facts.iter().any(is_simplified) {
        in_doubt.resize(facts.len(), false);
        return characters;
    }
    let means_what_it_writes = script == Script::Traditional;
    in_doubt.extend(
        facts
            .iter()
            .map(|facts| facts.ambiguous && !means_what_it_writes),
    );
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
        let looks_up = of_word.len() > 1 && of_word.iter().any(|f| f.varies || f.ambiguous);
        let phrase = if looks_up { phrases.get(folded) } else { None };
        let place = characters[start..end].iter_mut();
        match phrase {
            Some(phrase) => place.zip(phrase.chars()).for_each(|(place, c)| *place = c),
            None => place
                .zip(of_word)
                .for_each(|(place, facts)| *place = facts.traditional),
        }
        if phrase.is_some() || (looks_up && phrases.attested.contains(folded)) {
            in_doubt[start..end].fill(false);
        }
    }
    characters
}
