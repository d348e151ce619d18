//! The lexicon, and jieba's cut over it. Words are folded, and so is text before it is cut: one entry serves all scripts.

use std::hash::BuildHasher as _;

use jieba_rs::Jieba;
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::segment::plain::{PlainStretches, plain_words};

/// Made by `build.rs`: jieba-rs's words, folded, each with its frequency; `word frequency` lines.
pub static LEXICON: &str = include_str!(concat!(env!("OUT_DIR"), "/lexicon.txt"));
/// Hash of all that `build.rs` made.
pub static LEXICON_HASH: &str = include_str!(concat!(env!("OUT_DIR"), "/lexicon.hash"));

/// Frequency of a folded word in the general lexicon, before any dictionary file.
pub fn general_frequency(word: &str) -> Option<usize> {
    LEXICON
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| *known == word)
        .and_then(|(_, frequency)| frequency.parse().ok())
}

/// Characters of the general lexicon's words, folded.
pub fn general_characters() -> FxHashSet<char> {
    LEXICON.chars().filter(|c| !c.is_ascii()).collect()
}

/// Frequency from which a word of the general lexicon is not rare; the dictionaries' own never are.
const COMMON_FREQUENCY_MIN: u32 = 10;

/// A word of the text that was cut: characters `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    #[inline]
    pub fn length(&self) -> usize {
        self.end - self.start
    }
}

pub struct Lexicon {
    jieba: Jieba,
    /// Hashes of words that are not rare.
    common: FxHashSet<u64>,
}

impl Lexicon {
    pub fn load() -> Result<Self, jieba_rs::Error> {
        Ok(Self {
            jieba: Jieba::with_dict(&mut LEXICON.as_bytes())?,
            common: LEXICON
                .lines()
                .filter_map(|line| line.split_once(' '))
                .filter(|(_, frequency)| frequency.parse().unwrap_or(0) >= COMMON_FREQUENCY_MIN)
                .map(|(word, _)| hash(word))
                .collect(),
        })
    }

    /// Adds a folded word, or sets its frequency.
    pub fn set(&mut self, word: &str, frequency: usize) {
        self.jieba.add_word(word, Some(frequency), None);
        self.common.insert(hash(word));
    }

    /// The least frequency that a folded word needs to be cut as one.
    pub fn frequency_to_hold(&self, word: &str) -> usize {
        self.jieba.suggest_freq(word)
    }

    /// Whether a folded word is one that people use: of the general lexicon's, half stand there for a text or two.
    pub fn is_common(&self, word: &str) -> bool {
        self.common.contains(&hash(word))
    }

    pub fn contains(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }

    /// Cuts folded text into words, one after another without a hole, without guessing at unknown words: what the index
    /// holds must not hang on the words around.
    pub fn cut(&self, text: &str, words: &mut Vec<Span>) {
        words.clear();
        let mut from = 0;
        for plain in PlainStretches::of(text) {
            self.cut_by_jieba(&text[from..plain.start], words);
            from = plain.end;
            plain_words(&text.as_bytes()[plain], words);
        }
        self.cut_by_jieba(&text[from..], words);
    }

    /// The words of a folded text themselves.
    pub fn words<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.jieba
            .cut(text, false)
            .into_iter()
            .map(|token| token.word)
    }

    fn cut_by_jieba(&self, text: &str, words: &mut Vec<Span>) {
        if text.is_empty() {
            return;
        }
        let before = words.last().map_or(0, |word| word.end);
        let cut = self.jieba.cut(text, false);
        words.extend(cut.iter().map(|token| Span {
            start: before + token.start,
            end: before + token.end,
        }));
    }
}

fn hash(word: &str) -> u64 {
    FxBuildHasher.hash_one(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_of_the_cut_is_cut_as_jieba_would() -> Result<(), jieba_rs::Error> {
        let lexicon = Lexicon::load()?;
        let mut words = Vec::new();
        for text in [
            "",
            "7 up 7 up carbonated soft drink - can 330ml x 8",
            "国际论坛 samsung galaxy s24 ultra 5g, 12gb (ram) 手机壳",
            "wh-1000xm5 头戴式耳机 noise cancelling, 30 h; black",
            "at&t c++ c# 100% cotton t-shirt a.-b _x_",
            "usb type-c 充电线t恤 a 中b c",
            "12345678中",
            "中12345678",
            "中 1234567 中",
        ] {
            lexicon.cut(text, &mut words);
            let whole = lexicon.jieba.cut(text, false);
            let whole = whole.iter().map(|token| (token.start, token.end));
            assert!(words.iter().map(|w| (w.start, w.end)).eq(whole), "{text}");
        }
        Ok(())
    }
}
