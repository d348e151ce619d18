//! What all ways to type syllables have in common.

use crate::sound::chain::{Chain, chains};
use crate::sound::lattice::Lattice;
use crate::sound::listen::{Certainty, Guess};
use crate::sound::query::Query;
use crate::sound::readings::Dialect;
use crate::sound::typed::Glyph;

/// Characters before sounds that may belong to the same term: 洗衣ji.
const CHARACTERS_BEFORE_MAX: usize = 8;

/// A way to type syllables.
pub struct Spelling<'s> {
    pub dialect: Dialect,
    pub lattice: &'s Lattice,
    /// Whether a typed word may end before the character.
    pub is_boundary: &'s dyn Fn(usize) -> bool,
    /// Whether so much was typed that the terms are likelier meant than the letters themselves.
    pub is_evident: &'s dyn Fn(&Chain) -> bool,
    /// How sure it is that what was typed is no Latin text at all.
    pub certainty: Certainty,
}

impl Spelling<'_> {
    fn certainty(&self, chain: &Chain) -> Certainty {
        let evidence = chain.evidence;
        let is_toned = evidence.tones > 0 && evidence.tones == evidence.syllables;
        match is_toned || evidence.characters > 0 {
            true => Certainty::Sure,
            false => self.certainty,
        }
    }
}

/// Adds what is heard from `start` on, of all vocabularies.
pub fn hear(query: &Query<'_>, spelling: &Spelling<'_>, start: usize, guesses: &mut Vec<Guess>) {
    for index in query.listener.indexes {
        let hearing = query.hearing(index, spelling.dialect, spelling.lattice);
        for chain in chains(start, &|at| hearing.matches(at), spelling.is_boundary) {
            if chain.evidence.sounds() == 0 || !(spelling.is_evident)(&chain) {
                continue;
            }
            let terms = chain.terms.iter();
            let foreign: f32 = terms
                .clone()
                .map(|term| query.listener.foreign_cost(index, *term))
                .sum();
            guesses.push(Guess {
                end: chain.end,
                certainty: spelling.certainty(&chain),
                cost: chain.cost + foreign,
                text: terms.map(|term| &*index.term(*term).text).collect(),
            });
        }
    }
}

/// Whether `start` begins a run of what `is_sound` accepts, or is a character shortly before one.
pub fn begins(query: &Query<'_>, start: usize, is_sound: &dyn Fn(usize) -> bool) -> bool {
    if is_sound(start) {
        return start == 0 || !is_sound(start - 1);
    }
    let is_character = |at: usize| matches!(query.typed.glyph(at), Glyph::Han(_));
    (start..start + CHARACTERS_BEFORE_MAX)
        .take_while(|&at| is_character(at))
        .any(|at| is_sound(at + 1))
}
