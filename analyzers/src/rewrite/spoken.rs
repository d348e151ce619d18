//! Spoken wishes: 「想搵部平靚正嘅雪櫃」 asks for a 雪櫃, cheap and good.
//!
//! Works from the two ends of the query inwards, only along word boundaries, and never takes the last word out.

use std::ops::Range;

use crate::normalize::Class;
use crate::rewrite::spoken_patterns::{Kind, SpokenPatterns};
use crate::tokens::analysis::Analysis;

/// Longer texts are no spoken query, characters.
const HEARD_CHARACTERS_MAX: usize = 128;

/// Characters `range` of the query were taken for a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub range: Range<usize>,
    pub kind: Kind,
}

/// What was heard in a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Front to back.
    pub taken: Vec<Taken>,
    /// Characters of the words that the item must not have.
    pub excluded: Vec<Range<usize>>,
}

/// The patterns of a query; none for one that is not spoken.
pub fn hear(patterns: &SpokenPatterns, analysis: &Analysis) -> Heard {
    let length = analysis.length();
    if length > HEARD_CHARACTERS_MAX || !patterns.is_spoken(analysis.canonical(0..length)) {
        return Heard::default();
    }
    let boundary = analysis.boundaries();
    let mut hearing = Hearing {
        patterns,
        analysis,
        boundary,
        rest: 0..length,
        heard: Heard::default(),
    };
    hearing.front();
    hearing.back();
    hearing.negation();
    hearing.heard.taken.sort_by_key(|taken| taken.range.start);
    hearing.heard
}

struct Hearing<'a> {
    patterns: &'a SpokenPatterns,
    analysis: &'a Analysis,
    /// As `Analysis::boundaries`.
    boundary: Vec<bool>,
    /// What is left of the query.
    rest: Range<usize>,
    heard: Heard,
}

impl Hearing<'_> {
    /// White space or a mark, but not the hyphen in a model number.
    fn is_gap(&self, index: usize) -> bool {
        self.analysis.class(index) == Some(Class::Gap) && self.boundary[index]
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let is_word = |index: &usize| !self.is_gap(*index);
        let start = range.clone().find(is_word).unwrap_or(range.end);
        let end = range.rev().find(is_word).map_or(start, |last| last + 1);
        start..end
    }

    fn kind(&self, range: Range<usize>) -> Option<Kind> {
        let on_boundaries = self.boundary[range.start] && self.boundary[range.end];
        if !on_boundaries || range.len() > self.patterns.longest() {
            return None;
        }
        self.patterns.kind(self.analysis.canonical(range))
    }

    /// A word to search for: not only gaps, nor one more pattern.
    fn leaves_something(&self, range: Range<usize>) -> bool {
        let range = self.trimmed(range);
        !range.is_empty() && self.kind(range).is_none()
    }

    fn front(&mut self) {
        loop {
            self.rest = self.trimmed(self.rest.clone());
            let start = self.rest.start;
            let longest = self.rest.end.min(start + self.patterns.longest());
            let found = (start + 1..=longest).rev().find_map(|end| {
                let kind = self.kind(start..end)?;
                let fits = match kind {
                    Kind::Filler | Kind::Wish(_) => true,
                    Kind::Classifier | Kind::Link => !self.heard.taken.is_empty(),
                    Kind::Negation => false,
                };
                (fits && self.leaves_something(end..self.rest.end)).then_some((end, kind))
            });
            let Some((end, kind)) = found else { return };
            self.heard.taken.push(Taken {
                range: start..end,
                kind,
            });
            self.rest.start = end;
        }
    }

    fn back(&mut self) {
        loop {
            self.rest = self.trimmed(self.rest.clone());
            let end = self.rest.end;
            let first = self
                .rest
                .start
                .max(end.saturating_sub(self.patterns.longest()));
            let found = (first..end).find_map(|start| {
                let kind = self.kind(start..end)?;
                let fits = matches!(kind, Kind::Filler | Kind::Wish(_) | Kind::Link);
                (fits && self.leaves_something(self.rest.start..start)).then_some((start, kind))
            });
            let Some((start, kind)) = found else { return };
            self.heard.taken.push(Taken {
                range: start..end,
                kind,
            });
            self.rest.end = start;
        }
    }

    /// The first negation in what is left. It covers the words behind it, up to a gap or a link: of 唔要黑色嘅手機殼
    /// the case is wanted.
    fn negation(&mut self) {
        let rest = self.rest.clone();
        let Some(negation) = rest.clone().find_map(|start| {
            let longest = rest.end.min(start + self.patterns.longest());
            let end = (start + 1..=longest)
                .rev()
                .find(|&end| self.kind(start..end) == Some(Kind::Negation))?;
            Some(start..end)
        }) else {
            return;
        };
        let begin = self.trimmed(negation.end..rest.end).start;
        let gap = (begin..rest.end)
            .find(|&index| self.is_gap(index))
            .unwrap_or(rest.end);
        let link = (begin..gap).find_map(|from| {
            let to = (from + 1..gap).find(|&to| self.kind(from..to) == Some(Kind::Link))?;
            Some(from..to)
        });
        let stop = link.as_ref().map_or(gap, |link| link.start);
        let after = link.as_ref().map_or(gap, |link| link.end);
        let leaves = self.leaves_something(rest.start..negation.start)
            || self.leaves_something(after..rest.end);
        if begin < stop && leaves {
            self.heard.taken.push(Taken {
                range: negation,
                kind: Kind::Negation,
            });
            self.heard.taken.extend(link.map(|range| Taken {
                range,
                kind: Kind::Link,
            }));
            self.heard.excluded.push(begin..stop);
        }
    }
}
