//! What a catalogue holds, counted: characters, neighbouring characters, Latin words. Immutable; queries share it.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::latin_words::LatinWords;
use crate::plan::TermFamily;
use crate::script::characters::CharacterTable;
use crate::tokens::term::prefix;

/// Characters that are told apart: all of a catalogue's, but for the odd rare one.
const CHARACTERS_MAX: usize = u16::MAX as usize;
/// Items that an unseen pair of characters counts as, shared out by how frequent the second is.
const UNSEEN_PAIR_ITEMS: f32 = 1.0;
/// The same for a character.
const UNSEEN_CHARACTER_ITEMS: f32 = 0.5;

/// Share of its items in which a character that is part of longer words stands alone.
const ALONE_SHARE: f32 = 0.1;
/// Items that a word of the lexicon counts as that the catalogue does not have.
const UNSEEN_WORD_ITEMS: f32 = 0.3;

/// A character of the catalogue.
pub type CharacterId = u16;

/// A catalogue's words with the number of items that hold them. About 7 bytes a pair of characters.
#[derive(Default)]
pub struct SpellVocabulary {
    ids: FxHashMap<char, CharacterId>,
    characters: Vec<(char, u32)>,
    /// By first character: where its pairs begin, and the end of the last one's.
    starts: Vec<u32>,
    seconds: Vec<CharacterId>,
    counts: Vec<u32>,
    /// Items times characters.
    total: f32,
    items_total: u32,
    /// By hash of the folded word: two words of one hash would count as the likelier of them, no worse.
    words: FxHashMap<u64, u32>,
    latin: LatinWords,
}

/// Counts under collection.
pub struct SpellVocabularyBuilder<'t> {
    table: &'t CharacterTable,
    characters: FxHashMap<char, u32>,
    pairs: FxHashMap<(char, char), u32>,
    words: FxHashMap<u64, u32>,
    latin: FxHashMap<Box<str>, u32>,
    items_total: u32,
}

impl<'t> SpellVocabularyBuilder<'t> {
    /// `items_total`: items of the catalogue.
    pub fn new(table: &'t CharacterTable, items_total: u32) -> Self {
        Self {
            table,
            items_total,
            characters: FxHashMap::default(),
            pairs: FxHashMap::default(),
            words: FxHashMap::default(),
            latin: FxHashMap::default(),
        }
    }

    /// Counts a term as the index holds it, prefix included. Glyph variants and scripts count together.
    pub fn add_term(&mut self, term: &str, items: u32) {
        if let Some(latin) = term.strip_prefix(prefix(TermFamily::Latin)) {
            *self.latin.entry(latin.into()).or_default() += items;
            return;
        }
        if let Some(word) = term.strip_prefix(prefix(TermFamily::Word)) {
            let folded: String = word.chars().map(|c| self.table.folded(c)).collect();
            *self.words.entry(hash(&folded)).or_default() += items;
            return;
        }
        let mut characters = term.chars();
        let first = characters.next().map(|c| self.table.folded(c));
        let second = characters.next().map(|c| self.table.folded(c));
        match (first, second, characters.next()) {
            (Some(only), None, _) => *self.characters.entry(only).or_default() += items,
            (Some(first), Some(second), None) if !first.is_control() => {
                *self.pairs.entry((first, second)).or_default() += items;
            }
            // Folded grams: their characters are counted already.
            _ => {}
        }
    }

    /// Counts a term of a past query; only what the catalogue holds gains by it, so that no mistake that shoppers
    /// repeat becomes a word.
    pub fn add_queried(&mut self, term: &str, times: u32) {
        if let Some(latin) = term.strip_prefix(prefix(TermFamily::Latin)) {
            if let Some(items) = self.latin.get_mut(latin) {
                *items += times;
            }
            return;
        }
        if let Some(word) = term.strip_prefix(prefix(TermFamily::Word)) {
            let folded: String = word.chars().map(|c| self.table.folded(c)).collect();
            if let Some(items) = self.words.get_mut(&hash(&folded)) {
                *items += times;
            }
            return;
        }
        let folded: Vec<char> = term.chars().map(|c| self.table.folded(c)).collect();
        let known = match folded[..] {
            [only] => self.characters.get_mut(&only),
            [first, second] => self.pairs.get_mut(&(first, second)),
            _ => None,
        };
        if let Some(items) = known {
            *items += times;
        }
    }

    pub fn build(self) -> SpellVocabulary {
        let mut characters: Vec<(char, u32)> = self.characters.into_iter().collect();
        characters.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        characters.truncate(CHARACTERS_MAX);
        let ids: FxHashMap<char, CharacterId> = characters
            .iter()
            .enumerate()
            .map(|(id, (character, _))| (*character, id as CharacterId))
            .collect();
        let mut pairs: Vec<(CharacterId, CharacterId, u32)> = self
            .pairs
            .iter()
            .filter_map(|((first, second), items)| {
                Some((*ids.get(first)?, *ids.get(second)?, *items))
            })
            .collect();
        pairs.sort_unstable();
        let mut starts = vec![0; characters.len() + 1];
        for (first, _, _) in &pairs {
            starts[usize::from(*first) + 1] += 1;
        }
        for first in 1..starts.len() {
            starts[first] += starts[first - 1];
        }
        SpellVocabulary {
            total: characters.iter().map(|(_, items)| *items as f32).sum(),
            items_total: self.items_total.max(1),
            ids,
            characters,
            starts,
            seconds: pairs.iter().map(|(_, second, _)| *second).collect(),
            counts: pairs.iter().map(|(_, _, items)| *items).collect(),
            words: self.words,
            latin: LatinWords::new(self.latin),
        }
    }
}

impl SpellVocabulary {
    /// Latin words and model numbers.
    pub fn latin(&self) -> &LatinWords {
        &self.latin
    }

    /// Whether any item holds a lower-case run of letters and digits.
    pub fn has_latin(&self, word: &str) -> bool {
        self.latin.items(word) > 0
    }

    /// Items of the catalogue, at least 1.
    pub fn items_total(&self) -> u32 {
        self.items_total
    }

    /// Pairs of neighbouring characters that are known.
    pub fn pairs(&self) -> usize {
        self.counts.len()
    }

    /// None for a character that the catalogue does not have.
    #[inline]
    pub fn id(&self, folded: char) -> Option<CharacterId> {
        self.ids.get(&folded).copied()
    }

    pub fn character(&self, id: CharacterId) -> char {
        self.characters[usize::from(id)].0
    }

    /// What may stand behind a character, with the number of items that have it there.
    pub fn followers(&self, first: CharacterId) -> impl Iterator<Item = (CharacterId, u32)> {
        let place = self.place(first);
        let seconds = self.seconds[place.clone()].iter().copied();
        seconds.zip(self.counts[place].iter().copied())
    }

    fn place(&self, first: CharacterId) -> std::ops::Range<usize> {
        let first = usize::from(first);
        self.starts[first] as usize..self.starts[first + 1] as usize
    }

    /// Items that have the second character right behind the first.
    #[inline]
    pub fn pair(&self, first: Option<CharacterId>, second: Option<CharacterId>) -> u32 {
        let (Some(first), Some(second)) = (first, second) else {
            return 0;
        };
        let place = self.place(first);
        match self.seconds[place.clone()].binary_search(&second) {
            Ok(at) => self.counts[place.start + at],
            Err(_) => 0,
        }
    }

    /// Items that have a character.
    #[inline]
    pub fn items(&self, id: Option<CharacterId>) -> f32 {
        id.map_or(0.0, |id| self.characters[usize::from(id)].1 as f32)
    }

    fn share(&self, id: Option<CharacterId>) -> f32 {
        let unseen = UNSEEN_CHARACTER_ITEMS * (self.characters.len() + 1) as f32;
        (self.items(id) + UNSEEN_CHARACTER_ITEMS) / (self.total + unseen)
    }

    /// ln of how likely the catalogue makes a text that was cut into these folded words of the lexicon and single
    /// characters.
    pub fn likelihood_of_words<'w>(&self, words: impl Iterator<Item = &'w str>) -> f32 {
        let of_word = |word: &str| {
            let mut characters = word.chars();
            match (characters.next(), characters.next()) {
                (Some(only), None) => self.items(self.id(only)) * ALONE_SHARE,
                _ => self.words.get(&hash(word)).copied().unwrap_or(0) as f32,
            }
        };
        words
            .map(|word| ((of_word(word) + UNSEEN_WORD_ITEMS) / (self.total + 1.0)).ln())
            .sum()
    }

    /// ln of how likely the catalogue makes the characters `text`, after the one before, if there is one. Pairs, smoothed
    /// as by a Dirichlet prior (MacKay and Peto 1995).
    pub fn likelihood(
        &self,
        before: Option<Option<CharacterId>>,
        text: impl Iterator<Item = Option<CharacterId>>,
    ) -> f32 {
        let mut last = before;
        let mut sum = 0.0;
        for id in text {
            let share = self.share(id);
            let likely = match last {
                None => share,
                Some(last) => {
                    (self.pair(last, id) as f32 + UNSEEN_PAIR_ITEMS * share)
                        / (self.items(last) + UNSEEN_PAIR_ITEMS)
                }
            };
            sum += likely.ln();
            last = Some(id);
        }
        sum
    }
}

fn hash(word: &str) -> u64 {
    FxBuildHasher.hash_one(word)
}
