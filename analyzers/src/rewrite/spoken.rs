//! Spoken wishes: 「想搵部平靚正嘅雪櫃」 asks for a 雪櫃, cheap and good.
//!
//! Works from the two ends of the query inwards, then looks inside for what tells the thing from its occasion (公司要部
//! 過膠機), only along word boundaries, and never takes the last word out.

use std::ops::Range;

use crate::normalize::Class;
use crate::rewrite::spoken_patterns::{Kind, Role, SpokenPatterns};
use crate::tokens::analysis::Analysis;

/// Longer texts are no spoken query, characters.
const HEARD_CHARACTERS_MAX: usize = 128;

/// Longest name of a thing that is looked for in a spoken query, characters.
const THING_CHARACTERS_MAX: usize = 8;

/// Longest verb before a classifier, characters.
const VERB_CHARACTERS_MAX: usize = 4;

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

impl Heard {
    /// Characters that are no words of what is wanted.
    pub fn gone(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let taken = self.taken.iter().map(|taken| taken.range.clone());
        taken.chain(self.excluded.iter().cloned())
    }

    /// Takes more for context.
    pub fn add_context(&mut self, ranges: Vec<Range<usize>>) {
        let kind = Kind::Context;
        let taken = ranges.into_iter().map(|range| Taken { range, kind });
        self.taken.extend(taken);
        self.taken.sort_by_key(|taken| taken.range.start);
    }
}

/// The patterns of a query; none for one that is not spoken. `is_thing`: whether shoppers know a canonical text as the
/// name of something that is sold.
pub fn hear(
    patterns: &SpokenPatterns,
    analysis: &Analysis,
    is_thing: &dyn Fn(&str) -> bool,
) -> Heard {
    let length = analysis.length();
    if length > HEARD_CHARACTERS_MAX {
        return Heard::default();
    }
    let mut hearing = Hearing {
        patterns,
        analysis,
        is_thing,
        boundary: analysis.boundaries(),
        rest: 0..length,
        heard: Heard::default(),
    };
    if !patterns.is_spoken(analysis.canonical(0..length)) && !hearing.leads_to_thing() {
        return Heard::default();
    }
    hearing.front();
    hearing.back();
    while hearing.negation() {}
    if hearing.heard.excluded.is_empty() {
        hearing.context();
    }
    hearing.between();
    hearing.heard.taken.sort_by_key(|taken| taken.range.start);
    hearing.heard
}

struct Hearing<'a> {
    patterns: &'a SpokenPatterns,
    analysis: &'a Analysis,
    is_thing: &'a dyn Fn(&str) -> bool,
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

    /// Whether a lead stands before a thing that ends the query, or nearly: 公司要部過膠機用.
    fn leads_to_thing(&self) -> bool {
        let rest = self.trimmed(self.rest.clone());
        (rest.start + 1..rest.end).any(|start| {
            let Some(lead_end) = self.wish_end(start) else {
                return false;
            };
            let thing = self.trimmed(lead_end..rest.end);
            let ends = (thing.start + 1..=thing.end).rev();
            let mut ends = ends.filter(|&end| {
                let tail = self.trimmed(end..thing.end);
                tail.is_empty() || matches!(self.kind(tail), Some(Kind::Filler | Kind::Wish(_)))
            });
            ends.any(|end| {
                self.boundary[end] && (self.is_thing)(self.analysis.canonical(thing.start..end))
            })
        })
    }

    fn front(&mut self) {
        loop {
            self.rest = self.trimmed(self.rest.clone());
            let start = self.rest.start;
            let longest = self.rest.end.min(start + self.patterns.longest());
            let found = (start + 1..=longest).rev().find_map(|end| {
                let kind = self.kind(start..end)?;
                let fits = match kind {
                    Kind::Filler | Kind::Function | Kind::Wish(_) | Kind::PriceLimit => true,
                    // Of 個一匹半 the second counts what is wanted.
                    Kind::Classifier => {
                        let last = self.heard.taken.last();
                        last.is_some_and(|last| last.kind != Kind::Classifier)
                    }
                    Kind::Link => !self.heard.taken.is_empty(),
                    Kind::Negation | Kind::Context => false,
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
                let fits = matches!(
                    kind,
                    Kind::Filler | Kind::Function | Kind::Wish(_) | Kind::Link | Kind::PriceLimit
                );
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

    /// Ends of what may stand at `start`, furthest first.
    fn ends(&self, start: usize) -> impl Iterator<Item = usize> + use<> {
        let longest = self.rest.end.min(start + self.patterns.longest());
        (start + 1..=longest).rev()
    }

    fn has_role(&self, role: Role, range: Range<usize>) -> bool {
        self.boundary[range.start]
            && self.boundary[range.end]
            && self.patterns.has_role(role, self.analysis.canonical(range))
    }

    fn take(&mut self, range: Range<usize>, kind: Kind) {
        if !range.is_empty() {
            self.heard.taken.push(Taken { range, kind });
        }
    }

    /// Whether nothing was taken there yet.
    fn is_free(&self, range: &Range<usize>) -> bool {
        let taken = self.heard.taken.iter().map(|taken| &taken.range);
        let mut busy = taken.chain(&self.heard.excluded);
        !busy.any(|busy| busy.start < range.end && range.start < busy.end)
    }

    /// Whether a thing is named somewhere in it.
    fn names_thing(&self, range: Range<usize>) -> bool {
        let starts = range.clone().filter(|&start| self.boundary[start]);
        starts.into_iter().any(|start| {
            let last = range.end.min(start + THING_CHARACTERS_MAX);
            (start + 1..=last)
                .filter(|&end| self.boundary[end])
                .any(|end| (self.is_thing)(self.analysis.canonical(start..end)))
        })
    }

    /// Whether `thing` may be what is wanted, and `context` what it is for.
    fn is_likely(&self, thing: Range<usize>, context: Range<usize>) -> bool {
        self.leaves_something(thing.clone())
            && (self.names_thing(thing) || !self.names_thing(context))
    }

    /// Whether `context` only says something of `thing`: 手信 可以買返鄉下, 洗髮精 不會掉髮.
    fn is_praise(&self, thing: Range<usize>, context: Range<usize>) -> bool {
        self.leaves_something(thing.clone())
            && self.names_thing(thing)
            && !self.names_thing(context)
    }

    /// What the thing is for: before the last lead, behind the first tail, and clauses.
    fn context(&mut self) {
        self.clauses();
        self.rest = self.trimmed(self.rest.clone());
        let lead = self.rest.clone().rev().find_map(|start| {
            let end = self.lead_end(start)?;
            let is_likely = self.is_likely(end..self.rest.end, self.rest.start..start);
            (self.is_free(&(start..end)) && is_likely).then_some(start..end)
        });
        if let Some(lead) = lead {
            self.take(self.rest.start..lead.start, Kind::Context);
            let is_price = self.kind(lead.clone()) == Some(Kind::PriceLimit);
            let kind = if is_price {
                Kind::PriceLimit
            } else {
                Kind::Filler
            };
            self.take(lead.clone(), kind);
            self.rest.start = lead.end;
            self.front();
        }
        let tail = (self.rest.start + 1..self.rest.end).find(|&start| {
            let (thing, context) = (self.rest.start..start, start..self.rest.end);
            let opens = |role| self.ends(start).any(|end| self.has_role(role, start..end));
            opens(Role::Tail) && self.is_likely(thing.clone(), context.clone())
                || opens(Role::Clause) && self.is_praise(thing, context)
        });
        if let Some(start) = tail {
            self.take(start..self.rest.end, Kind::Context);
            self.rest.end = start;
            self.back();
        }
    }

    /// End of a lead, of a verb and its classifier, or of a price limit.
    fn lead_end(&self, start: usize) -> Option<usize> {
        let price = |end: &usize| self.kind(start..*end) == Some(Kind::PriceLimit);
        let wish = self.wish_end(start);
        wish.or_else(|| self.ends(start).find(price))
    }

    /// End of a lead, or of a verb and its classifier.
    fn wish_end(&self, start: usize) -> Option<usize> {
        let lead = self
            .ends(start)
            .find(|&end| self.has_role(Role::Lead, start..end));
        lead.or_else(|| self.counted_verb_end(start))
    }

    /// End of 要部, which may have been cut as one word.
    fn counted_verb_end(&self, start: usize) -> Option<usize> {
        if !self.boundary[start] {
            return None;
        }
        let verb_ends = start + 1..self.rest.end.min(start + 1 + VERB_CHARACTERS_MAX);
        verb_ends.rev().find_map(|verb| {
            let canonical = self.analysis.canonical(start..verb);
            if !self.patterns.has_role(Role::Verb, canonical) {
                return None;
            }
            let mut ends = self.ends(verb).filter(|&end| self.boundary[end]);
            ends.find(|&end| {
                let counted = self.analysis.canonical(verb..end);
                self.patterns.kind(counted) == Some(Kind::Classifier)
            })
        })
    }

    /// From 可以 to the link before the thing.
    fn clauses(&mut self) {
        let mut start = self.rest.start;
        while start < self.rest.end {
            let mut ends = self.ends(start);
            let clause = ends
                .find(|&end| self.has_role(Role::Clause, start..end))
                .and_then(|end| self.link_before_gap(end))
                .filter(|link| self.is_likely(link.end..self.rest.end, start..link.start));
            match clause {
                Some(link) if self.is_free(&(start..link.end)) => {
                    self.take(start..link.end, Kind::Context);
                    if start == self.rest.start {
                        self.rest.start = link.end;
                    }
                    start = link.end;
                }
                _ => start += 1,
            }
        }
    }

    fn link_before_gap(&self, begin: usize) -> Option<Range<usize>> {
        let end = self.rest.end;
        let gap = (begin..end)
            .find(|&index| self.is_gap(index))
            .unwrap_or(end);
        (begin..gap).find_map(|from| {
            let to = (from + 1..=gap).find(|&to| self.kind(from..to) == Some(Kind::Link))?;
            Some(from..to)
        })
    }

    /// Links, and what could have stood at an end, between the words that are left: 倉鼠嘅籠, 書包有冇護脊.
    fn between(&mut self) {
        let has_taken = !self.heard.taken.is_empty();
        let mut start = self.rest.start + 1;
        while start < self.rest.end {
            let found = self.ends(start).find_map(|end| {
                let kind = self.kind(start..end)?;
                let fits = match kind {
                    Kind::PriceLimit | Kind::Function => true,
                    Kind::Link => has_taken,
                    // One character may be a word of the thing's name.
                    Kind::Filler => end - start > 1,
                    _ => false,
                };
                (fits && self.is_free(&(start..end))).then_some((end, kind))
            });
            if let Some((end, kind)) = found {
                self.take(start..end, kind);
            }
            start = found.map_or(start + 1, |(end, _)| end);
        }
    }

    /// The first negation in what is left. It covers the words behind it, up to a gap or a link: of 唔要黑色嘅手機殼
    /// the case is wanted.
    fn negation(&mut self) -> bool {
        let rest = self.rest.clone();
        let Some(negation) = rest.clone().find_map(|start| {
            let longest = rest.end.min(start + self.patterns.longest());
            let end = (start + 1..=longest)
                .rev()
                .find(|&end| self.kind(start..end) == Some(Kind::Negation))?;
            self.is_free(&(start..end)).then_some(start..end)
        }) else {
            return false;
        };
        let begin = self.trimmed(negation.end..rest.end).start;
        let gap = (begin..rest.end)
            .find(|&index| self.is_gap(index))
            .unwrap_or(rest.end);
        let link = self.link_before_gap(begin).filter(|link| link.end < gap);
        let stop = link.as_ref().map_or(gap, |link| link.start);
        let after = link.as_ref().map_or(gap, |link| link.end);
        let leaves = self.leaves_something(rest.start..negation.start)
            || self.leaves_something(after..rest.end);
        let is_heard = begin < stop && leaves;
        if is_heard {
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
        is_heard
    }
}
