//! What of a query an item must hold.

use rustc_hash::FxHashMap;
use sampan_analyzers::plan::Unit;
use tantivy::{DocId, SegmentReader, TERMINATED, schema::IndexRecordOption};

use super::{
    Fields, MatchLevel,
    postings::{PostingCursor, WINDOW, WindowBits},
};
use crate::base::error::Result;

/// Of at least so many units one alternative, of an alternative all terms. Terms are indexes into
/// [`Requirement::terms`].
pub(super) struct Requirement<'q> {
    pub terms: Vec<&'q str>,
    units: Vec<Vec<Vec<usize>>>,
    least: usize,
}

impl<'q> Requirement<'q> {
    /// What a level asks of units; nothing meets it when there are none.
    pub fn of_level(units: &'q [Unit], level: MatchLevel) -> Self {
        Self::new(units, level, level.required(units.len()))
    }

    /// Any one of the units, however its words are cut.
    pub fn any_of(units: &'q [Unit]) -> Self {
        Self::new(units, MatchLevel::Any, 1)
    }

    fn new(units: &'q [Unit], level: MatchLevel, least: usize) -> Self {
        let mut places: FxHashMap<&'q str, usize> = FxHashMap::default();
        let mut terms = Vec::new();
        let mut place = |term: &'q String| {
            *places.entry(term).or_insert_with(|| {
                terms.push(term.as_str());
                terms.len() - 1
            })
        };
        let units = units.iter().map(|unit| {
            // What stands near a word only scores.
            let alternatives = unit.alternatives.iter().filter(|way| !way.is_near);
            let alternatives = alternatives.map(|alternative| match level {
                MatchLevel::Words => &alternative.words,
                MatchLevel::All | MatchLevel::Most | MatchLevel::Any => &alternative.required,
            });
            // What asks for nothing is met by nothing.
            let alternatives = alternatives.filter(|required| !required.is_empty());
            alternatives
                .map(|required| required.iter().map(&mut place).collect())
                .collect()
        });
        Self {
            units: units.collect(),
            terms,
            least: least.max(1),
        }
    }

    /// Whether an item meets it that `has` the terms of these indexes.
    pub fn is_met(&self, has: impl Fn(usize) -> bool) -> bool {
        let met = self.units.iter().filter(|unit| {
            let mut alternatives = unit.iter();
            alternatives.any(|required| required.iter().all(|term| has(*term)))
        });
        met.count() >= self.least
    }
}

/// The documents of one segment that meet a requirement, window after window.
pub(super) struct MeetingDocuments {
    terms: Vec<TermDocuments>,
    /// By term. Apart from the rest, since a query may have hundreds of terms and a window few of them.
    places: Vec<TermPlace>,
    /// Those that the segment can meet, rarest first.
    units: Vec<Vec<Alternative>>,
    least: usize,
    /// At each place the documents of the window that hold one unit more than that.
    reached: Vec<WindowBits>,
}

/// Terms that stand together.
struct Alternative {
    rarest: usize,
    others: Vec<usize>,
}

/// Where a term is, in titles and in context.
struct TermDocuments {
    cursors: Vec<PostingCursor>,
    /// Those of the last window that was asked for.
    bits: Box<WindowBits>,
}

/// How far a term has been read.
struct TermPlace {
    /// Window that its bits are of.
    base: Option<DocId>,
    /// First document after that.
    next: DocId,
}

impl MeetingDocuments {
    /// `None` when no document of the segment can meet it.
    pub fn open(
        reader: &SegmentReader,
        fields: Fields,
        requirement: &Requirement<'_>,
    ) -> Result<Option<Self>> {
        let mut terms = Vec::with_capacity(requirement.terms.len());
        for term in &requirement.terms {
            let mut cursors = Vec::with_capacity(2);
            for field in [fields.title, fields.context] {
                let cursor = PostingCursor::open(reader, field, term, IndexRecordOption::Basic)?;
                cursors.extend(cursor);
            }
            terms.push(TermDocuments {
                cursors,
                bits: Box::new(WindowBits::NONE),
            });
        }
        let documents: Vec<usize> = terms.iter().map(TermDocuments::len).collect();
        let alternative = |required: &Vec<usize>| {
            let rarest = *required.iter().min_by_key(|term| documents[**term])?;
            let mut others = required.clone();
            others.retain(|term| *term != rarest);
            (documents[rarest] > 0).then_some(Alternative { rarest, others })
        };
        let units = requirement.units.iter().map(|unit| {
            let alternatives = unit.iter().filter_map(alternative);
            alternatives.collect::<Vec<_>>()
        });
        let mut units: Vec<_> = units.filter(|unit| !unit.is_empty()).collect();
        if units.len() < requirement.least {
            return Ok(None);
        }
        units.sort_by_cached_key(|unit| {
            let rarest = unit.iter().map(|alternative| documents[alternative.rarest]);
            rarest.sum::<usize>()
        });
        Ok(Some(Self {
            places: terms.iter().map(TermDocuments::unread).collect(),
            terms,
            units,
            least: requirement.least,
            reached: vec![WindowBits::NONE; requirement.least],
        }))
    }

    /// First document of the first window from `from` on that may have a document that meets it. Of the rarest units
    /// one is among any that are enough; and of an alternative the rarest term is.
    pub fn next_window(&self, from: DocId) -> Option<DocId> {
        let rarest = &self.units[..=self.units.len() - self.least];
        let documents = rarest
            .iter()
            .flatten()
            .map(|alternative| self.places[alternative.rarest].next);
        let next = documents.min()?.max(from);
        (next != TERMINATED).then_some(next / WINDOW * WINDOW)
    }

    /// The documents of the window that begins at `base`. Windows are asked for in ascending order.
    pub fn window(&mut self, base: DocId) -> &WindowBits {
        self.reached.fill(WindowBits::NONE);
        let units = self.units.len();
        for seen in 0..units {
            let of_unit = self.unit_bits(seen, base);
            for more in (1..self.least.min(seen + 1)).rev() {
                let (fewer, here) = self.reached.split_at_mut(more);
                here[0].unite_both(&fewer[more - 1], &of_unit);
            }
            self.reached[0].unite(&of_unit);
            // What has too few units by now cannot make up for it with those that are left.
            let left = units - seen - 1;
            if self.least > left && self.reached[self.least - left - 1].is_empty() {
                break;
            }
        }
        &self.reached[self.least - 1]
    }

    /// Documents of a window that hold any alternative of a unit.
    fn unit_bits(&mut self, unit: usize, base: DocId) -> WindowBits {
        let mut any = WindowBits::NONE;
        for alternative in &self.units[unit] {
            let Some(rarest) = window(&mut self.terms, &mut self.places, alternative.rarest, base)
            else {
                continue;
            };
            if alternative.others.is_empty() {
                any.unite(rarest);
                continue;
            }
            let mut all = rarest.clone();
            for term in &alternative.others {
                match window(&mut self.terms, &mut self.places, *term, base) {
                    Some(other) => all.intersect(other),
                    None => all = WindowBits::NONE,
                }
                if all.is_empty() {
                    break;
                }
            }
            any.unite(&all);
        }
        any
    }
}

/// Documents of a window that hold a term; `None` when none does.
fn window<'t>(
    terms: &'t mut [TermDocuments],
    places: &mut [TermPlace],
    term: usize,
    base: DocId,
) -> Option<&'t WindowBits> {
    let place = &mut places[term];
    if place.base != Some(base) {
        if place.next >= base + WINDOW {
            return None;
        }
        place.base = Some(base);
        place.next = terms[term].read_window(base);
    }
    Some(&terms[term].bits)
}

impl TermDocuments {
    /// Documents there are; one that has it in both fields counts twice.
    fn len(&self) -> usize {
        self.cursors.iter().map(PostingCursor::len).sum()
    }

    fn unread(&self) -> TermPlace {
        TermPlace {
            base: None,
            next: self.next(),
        }
    }

    fn next(&self) -> DocId {
        let documents = self.cursors.iter().map(PostingCursor::document);
        documents.min().unwrap_or(TERMINATED)
    }

    /// Makes its bits those of the window that begins at `base`; answers the first document after that.
    fn read_window(&mut self, base: DocId) -> DocId {
        *self.bits = WindowBits::NONE;
        for cursor in &mut self.cursors {
            cursor.seek(base);
            cursor.each_before(base + WINDOW, |document, _| {
                self.bits.insert((document - base) as usize);
            });
        }
        self.next()
    }
}
