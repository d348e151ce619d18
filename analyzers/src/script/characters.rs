//! The character table: canonical glyph, Traditional and Simplified form, and the script that a character gives away.

use rustc_hash::FxHashMap;

use super::canonical::PhraseTable;

/// Made by `build.rs` from OpenCC's data.
static CHARACTERS: &str = include_str!(concat!(env!("OUT_DIR"), "/characters.txt"));
/// Letters, marks and the basic plane's ideographs are looked up by index.
const DENSE: std::ops::Range<u32> = 0..0xA000;

/// What text gives away a character's script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Only in Traditional text: 濕.
    Traditional,
    /// Only in Simplified text: 湿.
    Simplified,
    /// In both: 水, 面, 后.
    Neutral,
}

/// What is known of a character.
#[derive(Debug, Clone, Copy)]
pub struct CharacterFacts {
    /// One glyph for all regional variants of a Traditional character: 裏 → 裡.
    pub canonical: char,
    /// Canonical Traditional form when no context helps: 发 → 發.
    pub traditional: char,
    /// Simplified form of the canonical glyph, the weakest key: equal for all that may mean the same. 髮 → 发.
    pub folded: char,
    pub evidence: Evidence,
    /// Its Simplified form stands for several Traditional characters: 面, 麵.
    pub ambiguous: bool,
    /// Some word turns it into another character than `traditional`.
    pub varies: bool,
    /// What it becomes folds to something else than it does: 钜 is written 鉅, which folds to 巨.
    pub refolds: bool,
}

impl CharacterFacts {
    fn plain(character: char) -> Self {
        Self {
            canonical: character,
            traditional: character,
            folded: character,
            evidence: Evidence::Neutral,
            ambiguous: false,
            varies: false,
            refolds: false,
        }
    }
}

pub struct CharacterTable {
    dense: Vec<CharacterFacts>,
    sparse: FxHashMap<char, CharacterFacts>,
    readings: FxHashMap<char, Vec<char>>,
}

impl CharacterTable {
    pub fn load() -> Self {
        let dense = DENSE.map(|code| CharacterFacts::plain(char::from_u32(code).unwrap_or(' ')));
        let mut table = Self {
            dense: dense.collect(),
            sparse: FxHashMap::default(),
            readings: FxHashMap::default(),
        };
        for line in CHARACTERS.lines() {
            table.read_line(line);
        }
        let ambiguous: Vec<char> = table.readings.keys().copied().collect();
        for simplified in ambiguous {
            let group = table.readings.get(&simplified).cloned().unwrap_or_default();
            for member in group.into_iter().chain([simplified]) {
                table.entry(member).ambiguous = true;
            }
        }
        table.mark_refolding();
        table
    }

    fn mark_refolding(&mut self) {
        let folded = |character| self.facts(character).folded;
        let known = DENSE.filter_map(char::from_u32);
        let known = known.chain(self.sparse.keys().copied());
        let refolding = known.filter(|&character| {
            let facts = self.facts(character);
            [facts.canonical, facts.traditional].map(folded) != [facts.folded; 2]
        });
        for character in refolding.collect::<Vec<char>>() {
            self.entry(character).refolds = true;
        }
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let mut columns = line.split(' ');
        let mut character = || columns.next().and_then(|text| text.chars().next());
        let (from, canonical, traditional, folded) =
            (character()?, character()?, character()?, character()?);
        let evidence = match character()? {
            'T' => Evidence::Traditional,
            'S' => Evidence::Simplified,
            _ => Evidence::Neutral,
        };
        let readings: Vec<char> = columns.next().unwrap_or("").chars().collect();
        *self.entry(from) = CharacterFacts {
            canonical,
            traditional,
            folded,
            evidence,
            ambiguous: false,
            varies: false,
            refolds: false,
        };
        if !readings.is_empty() {
            self.readings.insert(from, readings);
        }
        Some(())
    }

    /// Records which characters the phrases turn into something else than they turn into alone.
    pub fn mark_varying(&mut self, phrases: &PhraseTable) {
        for (folded, canonical) in phrases.phrases() {
            for (from, to) in folded.chars().zip(canonical.chars()) {
                if self.facts(from).traditional != to {
                    self.entry(from).varies = true;
                }
            }
        }
        // Whatever folds to one of them may stand in such a word.
        for code in DENSE {
            if let Some(character) = char::from_u32(code)
                && self.facts(self.facts(character).folded).varies
            {
                self.entry(character).varies = true;
            }
        }
    }

    fn entry(&mut self, character: char) -> &mut CharacterFacts {
        let code = character as u32;
        if DENSE.contains(&code) {
            &mut self.dense[code as usize]
        } else {
            self.sparse
                .entry(character)
                .or_insert_with(|| CharacterFacts::plain(character))
        }
    }

    // A call for each character would cost more than what it does.
    #[inline(always)]
    pub fn facts(&self, character: char) -> CharacterFacts {
        match self.dense.get(character as usize) {
            Some(facts) => *facts,
            None => self.sparse_facts(character),
        }
    }

    #[cold]
    fn sparse_facts(&self, character: char) -> CharacterFacts {
        let known = self.sparse.get(&character).copied();
        known.unwrap_or_else(|| CharacterFacts::plain(character))
    }

    #[inline]
    pub fn folded(&self, character: char) -> char {
        self.facts(character).folded
    }

    /// Canonical Traditional characters that a Simplified one may stand for; empty when there is no doubt.
    pub fn readings(&self, simplified: char) -> &[char] {
        self.readings.get(&simplified).map_or(&[], Vec::as_slice)
    }
}
