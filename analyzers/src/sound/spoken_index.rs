//! A vocabulary by the classes of its syllables in one dialect.

use super::postings::{Postings, PostingsBuilder};
use super::readings::Dialect;
use super::spoken::{Element, Speaker};
use super::system::SoundSystem;
use crate::memory::vec_bytes;

/// Set on the key byte of a literal letter or digit, so that it is no class of a sound.
const LITERAL_KEY: u8 = 0x80;

/// One way to say one term.
#[derive(Debug, Clone, Copy)]
pub struct SpokenEntry {
    pub term: u32,
    /// How unusual this reading is, nats.
    pub cost: f32,
    /// Its elements in the pool of its index.
    start: u32,
    length: u8,
}

#[derive(Default)]
pub struct SpokenIndex {
    pub postings: Postings<SpokenEntry>,
    /// Terms by the onset classes of their syllables; only those long enough to be known by them.
    pub initials: Postings<u32>,
    elements: Vec<Element>,
}

/// What is to be indexed of a term.
pub struct SpokenTerm<'t> {
    pub id: u32,
    pub text: &'t str,
    /// Fewest syllables that initials stand for.
    pub initials_min: usize,
}

impl SpokenIndex {
    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> u64 {
        self.postings.heap_bytes() + self.initials.heap_bytes() + vec_bytes(&self.elements)
    }

    pub fn build<'t>(
        speaker: &mut Speaker<'_>,
        dialect: Dialect,
        terms: impl Iterator<Item = SpokenTerm<'t>>,
    ) -> Self {
        let system = dialect.system();
        let mut postings = PostingsBuilder::default();
        let mut initials = PostingsBuilder::default();
        let mut pool: Vec<Element> = Vec::new();
        for term in terms {
            speaker.say(dialect, term.text, &mut |elements, cost| {
                let (start, length) = (pool.len() as u32, elements.len() as u8);
                let entry = SpokenEntry {
                    term: term.id,
                    cost,
                    start,
                    length,
                };
                postings.push(elements.iter().flat_map(|e| key(system, *e)), entry);
                pool.extend(elements);
                let classes = || elements.iter().map(|e| onset_class(system, *e));
                let is_long = elements.len() >= term.initials_min;
                if cost == 0.0 && is_long && classes().all(|class| class.is_some()) {
                    initials.push(classes().flatten(), term.id);
                }
            });
        }
        Self {
            postings: postings.build(),
            initials: initials.build(),
            elements: pool,
        }
    }

    pub fn elements(&self, entry: &SpokenEntry) -> &[Element] {
        &self.elements[entry.start as usize..][..usize::from(entry.length)]
    }
}

/// Two bytes for a syllable, the classes of its onset and rime; one for a literal.
fn key(system: &SoundSystem, element: Element) -> impl Iterator<Item = u8> {
    let (first, second) = match element {
        Element::Syllable(syllable) => (
            system.onset_class(syllable.onset),
            Some(system.rime_class(syllable.rime)),
        ),
        Element::Literal(letter) => (literal_key(letter), None),
    };
    std::iter::once(first).chain(second)
}

/// None for a literal.
fn onset_class(system: &SoundSystem, element: Element) -> Option<u8> {
    match element {
        Element::Syllable(syllable) => Some(system.onset_class(syllable.onset)),
        Element::Literal(_) => None,
    }
}

pub fn literal_key(letter: u8) -> u8 {
    LITERAL_KEY | letter
}
