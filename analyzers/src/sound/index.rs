//! The sound index: a vocabulary by how its terms are said and keyed.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::codes::{self, CodeIndex};
use super::readings::{Dialect, Readings};
use super::spoken::Speaker;
use super::spoken_index::{SpokenIndex, SpokenTerm};
use crate::memory::vec_bytes;

/// Fewer initials alone are an abbreviation of anything.
const INITIALS_MIN: usize = 5;
/// The same for what a catalogue really has.
const CATALOG_INITIALS_MIN: usize = 4;

/// A term to be found by its sound.
#[derive(Debug, Clone)]
pub struct VocabularyTerm<'t> {
    /// As it is written by those who would type it.
    pub written: &'t str,
    /// Canonical text.
    pub canonical: Cow<'t, str>,
    /// How usual the term is, above 0 to 1.
    pub weight: f32,
    /// Vocabulary that it belongs to (`hk`); None for all.
    pub vocabulary: Option<&'t str>,
    /// A word of the language, which may not be sold at all: it takes more evidence to be meant.
    pub is_plain: bool,
}

/// Where a vocabulary is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Dictionary,
    /// All of it is really sold or asked for.
    Catalog,
}

/// A term of the index.
pub struct Term {
    /// Canonical text.
    pub text: Box<str>,
    /// −ln of how usual it is.
    pub cost: f32,
    /// Bits of the vocabularies that it belongs to.
    vocabularies: u32,
    pub is_plain: bool,
}

/// Immutable; built once for each dictionary bundle or generation of the catalogue.
#[derive(Default)]
pub struct SoundIndex {
    /// Fewest syllables of a term that its initials alone stand for.
    pub(super) initials_min: usize,
    terms: Vec<Term>,
    vocabularies: Vec<String>,
    cantonese: SpokenIndex,
    mandarin: SpokenIndex,
    pub(super) cangjie: CodeIndex,
    pub(super) quick: CodeIndex,
}

impl SoundIndex {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        let texts: u64 = self.terms.iter().map(|term| term.text.len() as u64).sum();
        let spoken = self.cantonese.heap_bytes() + self.mandarin.heap_bytes();
        vec_bytes(&self.terms)
            + texts
            + spoken
            + self.cangjie.heap_bytes()
            + self.quick.heap_bytes()
    }

    /// `folded`: the weakest key of a character, equal in all scripts.
    pub(crate) fn build<'t>(
        readings: &Readings,
        vocabulary: impl Iterator<Item = VocabularyTerm<'t>>,
        origin: Origin,
        folded: &dyn Fn(char) -> char,
    ) -> Self {
        let initials_min = match origin {
            Origin::Dictionary => INITIALS_MIN,
            Origin::Catalog => CATALOG_INITIALS_MIN,
        };
        let mut index = Self {
            initials_min,
            ..Self::default()
        };
        let mut by_text: FxHashMap<Box<str>, u32> = FxHashMap::default();
        let mut keyed: FxHashSet<&str> = FxHashSet::default();
        let mut codes = codes::CodeEntries::default();
        for term in vocabulary {
            let id = index.add_term(&term, &mut by_text);
            if term.is_plain {
                // By its shape nobody types it here: it takes its tones to be meant.
                continue;
            }
            if keyed.insert(term.written) {
                codes.add(readings, term.written, id);
            }
            if term.canonical != term.written {
                codes.add(readings, &term.canonical, id);
            }
        }
        (index.cangjie, index.quick) = codes.finish();
        let mut speaker = Speaker::new(readings, folded);
        index.cantonese = index.spoken(&mut speaker, Dialect::Cantonese);
        index.mandarin = index.spoken(&mut speaker, Dialect::Mandarin);
        index
    }

    /// A term given twice belongs to both vocabularies and is as usual as it is in the better.
    fn add_term(
        &mut self,
        term: &VocabularyTerm<'_>,
        by_text: &mut FxHashMap<Box<str>, u32>,
    ) -> u32 {
        let vocabularies = match term.vocabulary {
            None => u32::MAX,
            Some(name) => 1 << self.vocabulary_bit(name).min(u32::BITS as usize - 1),
        };
        let cost = -term.weight.clamp(f32::MIN_POSITIVE, 1.0).ln();
        if let Some(&id) = by_text.get(&*term.canonical) {
            let known = &mut self.terms[id as usize];
            known.vocabularies |= vocabularies;
            known.cost = known.cost.min(cost);
            known.is_plain &= term.is_plain;
            return id;
        }
        let id = self.terms.len() as u32;
        let text: Box<str> = term.canonical.as_ref().into();
        by_text.insert(text.clone(), id);
        self.terms.push(Term {
            text,
            cost,
            vocabularies,
            is_plain: term.is_plain,
        });
        id
    }

    fn vocabulary_bit(&mut self, name: &str) -> usize {
        let known = self.vocabularies.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.vocabularies.push(name.to_owned());
            self.vocabularies.len() - 1
        })
    }

    fn spoken(&self, speaker: &mut Speaker<'_>, dialect: Dialect) -> SpokenIndex {
        let terms = self.terms.iter().enumerate().map(|(id, term)| SpokenTerm {
            id: id as u32,
            text: &term.text,
            initials_min: if term.is_plain {
                usize::MAX
            } else {
                self.initials_min
            },
        });
        SpokenIndex::build(speaker, dialect, terms)
    }

    pub(super) fn dialect(&self, dialect: Dialect) -> &SpokenIndex {
        match dialect {
            Dialect::Cantonese => &self.cantonese,
            Dialect::Mandarin => &self.mandarin,
        }
    }

    pub(super) fn term(&self, id: u32) -> &Term {
        &self.terms[id as usize]
    }

    /// Terms that can be found.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a shopper who speaks the vocabularies says the term.
    pub(super) fn is_said_in(&self, term: &Term, vocabularies: &[String]) -> bool {
        term.vocabularies == u32::MAX
            || self.vocabularies.iter().enumerate().any(|(bit, name)| {
                term.vocabularies & (1 << bit.min(u32::BITS as usize - 1)) != 0
                    && vocabularies.contains(name)
            })
    }
}
