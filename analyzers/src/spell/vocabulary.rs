//! What a catalogue holds, counted: characters, neighbouring characters, Latin words. Immutable; queries share it.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::followers::Followers;
use super::latin_words::LatinWords;
use crate::memory::{map_bytes, vec_bytes};
use crate::normalize::{Class, Folded};

/// Items that an unseen triple of characters counts as, shared out by how frequent its last pair is.
const UNSEEN_TRIPLE_ITEMS: f32 = 0.7;
/// The same for each character that the catalogue has behind the pair: where many may stand, another is no wonder (Witten
/// and Bell 1991).
const UNSEEN_TRIPLE_ITEMS_A_KIND: f32 = 0.3;
/// Items that an unseen pair of characters counts as, shared out by how frequent the second is.
const UNSEEN_PAIR_ITEMS: f32 = 1.0;
/// The same for a character.
const UNSEEN_CHARACTER_ITEMS: f32 = 0.5;

/// Share of its items in which a character that is part of longer words stands alone.
const ALONE_SHARE: f32 = 0.1;
/// Items that a word of the lexicon counts as that the catalogue does not have.
const UNSEEN_WORD_ITEMS: f32 = 0.3;

/// Stands before and behind a run of Han characters.
pub const EDGE: char = '\0';
/// The same where a digit is next to it: 250克.
pub const NUMBER: char = '\u{1}';
/// The same where a letter is next to it.
pub const LETTER: char = '\u{2}';

/// What stands where a run of Han characters ends, by the character next to it.
pub fn edge(next: Option<&Folded>) -> char {
    match next {
        Some(next) if next.character.is_ascii_digit() => NUMBER,
        Some(next) if next.class == Class::Latin => LETTER,
        _ => EDGE,
    }
}

/// Whether a character is one of what stands around runs.
pub fn is_edge(character: char) -> bool {
    character <= LETTER
}

/// A character of the catalogue.
pub type CharacterId = u16;

/// A catalogue's words with the number of items that hold them. About 10 bytes a pair and 6 a triple of characters.
#[derive(Default)]
pub struct SpellVocabulary {
    pub(super) ids: FxHashMap<char, CharacterId>,
    pub(super) characters: Vec<(char, u32)>,
    /// By first character.
    pub(super) pairs: Followers,
    /// By place of their first two characters among the pairs.
    pub(super) triples: Followers,
    /// Items times characters.
    pub(super) total: f32,
    pub(super) items_total: u32,
    /// By hash of the folded word: two words of one hash would count as the likelier of them, no worse.
    pub(super) words: FxHashMap<u64, u32>,
    pub(super) latin: LatinWords,
}

impl SpellVocabulary {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        map_bytes(&self.ids)
            + vec_bytes(&self.characters)
            + self.pairs.heap_bytes()
            + self.triples.heap_bytes()
            + map_bytes(&self.words)
            + self.latin.heap_bytes()
    }

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

    /// Pairs and triples of neighbouring characters that are known.
    pub fn sizes(&self) -> (usize, usize) {
        (self.pairs.len(), self.triples.len())
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
        self.pairs.of(usize::from(first))
    }

    /// Items that have the second character right behind the first.
    #[inline]
    pub fn pair(&self, first: Option<CharacterId>, second: Option<CharacterId>) -> u32 {
        let place = self.place_of_pair(first, second);
        place.map_or(0, |place| self.pairs.items_at(place))
    }

    #[inline]
    fn place_of_pair(
        &self,
        first: Option<CharacterId>,
        second: Option<CharacterId>,
    ) -> Option<usize> {
        self.pairs.place_of(usize::from(first?), second?)
    }

    /// Whether some title holds each three of the characters that stand side by side. None for fewer than three.
    pub fn has_triples(&self, characters: &[Option<CharacterId>]) -> bool {
        if characters.len() < 3 {
            return false;
        }
        let mut pairs = characters
            .windows(2)
            .map(|pair| self.place_of_pair(pair[0], pair[1]));
        let Some(mut last) = pairs.next() else {
            return false;
        };
        for (pair, third) in pairs.zip(&characters[2..]) {
            let triple = last
                .zip(*third)
                .and_then(|(last, id)| self.triples.place_of(last, id));
            if triple.is_none() {
                return false;
            }
            last = pair;
        }
        last.is_some()
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

    /// ln of how likely the catalogue makes the characters `text` after those `before`, of which the last two count; none
    /// at the beginning of a run. Triples backed by pairs backed by characters, each smoothed as by a Dirichlet prior
    /// (MacKay and Peto 1995).
    pub fn likelihood(
        &self,
        before: &[Option<CharacterId>],
        text: impl Iterator<Item = Option<CharacterId>>,
    ) -> f32 {
        let mut last = before.last().copied();
        let mut last_pair = match before {
            [.., first, second] => self.place_of_pair(*first, *second),
            _ => None,
        };
        let mut sum = 0.0;
        for id in text {
            let mut likely = self.share(id);
            let mut pair = None;
            if let Some(last) = last {
                pair = self.place_of_pair(last, id);
                let items = pair.map_or(0, |pair| self.pairs.items_at(pair)) as f32;
                likely =
                    (items + UNSEEN_PAIR_ITEMS * likely) / (self.items(last) + UNSEEN_PAIR_ITEMS);
            }
            if let Some(before) = last_pair {
                let triple = id.and_then(|id| self.triples.place_of(before, id));
                let items = triple.map_or(0, |triple| self.triples.items_at(triple)) as f32;
                let of_pair = self.pairs.items_at(before) as f32;
                let kinds = self.triples.kinds(before) as f32;
                let unseen = UNSEEN_TRIPLE_ITEMS.max(kinds * UNSEEN_TRIPLE_ITEMS_A_KIND);
                likely = (items + unseen * likely) / (of_pair + unseen);
            }
            sum += likely.ln();
            (last, last_pair) = (Some(id), pair);
        }
        sum
    }
}

/// Of a folded word.
pub(super) fn hash(word: &str) -> u64 {
    FxBuildHasher.hash_one(word)
}
