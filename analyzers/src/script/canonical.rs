//! Canonical Traditional: one spelling for a word in whatever script and regional glyphs it was written.
//!
//! The length never changes, so offsets hold. Conversion depends on the word (后背包 but 皇后), and only on a text
//! that is not plainly Traditional: there 后 means 后.

use rustc_hash::{FxHashMap, FxHashSet};

use super::characters::{CharacterFacts, Evidence};
use super::spelling::Spelling;

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

struct Phrase {
    canonical: Box<str>,
    /// Its canonical form folds to something else than the word does: 家具 is written 家俱 by some.
    refolds: bool,
}

impl From<&str> for Phrase {
    fn from(canonical: &str) -> Self {
        Self {
            canonical: canonical.into(),
            refolds: false,
        }
    }
}

/// What is known of whole words: folded → canonical Traditional, same length.
pub struct PhraseTable {
    /// Words that convert otherwise than by their characters.
    phrases: FxHashMap<Box<str>, Phrase>,
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
            .map(|(folded, phrase)| (&**folded, &*phrase.canonical))
    }

    /// To be told when all phrases are known.
    pub fn mark_refolding(&mut self, folded: &dyn Fn(char) -> char) {
        for (word, phrase) in &mut self.phrases {
            phrase.refolds = !phrase.canonical.chars().map(folded).eq(word.chars());
        }
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

/// One canonical character for each of `facts`. `words`: the text's words in the lexicon's spelling, one after another
/// without a hole, each with its length in characters. `in_doubt` becomes where another Traditional character may be
/// meant. Answers whether the canonical text folds to something else than the text does.
pub fn canonicalise<'w>(
    phrases: &PhraseTable,
    script: Script,
    facts: &[CharacterFacts],
    words: impl Iterator<Item = (&'w str, usize)>,
    (canonical, in_doubt): (&mut Spelling, &mut Vec<bool>),
) -> bool {
    canonical.clear();
    in_doubt.clear();
    let is_simplified = |facts: &CharacterFacts| facts.evidence == Evidence::Simplified;
    if script == Script::Traditional && !facts.iter().any(is_simplified) {
        facts
            .iter()
            .for_each(|facts| canonical.push(facts.canonical));
        in_doubt.resize(facts.len(), false);
        return false;
    }
    let mut refolds = false;
    let means_what_it_writes = script == Script::Traditional;
    let mut rest = facts;
    for (folded, length) in words {
        let Some((of_word, behind)) = rest.split_at_checked(length) else {
            break;
        };
        rest = behind;
        let by_word = match script {
            Script::Simplified => true,
            // 后 alone may be the brand; 后背包 is a word that only Simplified writes so.
            Script::Neutral => length > 1,
            // A Simplified word quoted in a Traditional text.
            Script::Traditional => of_word.iter().any(is_simplified),
        };
        let looks_up = by_word && length > 1 && of_word.iter().any(|f| f.varies || f.ambiguous);
        let phrase = match looks_up {
            true => phrases.phrases.get(folded),
            false => None,
        };
        match phrase {
            Some(phrase) => {
                phrase.canonical.chars().for_each(|c| canonical.push(c));
                refolds |= phrase.refolds;
            }
            None => {
                for f in of_word {
                    canonical.push(if by_word { f.traditional } else { f.canonical });
                    refolds |= f.refolds;
                }
            }
        }
        let is_sure = means_what_it_writes
            || phrase.is_some()
            || (looks_up && phrases.attested.contains(folded));
        in_doubt.extend(of_word.iter().map(|f| f.ambiguous && !is_sure));
    }
    refolds
}
