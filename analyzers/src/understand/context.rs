//! What a spoken wish says beside the thing: for whom (細路玩嘅積木), for what (打印機要墨盒), and when (露營用嘅爐頭).

use std::ops::Range;

use super::Understanding;
use super::terms::scored_terms_in;
use crate::plan::{QueryTerm, TermFamily, Understood};
use crate::rewrite::spoken::Heard;
use crate::rewrite::spoken_patterns::Kind;
use crate::tokens::analysis::Analysis;

/// Factor on the words that say what a thing is for.
const CONTEXT_WEIGHT: f32 = 0.6;
/// Shortest word of a context that is understood, characters: single ones are classifiers and particles too.
const WORD_CHARACTERS_MIN: usize = 2;
/// What may stand between a word and the end of its context: 打印機要.
const VERB_CHARACTERS_MAX: usize = 1;
/// Said of goods of any department.
const ATTRIBUTES: &str = "attributes/";
/// For whom they are: a 細路 asks for another 積木.
const PEOPLE: &str = "attributes/people";

impl Understanding<'_> {
    /// Who a thing is for, and what other thing, are words of the query. An occasion is none, but of two things that
    /// answer the query the one that names it comes first.
    pub(super) fn add_context(&self, typed: &Analysis, heard: &Heard, understood: &mut Understood) {
        let boundaries = typed.boundaries();
        let context = heard.taken.iter().filter(|t| t.kind == Kind::Context);
        let leads = heard.taken.iter().filter(|t| t.kind == Kind::Filler);
        let leads: Vec<usize> = leads.map(|lead| lead.range.start).collect();
        for taken in context {
            let is_before_lead = leads.contains(&taken.range.end);
            let mut at = taken.range.start;
            while at < taken.range.end {
                let rest = at..taken.range.end;
                let end = boundaries[at]
                    .then(|| self.term_end_before(typed, &boundaries, rest))
                    .flatten()
                    .filter(|end| end - at >= WORD_CHARACTERS_MIN);
                if let Some(end) = end {
                    let place = (&taken.range, is_before_lead);
                    self.add_word_of_context(typed, at..end, place, understood);
                }
                at = end.unwrap_or(at + 1);
            }
            let terms = scored_terms_in(self.chain, typed, taken.range.clone());
            add_terms(terms, understood);
        }
    }

    fn add_word_of_context(
        &self,
        typed: &Analysis,
        word: Range<usize>,
        (context, is_before_lead): (&Range<usize>, bool),
        understood: &mut Understood,
    ) {
        let canonical = typed.canonical(word.clone());
        let vocabulary = self.vocabulary();
        let is_in = |category| {
            let vocabulary = vocabulary.as_ref();
            vocabulary.is_some_and(|vocabulary| vocabulary.is_in(canonical, category))
        };
        let names_thing = vocabulary.is_some_and(|vocabulary| vocabulary.names(canonical));
        let is_last = word.end + VERB_CHARACTERS_MAX >= context.end;
        let is_thing = is_last && names_thing && !is_in(ATTRIBUTES);
        // 辦公室用的椅子 is an 辦公椅.
        let is_use = is_last && is_before_lead && is_in(ATTRIBUTES);
        let Some(unit) = self.unit(typed, word, &[], &mut understood.edits) else {
            return;
        };
        if is_thing || is_use || is_in(PEOPLE) {
            // The thing itself stays the last.
            understood.units.insert(0, unit);
        } else {
            let terms = unit.alternatives.into_iter().flat_map(|way| way.terms);
            add_terms(terms.collect(), understood);
        }
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
