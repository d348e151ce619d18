//! Canonical Traditional: one spelling for a word in whatever script and regional glyphs it was written.
//!
//! The length never changes, so offsets hold. Conversion depends on the word (后背包 but 皇后), and only on a text
//! that is not plainly Traditional: there 后 means 后.

use rustc_hash::FxHashMap;

use super::characters::{CharacterFacts, Evidence};
use super::spelling::Spelling;

/// Made by `build.rs`: words whose conversion is not that of their characters, and frequent ones whose is.
static PHRASES: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

/// What is known of whole words: folded → canonical Traditional, same length.
pub struct PhraseTable {
    words: FxHashMap<Box<str>, Known>,
}

enum Known {
    /// Converts otherwise than by its characters.
    Phrase {
        canonical: Box<str>,
        /// That folds to something else than the word: 家具 is written 家俱 by some.
        refolds: bool,
    },
    /// A frequent word, or one of a Traditional dictionary, that is written as its characters convert: 只有, 面膜.
    /// Nothing in it is in doubt.
    Attested,
}

impl Known {
    fn phrase(canonical: &str) -> Self {
        Self::Phrase {
            canonical: canonical.into(),
            refolds: false,
        }
    }
}

impl PhraseTable {
    pub fn load() -> Self {
        let mut words = FxHashMap::default();
        words.reserve(PHRASES.len() / 20);
        for line in PHRASES.lines() {
            // A word of both kinds is a phrase.
            match line.split_once(' ') {
                Some((folded, traditional)) => {
                    words.insert(folded.into(), Known::phrase(traditional));
                }
                None => {
                    words.entry(line.into()).or_insert(Known::Attested);
                }
            }
        }
        Self { words }
    }

    /// Learns how a word is written in Traditional. `by_character`: how its characters convert one by one. What is known
    /// stays.
    pub fn learn(&mut self, folded: &str, canonical: &str, by_character: &str) {
        if self.words.contains_key(folded) || folded.chars().count() != canonical.chars().count() {
            return;
        }
        let known = match canonical == by_character {
            true => Known::Attested,
            false => Known::phrase(canonical),
        };
        self.words.insert(folded.into(), known);
    }

    /// The words that convert otherwise than by their characters.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().filter_map(|(folded, known)| match known {
            Known::Phrase { canonical, .. } => Some((&**folded, &**canonical)),
            Known::Attested => None,
        })
    }

    /// To be told when all phrases are known.
    pub fn mark_refolding(&mut self, folded: &dyn Fn(char) -> char) {
        for (word, known) in &mut self.words {
            if let Known::Phrase { canonical, refolds } = known {
                *refolds = !canonical.chars().map(folded).eq(word.chars());
            }
        }
    }
}

/// Script of a text, as far as its characters tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Script {
    Traditional,
    Simplified,
    /// Nothing in it tells.
    #[default]
    Neutral,
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
        let known = match looks_up {
            true => phrases.words.get(folded),
            false => None,
        };
        let is_sure = means_what_it_writes || known.is_some();
        for f in of_word {
            in_doubt.push(f.ambiguous && !is_sure);
        }
        if let Some(Known::Phrase {
            canonical: phrase,
            refolds: by_phrase,
        }) = known
        {
            for (f, by_phrase) in of_word.iter().zip(phrase.chars()) {
                // 鍾声: what only Traditional writes was not converted, and who types it means it.
                let is_written = f.evidence == Evidence::Traditional;
                canonical.push(if is_written { f.canonical } else { by_phrase });
                refolds |= is_written && f.refolds;
            }
            refolds |= by_phrase;
            continue;
        }
        for f in of_word {
            canonical.push(if by_word { f.traditional } else { f.canonical });
            refolds |= f.refolds;
        }
    }
    refolds
}
