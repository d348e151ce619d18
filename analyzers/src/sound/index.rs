//! The sound index: a vocabulary by how its terms are said and keyed.

use rustc_hash::FxHashMap;

use super::codes::{self, CodeIndex};
use super::postings::Postings;
use super::readings::{Dialect, Readings};
use super::spoken::{Element, ways_to_say};
use super::system::SoundSystem;

/// Set on the key byte of a literal letter or digit, so that it is no class of a sound.
const LITERAL_KEY: u8 = 0x80;
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
    pub canonical: String,
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

/// One way to say one term.
pub struct SpokenEntry {
    pub term: u32,
    /// How unusual this reading is, nats.
    pub cost: f32,
    /// Its elements in the pool of its index.
    start: u32,
    length: u8,
}

/// A vocabulary by the classes of its syllables in one dialect.
#[derive(Default)]
pub struct SpokenIndex {
    pub postings: Postings<SpokenEntry>,
    /// Terms by the onset classes of their syllables; only those long enough to be known by them.
    pub initials: Postings<u32>,
    elements: Vec<Element>,
}

impl SpokenIndex {
    pub fn elements(&self, entry: &SpokenEntry) -> &[Element] {
        &self.elements[entry.start as usize..][..usize::from(entry.length)]
    }
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
        let mut codes = codes::CodeEntries::default();
        for term in vocabulary {
            let id = index.add_term(&term, &mut by_text);
            for text in [term.written, term.canonical.as_str()] {
                codes.add(readings, text, id);
            }
        }
        (index.cangjie, index.quick) = codes.finish();
        index.cantonese = index.spoken(readings, Dialect::Cantonese, folded);
        index.mandarin = index.spoken(readings, Dialect::Mandarin, folded);
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
        if let Some(&id) = by_text.get(term.canonical.as_str()) {
            let known = &mut self.terms[id as usize];
            known.vocabularies |= vocabularies;
            known.cost = known.cost.min(cost);
            known.is_plain &= term.is_plain;
            return id;
        }
        let id = self.terms.len() as u32;
        let text: Box<str> = term.canonical.as_str().into();
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

    fn spoken(
        &self,
        readings: &Readings,
        dialect: Dialect,
        folded: &dyn Fn(char) -> char,
    ) -> SpokenIndex {
        let mut keyed = Vec::with_capacity(self.terms.len() * 2);
        let mut initials = Vec::new();
        let mut elements = Vec::with_capacity(self.terms.len() * 8);
        for (id, term) in self.terms.iter().enumerate() {
            for way in ways_to_say(readings, dialect, &term.text, folded) {
                let entry = SpokenEntry {
                    term: id as u32,
                    cost: way.cost,
                    start: elements.len() as u32,
                    length: way.elements.len() as u8,
                };
                keyed.push((key(dialect.system(), &way.elements), entry));
                if way.cost == 0.0 && way.elements.len() >= self.initials_min && !term.is_plain {
                    let key = initials_key(dialect.system(), &way.elements);
                    initials.extend(key.map(|key| (key, id as u32)));
                }
                elements.extend(way.elements);
            }
        }
        SpokenIndex {
            postings: Postings::build(keyed),
            initials: Postings::build(initials),
            elements,
        }
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

/// Two bytes for a syllable, the classes of its onset and rime; one for a literal.
fn key(system: &SoundSystem, elements: &[Element]) -> Vec<u8> {
    let mut key = Vec::with_capacity(elements.len() * 2);
    for element in elements {
        match *element {
            Element::Syllable(syllable) => key.extend([
                system.onset_class(syllable.onset),
                system.rime_class(syllable.rime),
            ]),
            Element::Literal(letter) => key.push(literal_key(letter)),
        }
    }
    key
}

/// The onset class of each syllable; None for a term with a literal.
fn initials_key(system: &SoundSystem, elements: &[Element]) -> Option<Vec<u8>> {
    let class = |element: &Element| match *element {
        Element::Syllable(syllable) => Some(system.onset_class(syllable.onset)),
        Element::Literal(_) => None,
    };
    elements.iter().map(class).collect()
}

pub fn literal_key(letter: u8) -> u8 {
    LITERAL_KEY | letter
}
