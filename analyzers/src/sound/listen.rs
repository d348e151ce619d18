//! Listens to a query: finds where it was typed by sound or on a wrong layout, and ranks what was meant.

use std::cell::OnceCell;
use std::ops::Range;

use super::hear::Hearing;
use super::index::SoundIndex;
use super::lattice::{Initials, Lattice};
use super::readings::{Dialect, Readings};
use super::rules::TYPING_RULES;
use super::system::SoundSystem;
use super::typed::{Glyph, Typed};
use crate::region::Region;
use crate::tokens::chain::Analysis;

/// Most terms that are proposed for one place.
pub const CANDIDATES_MAX: usize = 5;
/// Terms this much less likely than the best are left out, nats.
const SPREAD_MAX: f32 = 4.0;
/// A word of another region's vocabulary, nats.
const FOREIGN_COST: f32 = 0.7;
/// Each place further down a region's list of ways to type, nats.
const UNUSUAL_TYPING_COST: f32 = 0.3;
/// Weight of an exact, usual term.
const BEST_WEIGHT: f32 = 0.9;
/// How fast the weight falls, a nat.
const WEIGHT_DECAY: f32 = 0.2;
const WEIGHT_MIN: f32 = 0.1;
/// Longest query that is listened to, characters: longer ones are pasted, not typed.
const QUERY_CHARACTERS_MAX: usize = 120;

/// Whether what was typed may be Latin text that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    Unsure,
    Sure,
}

/// What a rule heard.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Index of the character behind the last one it takes.
    pub end: usize,
    /// Canonical text.
    pub text: String,
    /// −ln of how likely it is, nats.
    pub cost: f32,
    pub certainty: Certainty,
}

/// A term that may have been meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Canonical text.
    pub text: String,
    pub rule: &'static str,
    /// 0.1 to 0.9, descending.
    pub weight: f32,
}

/// Characters of the query that were typed by sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    pub range: Range<usize>,
    /// Best first; never empty.
    pub candidates: Vec<Candidate>,
    pub certainty: Certainty,
}

/// All that listening needs.
pub struct Listener<'a> {
    pub readings: &'a Readings,
    /// Vocabularies: the dictionaries' and the catalogue's.
    pub indexes: &'a [&'a SoundIndex],
    pub region: Option<&'a Region>,
    /// Whether a lower-case run of letters and digits is a Latin word, brand or model.
    pub is_known_latin: &'a dyn Fn(&str) -> bool,
    /// Whether a rule may be used.
    pub is_on: &'a dyn Fn(&str) -> bool,
    /// The weakest key of a character, equal in all scripts.
    pub folded: &'a dyn Fn(char) -> char,
}

/// A query that is being listened to, lent to the rules.
pub struct Query<'a> {
    pub listener: &'a Listener<'a>,
    pub typed: &'a Typed,
    /// Made when the first rule asks.
    lattices: [OnceCell<Lattice>; 6],
}

impl Listener<'_> {
    /// Places of the query in order, apart from each other.
    pub fn listen(&self, text: &str, analysis: &Analysis) -> Vec<Heard> {
        if analysis.canonical.len() > QUERY_CHARACTERS_MAX {
            return Vec::new();
        }
        let Some(typed) = Typed::new(text, analysis) else {
            return Vec::new();
        };
        let query = Query {
            listener: self,
            typed: &typed,
            lattices: Default::default(),
        };
        let mut heard = Vec::new();
        let mut at = 0;
        while at < typed.len() {
            match query.heard_from(at) {
                Some(found) => {
                    at = found.range.end;
                    heard.push(found);
                }
                None => at += 1,
            }
        }
        query.drop_unsure(&mut heard);
        heard
    }

    /// How unlikely it is that somebody in the region types in this way.
    fn typing_cost(&self, name: &str) -> f32 {
        let usual = self.region.map_or(&[][..], |region| &region.typing[..]);
        let rank = usual.iter().position(|known| known == name);
        rank.unwrap_or(usual.len()) as f32 * UNUSUAL_TYPING_COST
    }

    /// How unlikely it is that a shopper of the region means the term, however it was typed.
    pub fn foreign_cost(&self, index: &SoundIndex, term: u32) -> f32 {
        let vocabulary = self.region.map_or(&[][..], |region| &region.vocabulary[..]);
        match index.is_said_in(index.term(term), vocabulary) {
            true => 0.0,
            false => FOREIGN_COST,
        }
    }
}

impl<'a> Query<'a> {
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
    fn joined(&self, range: Range<usize>) -> String {
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

    pub fn word_count(&self, range: Range<usize>) -> usize {
        self.words(range).len()
    }

    /// Drops what may be Latin text where the words around it, with nothing but spaces between, are Latin text that
    /// is not known: Eu Yan Sang is no 陽傘.
    fn drop_unsure(&self, heard: &mut Vec<Heard>) {
        let mut start = 0;
        while start < self.typed.len() {
            let glyph = self.typed.glyph(start);
            if !glyph.is_word() {
                start += 1;
                continue;
            }
            let end = (start..self.typed.len())
                .find(|&at| {
                    !self.typed.glyph(at).is_word() && self.typed.glyph(at) != Glyph::Separator
                })
                .unwrap_or(self.typed.len());
            let is_heard = |at: usize| heard.iter().any(|sound| sound.range.contains(&at));
            let words = self.words(start..end);
            let is_strange = |word: &Range<usize>| {
                !is_heard(word.start) && !(self.listener.is_known_latin)(&self.joined(word.clone()))
            };
            if words.iter().any(is_strange) {
                heard.retain(|sound| {
                    sound.certainty == Certainty::Sure || !(start..end).contains(&sound.range.start)
                });
            }
            start = end;
        }
    }

    /// Runs of letters and digits in a range.
    fn words(&self, range: Range<usize>) -> Vec<Range<usize>> {
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

    /// What was most likely meant by the longest stretch from `start` on that any rule hears.
    fn heard_from(&self, start: usize) -> Option<Heard> {
        let mut all: Vec<(&'static str, Guess)> = Vec::new();
        let mut guesses = Vec::new();
        for rule in TYPING_RULES {
            if !(self.listener.is_on)(rule.id) {
                continue;
            }
            (rule.hear)(self, start, &mut guesses);
            let typing_cost = self.listener.typing_cost(rule.name);
            all.extend(guesses.drain(..).map(|guess| {
                let cost = guess.cost + typing_cost;
                let end = self.without_separators(start, guess.end);
                (rule.id, Guess { cost, end, ..guess })
            }));
        }
        let end = all.iter().map(|(_, guess)| guess.end).max()?;
        all.retain(|(_, guess)| guess.end == end);
        all.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
        let best = all.first()?.1.cost;
        let is_sure = all
            .iter()
            .any(|(_, guess)| guess.certainty == Certainty::Sure);
        let certainty = if is_sure {
            Certainty::Sure
        } else {
            Certainty::Unsure
        };
        let mut candidates: Vec<Candidate> = Vec::new();
        for (rule, guess) in all {
            let is_known = candidates.iter().any(|known| known.text == guess.text);
            if is_known || guess.cost > best + SPREAD_MAX || candidates.len() == CANDIDATES_MAX {
                continue;
            }
            candidates.push(Candidate {
                text: guess.text,
                rule,
                weight: weight(guess.cost),
            });
        }
        Some(Heard {
            range: start..end,
            candidates,
            certainty,
        })
    }

    fn without_separators(&self, start: usize, end: usize) -> usize {
        (start..end)
            .rev()
            .find(|&at| self.typed.glyph(at) != Glyph::Separator)
            .map_or(end, |last| last + 1)
    }
}

fn weight(cost: f32) -> f32 {
    (BEST_WEIGHT * (-WEIGHT_DECAY * cost).exp()).clamp(WEIGHT_MIN, BEST_WEIGHT)
}
