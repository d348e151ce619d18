//! What a spoken wish says beside the thing: for whom (細路玩嘅積木), for what (打印機要墨盒), and when (露營用嘅爐頭).

use std::ops::Range;

use super::Understanding;
use super::terms::scored_terms_in;
use crate::plan::{QueryTerm, TermFamily, Understood};
use crate::rewrite::spoken::{Heard, Taken};
use crate::rewrite::spoken_patterns::Kind;
use crate::tokens::analysis::Analysis;

/// Factor on the words that say what a thing is for.
const CONTEXT_WEIGHT: f32 = 0.6;
/// Shortest word of a context that is understood, characters: single ones are classifiers and particles too.
pub(super) const WORD_CHARACTERS_MIN: usize = 2;
/// What may stand between a word and the end of its context: 打印機要.
const VERB_CHARACTERS_MAX: usize = 1;
/// Said of goods of any department.
const ATTRIBUTES: &str = "attributes/";
/// For whom they are: a 細路 asks for another 積木.
const PEOPLE: &str = "attributes/people";
/// What a lead ends in that makes the words before it a clause about the thing: 廚房用嘅抹布.
const CLAUSE_ENDS: [&str; 3] = ["嘅", "的", "嗰啲"];

/// Where a word of a context stands.
struct Place {
    /// Nothing but a verb is between it and the end.
    is_last: bool,
    is_in_clause: bool,
}

impl Understanding<'_> {
    /// Who a thing is for, and what other thing, are words of the query. An occasion is none, but of two things that
    /// answer the query the one that names it comes first.
    pub(super) fn add_context(&self, typed: &Analysis, heard: &Heard, understood: &mut Understood) {
        let boundaries = typed.boundaries();
        let context = heard.taken.iter().filter(|t| t.kind == Kind::Context);
        let is_lead = |taken: &&Taken| matches!(taken.kind, Kind::Filler | Kind::PriceLimit);
        let leads: Vec<Taken> = heard.taken.iter().filter(is_lead).cloned().collect();
        for taken in context {
            let lead = leads
                .iter()
                .find(|lead| lead.range.start == taken.range.end);
            let ends_clause = |range: Range<usize>| {
                let text = typed.canonical(range);
                CLAUSE_ENDS.iter().any(|end| text.ends_with(end))
            };
            let is_in_clause = ends_clause(taken.range.clone())
                || lead.is_some_and(|lead| {
                    lead.kind == Kind::Filler && ends_clause(lead.range.clone())
                });
            let mut at = taken.range.start;
            while at < taken.range.end {
                let rest = at..taken.range.end;
                let end = boundaries[at]
                    .then(|| self.word_of_context(typed, &boundaries, rest))
                    .flatten();
                if let Some(end) = end {
                    let place = Place {
                        is_last: end + VERB_CHARACTERS_MAX >= taken.range.end,
                        is_in_clause,
                    };
                    self.add_word_of_context(typed, at..end, &place, understood);
                }
                at = end.unwrap_or(at + 1);
            }
            let terms = scored_terms_in(self.chain, typed, taken.range.clone());
            add_terms(terms, understood);
        }
    }

    /// End of a known word at the start of a range, or of one with a number: 四人用嘅帳幕.
    fn word_of_context(
        &self,
        typed: &Analysis,
        boundaries: &[bool],
        range: Range<usize>,
    ) -> Option<usize> {
        let start = range.start;
        let ends = start + WORD_CHARACTERS_MIN..=range.end;
        let known = self.term_end_before(typed, boundaries, range);
        known.filter(|end| ends.contains(end)).or_else(|| {
            let mut ends = ends.filter(|&end| boundaries[end]);
            ends.next()
                .filter(|&end| self.is_counted(typed.canonical(start..end)))
        })
    }

    fn add_word_of_context(
        &self,
        typed: &Analysis,
        word: Range<usize>,
        place: &Place,
        understood: &mut Understood,
    ) {
        let canonical = typed.canonical(word.clone());
        let is_thing = place.is_last && self.names_thing(canonical);
        // 辦公室用的椅子 is an 辦公椅.
        let is_said =
            self.is_in(canonical, ATTRIBUTES) || place.is_last && self.is_counted(canonical);
        let is_use = place.is_in_clause && is_said;
        let is_person = self.is_in(canonical, PEOPLE);
        let Some(unit) = self.unit(typed, word, &[], &mut understood.edits) else {
            return;
        };
        if is_thing || is_use || is_person {
            // The thing itself stays the last.
            understood.units.insert(0, unit);
        } else {
            let terms = unit.alternatives.into_iter().flat_map(|way| way.terms);
            add_terms(terms.collect(), understood);
        }
    }

    pub(super) fn is_in(&self, canonical: &str, category: &str) -> bool {
        let vocabulary = self.vocabulary();
        vocabulary.is_some_and(|vocabulary| vocabulary.is_in(canonical, category))
    }

    pub(super) fn is_counted(&self, canonical: &str) -> bool {
        self.region
            .is_some_and(|region| region.spoken.is_counted(canonical))
    }

    pub(super) fn is_classifier(&self, canonical: &str) -> bool {
        let region = self.region;
        region.is_some_and(|region| region.spoken.kind(canonical) == Some(Kind::Classifier))
    }

    /// Whether it is the usual name of something that is sold.
    pub(super) fn names_thing(&self, canonical: &str) -> bool {
        let vocabulary = self.vocabulary();
        let is_named = vocabulary.is_some_and(|vocabulary| vocabulary.names(canonical));
        is_named && !self.is_in(canonical, ATTRIBUTES) || self.kinds.names(canonical)
    }

    /// Whether shoppers may mean something that is sold by it.
    pub(super) fn is_thing(&self, canonical: &str) -> bool {
        let vocabulary = self.vocabulary();
        let is_understood = vocabulary.is_some_and(|vocabulary| vocabulary.understands(canonical));
        is_understood && !self.is_in(canonical, ATTRIBUTES) || self.kinds.names(canonical)
    }
}

/// Adds what tells more than single characters do, to scoring alone.
fn add_terms(terms: Vec<QueryTerm>, understood: &mut Understood) {
    for mut term in terms {
        let is_telling = matches!(term.family, TermFamily::Bigram | TermFamily::Latin);
        if is_telling && understood.typed.iter().all(|known| known.term != term.term) {
            term.weight *= CONTEXT_WEIGHT;
            understood.typed.push(term);
        }
    }
}
