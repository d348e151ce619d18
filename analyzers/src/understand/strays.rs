//! Words that are left of a spoken wish and tell nothing of the thing: 行得耐都 of 想買對行得耐都唔攰嘅鞋.

use std::ops::Range;

use super::Understanding;
use super::context::WORD_CHARACTERS_MIN;
use crate::normalize::Class;
use crate::plan::Unit;
use crate::rewrite::spoken::Heard;
use crate::rewrite::spoken_patterns::Kind;
use crate::tokens::analysis::Analysis;

/// What a word does in a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Thing,
    /// Says something of it.
    Telling,
    Unknown,
}

impl Understanding<'_> {
    /// Words that are left of a wish and tell nothing of the thing: 行得耐都 of 想買對行得耐都唔攰嘅鞋. Where no known
    /// thing is named, the last words are taken for its name.
    pub(super) fn strays(&self, kept: &Analysis, heard: &Heard) -> Vec<Range<usize>> {
        let words = self.words_of_wish(kept);
        let Some(last) = words.last().map(|(word, _)| word.clone()) else {
            return Vec::new();
        };
        let is_gap = |at: usize| kept.class(at) == Some(Class::Gap);
        let segment_start = |word: &Range<usize>| {
            let mut starts = (0..=word.start).rev();
            starts.find(|&at| at == 0 || is_gap(at - 1))
        };
        // 要買張墊: a single character with nothing beside it.
        let is_alone = |word: &Range<usize>| {
            let ends = word.end == kept.length() || is_gap(word.end);
            let is_character = word.len() == 1 && ends && segment_start(word) == Some(word.start);
            is_character && !self.is_classifier(kept.canonical(word.clone()))
        };
        let is_last_alone = is_alone(&last) && last.start > 0;
        let is_named = !is_last_alone && words.iter().any(|(_, worth)| *worth == Worth::Thing);
        let of_kind = |kind| heard.taken.iter().filter(move |taken| taken.kind == kind);
        // 黑色嘅背囊 is a 黑色背囊.
        let is_linked = |word: &Range<usize>| {
            let mut links = of_kind(Kind::Link).map(|link| &link.range);
            links.any(|link| link.start == word.end && link.end < kept.length())
        };
        // What is said of the thing behind a question: 拖板有冇六位, 麻油味 of 出前一丁有冇麻油味.
        let is_asked = |word: &Range<usize>| {
            let start = segment_start(word);
            let mut asked = of_kind(Kind::Filler).filter(|asked| asked.range.start > 0);
            asked.any(|asked| start == Some(asked.range.end))
                && (word.len() >= WORD_CHARACTERS_MIN || start < Some(word.start))
        };
        let mut strays = Vec::new();
        // Back to front: an unknown word right before the thing may be a part of its name.
        let mut name_start = (!is_named).then_some(last.end);
        for (word, worth) in words.into_iter().rev() {
            let is_long = word.len() >= WORD_CHARACTERS_MIN;
            let touches = name_start == Some(word.end);
            let is_name = match worth {
                Worth::Thing => true,
                Worth::Telling => touches,
                Worth::Unknown => touches && (is_long || !is_named),
            };
            if is_name {
                name_start = Some(word.start);
                continue;
            }
            let is_telling = worth == Worth::Telling
                || is_alone(&word)
                || is_asked(&word)
                || is_long && is_linked(&word);
            if !is_telling {
                strays.push(word);
            }
        }
        strays.reverse();
        strays
    }

    /// The thing itself stands last: 防曬乳嗎敏感肌可以用的 asks for a 敏感肌 防曬乳.
    pub(super) fn put_things_last(&self, units: &mut [Unit]) {
        units.sort_by_cached_key(|unit| {
            let typed = unit.alternatives.first();
            typed.is_some_and(|typed| self.names_thing(&typed.text))
        });
    }

    fn words_of_wish(&self, kept: &Analysis) -> Vec<(Range<usize>, Worth)> {
        let boundaries = kept.boundaries();
        let mut words = Vec::new();
        let mut index = 0;
        while index < kept.length() {
            if kept.class(index) == Some(Class::Gap) {
                index += 1;
                continue;
            }
            let end = self.unit_end(kept, &boundaries, index);
            let canonical = kept.canonical(index..end);
            let vocabulary = self.vocabulary();
            let is_telling = || {
                vocabulary.is_some_and(|vocabulary| vocabulary.understands(canonical))
                    || !(index..end).all(|at| kept.is_han(at))
                    || self.is_counted(canonical)
            };
            let worth = if self.names_thing(canonical) {
                Worth::Thing
            } else if is_telling() {
                Worth::Telling
            } else {
                Worth::Unknown
            };
            words.push((index..end, worth));
            index = end;
        }
        words
    }
}
