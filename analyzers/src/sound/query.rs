//! A query that is being listened to, as the rules see it.

use std::cell::OnceCell;
use std::ops::Range;

use super::hear::Hearing;
use super::index::SoundIndex;
use super::lattice::{Initials, Lattice};
use super::listen::Listener;
use super::readings::Dialect;
use super::system::SoundSystem;
use super::typed::{Glyph, Typed};
use crate::tokens::latin;

/// A query that is being listened to, lent to the rules.
pub struct Query<'a> {
    pub listener: &'a Listener<'a>,
    pub typed: &'a Typed,
    /// Made when the first rule asks.
    lattices: [OnceCell<Lattice>; 6],
}

impl<'a> Query<'a> {
    pub fn new(listener: &'a Listener<'a>, typed: &'a Typed) -> Self {
        Self {
            listener,
            typed,
            lattices: Default::default(),
        }
    }

    pub fn romanised(&self, dialect: Dialect) -> &Lattice {
        self.lattices[dialect as usize]
            .get_or_init(|| Lattice::romanised(self.typed, dialect.system(), Initials::Ignored))
    }

    /// The same with the initials of syllables.
    pub fn with_initials(&self, dialect: Dialect) -> &Lattice {
        self.lattices[4 + dialect as usize]
            .get_or_init(|| Lattice::romanised(self.typed, dialect.system(), Initials::Heard))
    }

    pub fn zhuyin(&self) -> &Lattice {
        self.lattices[2].get_or_init(|| Lattice::zhuyin(self.typed, &self.listener.readings.zhuyin))
    }

    pub fn zhuyin_keys(&self) -> &Lattice {
        self.lattices[3]
            .get_or_init(|| Lattice::zhuyin_keys(self.typed, &self.listener.readings.zhuyin))
    }

    pub fn hearing<'q>(
        &'q self,
        index: &'q SoundIndex,
        dialect: Dialect,
        lattice: &'q Lattice,
    ) -> Hearing<'q> {
        Hearing {
            index,
            dialect,
            readings: self.listener.readings,
            lattice,
            folded: self.listener.folded,
        }
    }

    /// Letters and digits of a range, without what sets them apart.
    pub fn joined(&self, range: Range<usize>) -> String {
        let word = range.filter(|&at| self.typed.glyph(at).is_word());
        word.map(|at| char::from(self.typed.key(at))).collect()
    }

    /// Whether the letters and digits of a range are a Latin word, together or each run by itself.
    pub fn is_latin(&self, range: Range<usize>) -> bool {
        let is_known = self.listener.is_known_latin;
        let joined = self.joined(range.clone());
        if joined.is_empty() {
            return false;
        }
        is_known(&joined)
            || self
                .words(range)
                .into_iter()
                .all(|word| is_known(&self.joined(word)))
    }

    /// Whether a run of letters in the range is a Latin word and no syllable: mini, but not pan.
    pub fn has_latin_word(&self, range: Range<usize>, system: &SoundSystem) -> bool {
        let words = self.words(range).into_iter().map(|word| self.joined(word));
        words
            .filter(|word| (self.listener.is_known_latin)(word))
            .any(|w| system.parse(&w).is_none())
    }

    /// Whether the letters and digits of a range are a Latin word together.
    pub fn is_latin_together(&self, range: Range<usize>) -> bool {
        (self.listener.is_known_latin)(&self.joined(range))
    }

    /// Whether the range is part of a name that punctuation holds together: item.taobao.com.
    pub fn is_in_address(&self, range: &Range<usize>) -> bool {
        let is_connector =
            |at: usize| matches!(self.typed.key(at), b'.' | b'/' | b'_' | b'@' | b'&' | b'+');
        let before = range.start.checked_sub(1).is_some_and(is_connector);
        before || (is_connector(range.end) && self.typed.glyph(range.end + 1).is_word())
    }

    /// Whether the range begins or ends inside a run of letters and digits that connectors hold together, and it or what is
    /// left has several pieces (k-c of k-c-11, k of k.c-11): the index knows such a run whole and by its pieces, but not by
    /// several of them.
    pub fn cuts_run(&self, range: &Range<usize>) -> bool {
        let is_word = |at: usize| self.typed.glyph(at).is_word();
        let is_connector = |at: usize| match self.typed.key(at) {
            0 => self.typed.glyph(at) == Glyph::Separator,
            key => latin::is_connector(char::from(key)),
        };
        let joins = |at: usize| is_connector(at) && at > 0 && is_word(at - 1) && is_word(at + 1);
        let goes_on = |at: usize| is_word(at) && is_word(at - 1) || joins(at);
        let is_joined = (range.start + 1..range.end).any(joins);
        let begins_inside = range.start > 0 && (goes_on(range.start) || joins(range.start - 1));
        let is_in_run = |at: &usize| is_word(*at) || joins(*at);
        let after = range.end + usize::from(joins(range.end))..self.typed.len();
        let before = 0..range.start - usize::from(range.start > 0 && joins(range.start - 1));
        let is_left_joined =
            after.take_while(is_in_run).any(joins) || before.rev().take_while(is_in_run).any(joins);
        is_joined && (begins_inside || goes_on(range.end)) || is_left_joined
    }

    /// Whether several words all begin with a capital, as names do and what is typed by sound does not.
    pub fn is_name(&self, range: Range<usize>) -> bool {
        let words = self.words(range);
        words.len() > 1 && words.iter().all(|word| self.typed.is_capital(word.start))
    }

    /// Whether there are digits in the range and all its letters are capitals, as in model numbers: BA2LE2.
    pub fn is_model_number(&self, range: Range<usize>) -> bool {
        let is_capital = |at| self.typed.is_capital(at) || !self.typed.key(at).is_ascii_lowercase();
        let has_capital = range.clone().any(|at| self.typed.is_capital(at));
        let has_digit = range.clone().any(|at| self.typed.key(at).is_ascii_digit());
        has_digit && has_capital && range.into_iter().all(is_capital)
    }

    pub fn word_count(&self, range: Range<usize>) -> usize {
        self.words(range).len()
    }

    /// Runs of letters and digits in a range.
    pub fn words(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let end = (at..range.end)
                .find(|&index| !self.typed.glyph(index).is_word())
                .unwrap_or(range.end);
            if end > at {
                words.push(at..end);
            }
            at = end + 1;
        }
        words
    }

    /// Whether a run of letters and digits begins here.
    pub fn begins_word(&self, at: usize) -> bool {
        self.typed.glyph(at).is_word() && (at == 0 || !self.typed.glyph(at - 1).is_word())
    }
}
