//! An understood query as groups of terms that are scored together.

use rustc_hash::FxHashMap;
use sampan_analyzers::{
    plan::{Alternative, QueryTerm, TermFamily, Understood, Unit},
    rewrite::REGION_TERM,
};
use tantivy::{Term, schema::Field};

use super::LexicalSnapshot;
use crate::base::error::{Result, SampanError};

/// Weight of the kind of thing that the query's last character names, against 1 of a pair of characters: what is asked
/// for stands last, and shelf labels (罐頭腸) have modifiers that titles leave out (熱狗腸).
const KIND_WEIGHT: f32 = 1.0;
/// The same where the last word is a known thing: the words before it only say which.
const KNOWN_KIND_WEIGHT: f32 = 3.0;
/// Factor on words that stand in an item only across the edges of others.
const ACROSS_FACTOR: f32 = 0.8;

/// A distinct term of the query.
pub(super) struct TermFacts<'u> {
    pub term: &'u str,
    /// BM25's inverse document frequency; 0 when no item has it.
    pub idf: f32,
}

/// A group of terms that is scored together: an alternative of a unit, or the terms across units. Terms are indexes into
/// [`Groups::terms`].
pub(super) struct Group {
    /// Unit it belongs to; `None`: across units.
    pub unit: Option<usize>,
    /// Factor on the group's share of its unit.
    pub weight: f32,
    /// Each term and its weight.
    pub terms: Vec<(usize, f32)>,
    /// Most that the group's terms can add up to.
    pub most: f32,
    /// Of the typed words any part counts; of others a part is chance: `air` of `air conditioner` says nothing about
    /// 冷氣機.
    pub is_typed: bool,
    /// What an item has that has all of the group, however it is cut; empty across units.
    pub required: Vec<usize>,
    /// What an item has in which the group stands as words; empty across units.
    pub words: Vec<usize>,
    /// Whether it only stands near the unit.
    pub is_near: bool,
    /// Terms any one of which tells more than a shared character does: words and parts of words that were typed, and
    /// the kind of thing that their last character names.
    pub telling: Vec<usize>,
}

/// The kind of thing that a query asks for.
pub(super) struct Kind {
    /// Term of the last character as a head.
    pub head: usize,
    /// The unit that it ends.
    pub unit: usize,
    pub weight: f32,
}

/// The groups of a query, and their terms.
#[derive(Default)]
pub(super) struct Groups<'u> {
    pub terms: Vec<TermFacts<'u>>,
    pub all: Vec<Group>,
    /// What the query's last character names; none when that is no Han character.
    pub kind: Option<Kind>,
    places: FxHashMap<&'u str, usize>,
}

impl Group {
    /// Whether an item with these term weights has anything by the group.
    pub fn counts(&self, weights: &[f32]) -> bool {
        self.most > 0.0 && (self.is_typed || has_all(&self.required, weights))
    }

    /// How far the group stands there as what it says, to 1. 粉底 in 螺螄粉底料 stands across the edges of other words;
    /// that can be told only where the catalogue knows it as words at all.
    pub fn standing(&self, terms: &[TermFacts<'_>], weights: &[f32]) -> f32 {
        let is_known = self.words.iter().all(|word| terms[*word].idf > 0.0);
        if is_known && has_all(&self.required, weights) && !has_all(&self.words, weights) {
            ACROSS_FACTOR
        } else {
            1.0
        }
    }
}

/// Whether an item with these term weights has all of the terms.
pub(super) fn has_all(terms: &[usize], weights: &[f32]) -> bool {
    terms.iter().all(|place| weights[*place] > 0.0)
}

impl<'u> Groups<'u> {
    pub fn of(understood: &'u Understood, snapshot: &LexicalSnapshot) -> Result<Self> {
        let mut groups = Self::default();
        let mut in_units: Vec<&str> = Vec::new();
        for (place, unit) in understood.units.iter().enumerate() {
            for alternative in &unit.alternatives {
                groups.add_alternative(place, alternative, snapshot)?;
            }
            let typed = unit
                .alternatives
                .first()
                .into_iter()
                .flat_map(|typed| &typed.terms);
            in_units.extend(typed.map(|term| term.term.as_str()));
            groups.kind = None;
            if let (Some(head), Some(typed)) = (&unit.head, groups.of_unit(place)) {
                let head = groups.place(head, snapshot)?;
                groups.all[typed].telling.push(head);
                let is_known = is_known_thing(unit, understood);
                groups.kind = Some(Kind {
                    head,
                    unit: place,
                    weight: if is_known {
                        KNOWN_KIND_WEIGHT
                    } else {
                        KIND_WEIGHT
                    },
                });
            }
        }
        let across = |term: &&QueryTerm| !in_units.contains(&term.term.as_str());
        let across = groups.weighted(understood.typed.iter().filter(across), snapshot)?;
        groups.all.push(Group {
            unit: None,
            weight: 1.0,
            most: groups.most(&across),
            terms: across,
            is_typed: true,
            required: Vec::new(),
            words: Vec::new(),
            is_near: false,
            telling: Vec::new(),
        });
        Ok(groups)
    }

    /// Where the group of a unit's typed alternative is.
    fn of_unit(&self, unit: usize) -> Option<usize> {
        self.all.iter().position(|group| group.unit == Some(unit))
    }

    fn add_alternative(
        &mut self,
        unit: usize,
        alternative: &'u Alternative,
        snapshot: &LexicalSnapshot,
    ) -> Result<()> {
        let is_typed = alternative.edit.is_none();
        let terms = self.weighted(alternative.terms.iter(), snapshot)?;
        let of = |telling: &dyn Fn(&QueryTerm) -> bool| -> Vec<usize> {
            let each = alternative.terms.iter().zip(&terms);
            each.filter(|(term, _)| telling(term))
                .map(|(_, (place, _))| *place)
                .collect()
        };
        let required = of(&|term| alternative.required.contains(&term.term));
        let telling = of(&|term| is_typed && tells(term.family));
        let mut words = Vec::with_capacity(alternative.words.len());
        for word in &alternative.words {
            words.push(self.place(word, snapshot)?);
        }
        self.all.push(Group {
            unit: Some(unit),
            weight: alternative.weight,
            most: self.most(&terms),
            terms,
            is_typed,
            required,
            words,
            is_near: alternative.is_near,
            telling,
        });
        Ok(())
    }

    fn weighted(
        &mut self,
        terms: impl Iterator<Item = &'u QueryTerm>,
        snapshot: &LexicalSnapshot,
    ) -> Result<Vec<(usize, f32)>> {
        terms
            .map(|term| Ok((self.place(&term.term, snapshot)?, term.weight)))
            .collect()
    }

    fn most(&self, terms: &[(usize, f32)]) -> f32 {
        let worth = terms
            .iter()
            .map(|(place, weight)| self.terms[*place].idf * weight);
        worth.sum()
    }

    /// Where the term is in [`Self::terms`], to which it is added when it is not there.
    pub fn place(&mut self, term: &'u str, snapshot: &LexicalSnapshot) -> Result<usize> {
        if let Some(place) = self.places.get(term) {
            return Ok(*place);
        }
        let idf = snapshot.idf(term)?;
        self.terms.push(TermFacts { term, idf });
        self.places.insert(term, self.terms.len() - 1);
        Ok(self.terms.len() - 1)
    }

    /// What a full match of a unit is worth: its typed alternative's worth, or, when the catalogue does not know that
    /// one, the least of the others'.
    pub fn importance(&self, unit: usize) -> f32 {
        let of_unit = self.all.iter().filter(|group| group.unit == Some(unit));
        let mut of_unit = of_unit.map(|group| group.most);
        let typed = of_unit.next().unwrap_or(0.0);
        if typed > 0.0 {
            return typed;
        }
        of_unit
            .filter(|most| *most > 0.0)
            .min_by(f32::total_cmp)
            .unwrap_or(0.0)
    }
}

/// Whether the dictionaries know what a unit names.
fn is_known_thing(unit: &Unit, understood: &Understood) -> bool {
    let mut edits = unit.alternatives.iter().filter_map(|way| way.edit);
    edits.any(|edit| understood.edits[edit].rule == REGION_TERM)
}

/// Whether a term tells more than single characters do, and pairs that may lie across words.
fn tells(family: TermFamily) -> bool {
    match family {
        TermFamily::Word | TermFamily::Latin | TermFamily::Head => true,
        TermFamily::Unigram | TermFamily::Bigram | TermFamily::Folded => false,
    }
}

impl LexicalSnapshot {
    /// BM25's inverse document frequency; 0 when no item has the term.
    pub(super) fn idf(&self, term: &str) -> Result<f32> {
        let frequency = |field: Field| {
            let term = Term::from_field_text(field, term);
            self.searcher.doc_freq(&term).map_err(SampanError::internal)
        };
        let having = frequency(self.fields.title)?.max(frequency(self.fields.context)?) as f32;
        if having == 0.0 {
            return Ok(0.0);
        }
        let all = self.searcher.num_docs() as f32;
        Ok((1.0 + (all - having).max(0.0) / (having + 0.5) + 0.5 / (having + 0.5)).ln())
    }
}
