//! The alternatives of one unit, gathered rule by rule, each with the edit that explains it.

use std::ops::Range;

use super::terms::{Required, head_term};
use crate::plan::{Alternative, Edit, QueryTerm, Unit};
use crate::rewrite::VECTOR_NEIGHBOUR;

/// Most ways to say a unit, the typed one included: each costs the engine a disjunct.
pub const MAX_ALTERNATIVES: usize = 16;
/// Most words of narrower things beside those, surest first.
pub const MAX_KINDS: usize = 160;

/// What a rule puts beside the typed word.
pub struct Proposal {
    pub rule: &'static str,
    /// Canonical text.
    pub text: String,
    pub terms: Vec<QueryTerm>,
    pub required: Required,
    /// 0 to 1.
    pub weight: f32,
    /// Vocabulary or region that it comes from; empty for none.
    pub region: String,
}

/// A unit under construction.
pub struct Alternatives<'e> {
    source: Range<usize>,
    list: Vec<Alternative>,
    edits: &'e mut Vec<Edit>,
}

impl<'e> Alternatives<'e> {
    pub fn of_typed(
        source: Range<usize>,
        text: &str,
        terms: Vec<QueryTerm>,
        required: Required,
        edits: &'e mut Vec<Edit>,
    ) -> Self {
        let typed = Alternative {
            text: text.to_owned(),
            terms,
            required: required.terms,
            words: required.words,
            weight: 1.0,
            is_near: false,
            edit: None,
        };
        Self {
            source,
            list: vec![typed],
            edits,
        }
    }

    /// Goes on with a unit that is understood already.
    pub fn of_unit(unit: Unit, edits: &'e mut Vec<Edit>) -> Self {
        Self {
            source: unit.source,
            list: unit.alternatives,
            edits,
        }
    }

    /// What an item holds in which the typed alternative stands as words.
    pub fn typed_words(&self) -> &[String] {
        self.list.first().map_or(&[], |typed| &typed.words)
    }

    /// A single character that names a thing stands as a word where a name ends in it: 縮骨遮, and not 遮瑕膏.
    pub fn stand_as_head(&mut self) {
        if let Some(typed) = self.list.first_mut()
            && let Some(head) = head_term(&typed.text)
        {
            typed.words = vec![head];
        }
    }

    /// Whether the text is worth analysing.
    pub fn wants(&self, text: &str) -> bool {
        self.list.len() < MAX_ALTERNATIVES && self.list.iter().all(|known| known.text != text)
    }

    /// Adds it, unless it is there already, there are enough, or nothing could be matched by it.
    pub fn add(&mut self, proposal: Proposal) {
        if self.list.len() < MAX_ALTERNATIVES {
            self.add_new(proposal);
        }
    }

    /// Adds the word of a narrower thing; after all other ways to say the unit.
    pub fn add_kind(&mut self, proposal: Proposal) {
        if self.list.len() < MAX_ALTERNATIVES + MAX_KINDS {
            self.add_new(proposal);
        }
    }

    /// Adds a word that stands near the typed one; after kinds, and only if none of the other ways says it.
    pub fn add_neighbour(&mut self, proposal: Proposal) {
        let said = |known: &Alternative| known.required == proposal.required.terms;
        if !self.list.iter().any(said) {
            self.add_new(proposal);
        }
    }

    fn add_new(&mut self, proposal: Proposal) {
        // Kinds are distinct among themselves.
        let is_new = self
            .list
            .iter()
            .take(MAX_ALTERNATIVES)
            .all(|known| known.required != proposal.required.terms);
        if !is_new || proposal.required.terms.is_empty() {
            return;
        }
        self.edits.push(Edit {
            rule: proposal.rule,
            source: self.source.clone(),
            target: proposal.text.clone(),
            weight: proposal.weight,
            region: proposal.region,
        });
        self.list.push(Alternative {
            text: proposal.text,
            terms: proposal.terms,
            required: proposal.required.terms,
            words: proposal.required.words,
            weight: proposal.weight,
            is_near: proposal.rule == VECTOR_NEIGHBOUR,
            edit: Some(self.edits.len() - 1),
        });
    }

    pub fn into_unit(self) -> Unit {
        Unit {
            head: self.list.first().and_then(|typed| head_term(&typed.text)),
            source: self.source,
            alternatives: self.list,
        }
    }
}
