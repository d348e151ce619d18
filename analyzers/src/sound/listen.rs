//! Listens to a query: finds where it was typed by sound or on a wrong layout, and ranks what was meant.

use std::ops::Range;

use super::index::SoundIndex;
use super::query::Query;
use super::readings::Readings;
use super::rules::TYPING_RULES;
use super::typed::{Glyph, Typed};
use crate::region::Region;
use crate::tokens::analysis::Analysis;

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

impl Listener<'_> {
    /// Places of the query in order, apart from each other.
    pub fn listen(&self, text: &str, analysis: &Analysis) -> Vec<Heard> {
        if analysis.length() > QUERY_CHARACTERS_MAX {
            return Vec::new();
        }
        let Some(typed) = Typed::new(text, analysis) else {
            return Vec::new();
        };
        let query = Query::new(self, &typed);
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

impl Query<'_> {
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
        all.retain(|(_, guess)| !self.cuts_run(&(start..guess.end)));
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
