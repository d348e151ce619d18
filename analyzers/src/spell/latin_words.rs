//! Latin words of a catalogue, and those within one edit of what was typed.
//!
//! Two words within one edit (a letter too many, too few, wrong, or two swapped) become equal when one letter is left
//! out of each or of one of them, so words are found by what is left of them (Mor and Fraenkel 1982).

use std::hash::{Hash as _, Hasher as _};

use crate::memory::{map_bytes, vec_bytes};

use rustc_hash::{FxHashMap, FxHasher};

/// Shorter words are within one edit of too many.
pub const LETTERS_MIN: usize = 4;
/// Longer runs are no words.
const LETTERS_MAX: usize = 24;

#[derive(Default)]
pub struct LatinWords {
    /// Lower case, with the number of items.
    items: FxHashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    /// Hash of a word less one letter, or of all of it, and the word; sorted.
    remains: Vec<(u32, u32)>,
}

impl LatinWords {
    /// Bytes on the heap; every word is kept twice.
    pub fn heap_bytes(&self) -> u64 {
        let texts: u64 = self.words.iter().map(|word| word.len() as u64).sum();
        map_bytes(&self.items) + vec_bytes(&self.words) + 2 * texts + vec_bytes(&self.remains)
    }

    pub fn new(items: FxHashMap<Box<str>, u32>) -> Self {
        let mut words: Vec<Box<str>> = items
            .keys()
            .filter(|word| is_word(word) && word.len() >= LETTERS_MIN)
            .cloned()
            .collect();
        words.sort_unstable();
        let mut remains = Vec::new();
        for (id, word) in words.iter().enumerate() {
            each_remain(word.as_bytes(), &mut |hash| remains.push((hash, id as u32)));
        }
        remains.sort_unstable();
        remains.dedup();
        Self {
            items,
            words,
            remains,
        }
    }

    /// Items that hold a lower-case run of letters and digits.
    pub fn items(&self, word: &str) -> u32 {
        self.items.get(word).copied().unwrap_or(0)
    }

    /// Words within one edit of a lower-case one, itself not among them.
    pub fn near(&self, typed: &str) -> Vec<&str> {
        let mut found: Vec<u32> = Vec::new();
        if !is_word(typed) || typed.len() < LETTERS_MIN {
            return Vec::new();
        }
        each_remain(typed.as_bytes(), &mut |hash| {
            let start = self.remains.partition_point(|(known, _)| *known < hash);
            let same = self.remains[start..].iter();
            found.extend(
                same.take_while(|(known, _)| *known == hash)
                    .map(|(_, id)| id),
            );
        });
        found.sort_unstable();
        found.dedup();
        let words = found.into_iter().map(|id| &*self.words[id as usize]);
        words
            .filter(|word| is_one_edit(typed.as_bytes(), word.as_bytes()))
            .collect()
    }
}

/// Letters of the basic alphabet only: what has a digit is a model, and another model is another thing.
pub fn is_word(text: &str) -> bool {
    text.len() <= LETTERS_MAX && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn each_remain(word: &[u8], each: &mut dyn FnMut(u32)) {
    each(hash(word.iter()));
    for gone in 0..word.len() {
        let left = word[..gone].iter().chain(&word[gone + 1..]);
        each(hash(left));
    }
}

fn hash<'w>(letters: impl Iterator<Item = &'w u8>) -> u32 {
    let mut hasher = FxHasher::default();
    letters.for_each(|letter| letter.hash(&mut hasher));
    (hasher.finish() >> 32) as u32
}

/// One letter inserted, left out or changed, or two neighbours swapped (Damerau 1964).
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..], &b[start..]);
    let rest = |text: &[u8], gone: usize| text.get(gone..).unwrap_or_default().to_vec();
    match (a, b) {
        ([], []) => false,
        _ if rest(a, 1) == b
            || a == rest(b, 1)
            || (!a.is_empty() && !b.is_empty() && rest(a, 1) == rest(b, 1)) =>
        {
            true
        }
        ([a0, a1, ..], [b0, b1, ..]) => a0 == b1 && a1 == b0 && a[2..] == b[2..],
        _ => false,
    }
}
