//! What jyutping and pinyin have in common: syllables spelled in Latin letters, which may be a Latin word as well.

use super::spelled::{self, Spelling};
use crate::sound::chain::Chain;
use crate::sound::hear::Evidence;
use crate::sound::lattice::{Initials, Lattice};
use crate::sound::listen::{Guess, Query};
use crate::sound::readings::Dialect;
use crate::sound::typed::Glyph;

/// A lone syllable says something only with its tone and this many letters: min6 is 麵, mi3 is a telephone.
const LONE_SYLLABLE_LETTERS_MIN: usize = 3;
/// Fewer initials alone are an abbreviation of anything.
const LONE_INITIALS_MIN: usize = 4;
/// Initials beside full syllables.
const MIXED_SOUNDS_MIN: usize = 3;
/// Longest run that is tried as initials, letters.
const INITIALS_RUN_MAX: usize = 10;

pub fn hear(query: &Query<'_>, dialect: Dialect, start: usize, guesses: &mut Vec<Guess>) {
    let is_word = |at: usize| query.typed.glyph(at).is_word();
    if !spelled::begins(query, start, &is_word) {
        return;
    }
    let hear_with = |lattice: &Lattice, guesses: &mut Vec<Guess>| {
        let spelling = Spelling {
            dialect,
            lattice,
            is_boundary: &|at| !is_word(at) || !is_word(at - 1),
            is_evident: &|chain| is_evident(query, start, chain),
        };
        spelled::hear(query, &spelling, start, guesses);
    };
    let before = guesses.len();
    hear_with(query.romanised(dialect), guesses);
    if guesses.len() == before && may_be_initials(query, start) {
        let lattice = Lattice::romanised(query.typed, dialect.system(), Initials::Heard);
        hear_with(&lattice, guesses);
    }
}

/// Only a short run of letters that is no Latin word is worth the walk.
fn may_be_initials(query: &Query<'_>, start: usize) -> bool {
    let is_letter = |at: &usize| matches!(query.typed.glyph(*at), Glyph::Letter { .. });
    let Some(first) = (start..query.typed.len()).find(is_letter) else {
        return false;
    };
    let end = first + (first..).take_while(is_letter).count();
    end - first <= INITIALS_RUN_MAX
        && !query.typed.glyph(end).is_word()
        && !query.is_latin(first..end)
}

/// Whether it is likelier a term by its sound than a Latin word that is not known.
fn is_evident(query: &Query<'_>, start: usize, chain: &Chain) -> bool {
    let evidence = chain.evidence;
    let range = start..chain.end;
    if evidence.plain_terms > 0 && !is_toned(evidence) {
        return false;
    }
    if evidence.characters > 0 {
        return among_characters(evidence);
    }
    if query.is_latin(range.clone()) {
        return false;
    }
    if evidence.initials > 0 {
        let enough = match evidence.syllables {
            0 => LONE_INITIALS_MIN,
            _ => MIXED_SOUNDS_MIN,
        };
        return evidence.sounds() >= enough;
    }
    let letters = range.filter(|at| matches!(query.typed.glyph(*at), Glyph::Letter { .. }));
    evidence.syllables > 1 || (evidence.tones == 1 && letters.count() >= LONE_SYLLABLE_LETTERS_MIN)
}

/// Several syllables, each with its tone: no Latin word is spelled so.
fn is_toned(evidence: Evidence) -> bool {
    evidence.initials == 0 && evidence.syllables > 1 && evidence.tones == evidence.syllables
}

/// Full syllables beside the right characters of a known term (bing箱), or fewer initials than characters (x衣機).
fn among_characters(evidence: Evidence) -> bool {
    evidence.initials == 0 || evidence.characters > evidence.initials
}
