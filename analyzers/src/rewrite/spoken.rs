//! Spoken wishes: 「想搵部平靚正嘅雪櫃」 asks for a 雪櫃, cheap and good.
//!
//! Works from the two ends of the query inwards, only along word boundaries, and never takes the last word out.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::error::DictionaryError;
use crate::normalize::Class;
use crate::plan::Preference;
use crate::table::Table;
use crate::tokens::chain::Analysis;

/// In `common/` and in a region's folder.
pub const FILE: &str = "spoken.tsv";

/// Longer texts are no spoken query, characters.
const HEARD_CHARACTERS_MAX: usize = 128;

/// What a spoken pattern does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 想搵, 有冇 at the front; 呀, 唔該 at the end.
    Filler,
    /// 部, 一件: only behind a pattern that was taken at the front.
    Classifier,
    /// 嘅: only behind a pattern that was taken at the front, or at the end.
    Link,
    Wish(Preference),
    /// 唔要: what follows must not be in the item.
    Negation,
}

/// Characters `range` of the query were taken for a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub range: Range<usize>,
    pub kind: Kind,
}

/// What was heard in a query.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub taken: Vec<Taken>,
    /// Characters of the words that the item must not have.
    pub excluded: Vec<Range<usize>>,
}

#[derive(Clone, Default)]
pub struct SpokenPatterns {
    kinds: FxHashMap<Box<str>, Kind>,
    longest: usize,
}

impl SpokenPatterns {
    /// Columns `pattern`, `kind`, `source`; later files override earlier ones.
    pub fn add(
        &mut self,
        file: &str,
        text: &str,
        canonical: &dyn Fn(&str) -> String,
    ) -> Result<(), DictionaryError> {
        for row in Table::parse(file, text, &["pattern", "kind", "source"])?.rows() {
            let kind = match row.required("kind")? {
                "filler" => Kind::Filler,
                "classifier" => Kind::Classifier,
                "link" => Kind::Link,
                "cheap" => Kind::Wish(Preference::Cheap),
                "quality" => Kind::Wish(Preference::Quality),
                "newest" => Kind::Wish(Preference::Newest),
                "popular" => Kind::Wish(Preference::Popular),
                "negation" => Kind::Negation,
                _ => return Err(row.error(
                    "kind",
                    "one of filler, classifier, link, cheap, quality, newest, popular, negation",
                )),
            };
            row.required("source")?;
            for pattern in row.required("pattern")?.split('|') {
                let pattern = canonical(pattern.trim());
                self.longest = self.longest.max(pattern.chars().count());
                self.kinds.insert(pattern.into(), kind);
            }
        }
        Ok(())
    }

    /// Patterns of `analysis`, front to back. Empty for a query that is not spoken.
    pub fn hear(&self, analysis: &Analysis) -> Heard {
        if analysis.length() > HEARD_CHARACTERS_MAX {
            return Heard::default();
        }
        let mut hearing = Hearing::new(self, analysis);
        hearing.front();
        hearing.back();
        hearing.negation();
        hearing.finish()
    }
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

impl<'a> Hearing<'a> {
    fn new(patterns: &'a SpokenPatterns, analysis: &'a Analysis) -> Self {
        Self {
            patterns,
            analysis,
            boundary: analysis.boundaries(),
            rest: 0..analysis.length(),
            heard: Heard::default(),
        }
    }

    /// White space or a mark, but not the hyphen in a model number.
    fn is_gap(&self, index: usize) -> bool {
        self.analysis.class(index) == Some(Class::Gap) && self.boundary[index]
    }

    fn skip_gaps(&mut self) {
        while !self.rest.is_empty() && self.is_gap(self.rest.start) {
            self.rest.start += 1;
        }
        while !self.rest.is_empty() && self.is_gap(self.rest.end - 1) {
            self.rest.end -= 1;
        }
    }

    fn kind(&self, range: Range<usize>) -> Option<Kind> {
        if !self.boundary[range.start] || !self.boundary[range.end] {
            return None;
        }
        self.patterns
            .kinds
            .get(self.analysis.canonical(range))
            .copied()
    }

    fn front(&mut self) {
        loop {
            self.skip_gaps();
            let start = self.rest.start;
            let longest = self.rest.end.min(start + self.patterns.longest);
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
            self.skip_gaps();
            let end = self.rest.end;
            let first = self
                .rest
                .start
                .max(end.saturating_sub(self.patterns.longest));
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

    /// The first negation inside what is left; the words behind it, up to the next gap, are excluded.
    fn negation(&mut self) {
        let rest = self.rest.clone();
        for start in rest.clone() {
            let longest = rest.end.min(start + self.patterns.longest);
            let Some(end) = (start + 1..=longest)
                .rev()
                .find(|&end| self.kind(start..end) == Some(Kind::Negation))
            else {
                continue;
            };
            let begin = (end..rest.end)
                .find(|&index| !self.is_gap(index))
                .unwrap_or(rest.end);
            let stop = (begin..rest.end)
                .find(|&index| self.is_gap(index))
                .unwrap_or(rest.end);
            let leaves =
                self.leaves_something(rest.start..start) || self.leaves_something(stop..rest.end);
            if begin < stop && leaves {
                self.heard.taken.push(Taken {
                    range: start..end,
                    kind: Kind::Negation,
                });
                self.heard.excluded.push(begin..stop);
                return;
            }
        }
    }

    /// A word to search for: not only more patterns and gaps.
    fn leaves_something(&self, range: Range<usize>) -> bool {
        range.clone().any(|index| !self.is_gap(index)) && self.kind(self.trimmed(range)).is_none()
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let start = range
            .clone()
            .find(|&index| !self.is_gap(index))
            .unwrap_or(range.end);
        let end = range
            .clone()
            .rev()
            .find(|&index| !self.is_gap(index))
            .map_or(start, |at| at + 1);
        start..end
    }

    fn finish(mut self) -> Heard {
        self.heard.taken.sort_by_key(|taken| taken.range.start);
        self.heard
    }
}
