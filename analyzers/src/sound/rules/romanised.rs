//! What jyutping and pinyin have in common: syllables spelled in Latin letters, which may be a Latin word as well.

use std::ops::Range;

use super::spelled::{self, Spelling};
use crate::sound::chain::Chain;
use crate::sound::hear::{Evidence, INITIAL_COST};
use crate::sound::lattice::Lattice;
use crate::sound::listen::{Certainty, Guess};
use crate::sound::query::Query;
use crate::sound::readings::Dialect;
use crate::sound::typed::Glyph;

/// A lone syllable says something only with its tone and this many letters: min6 is 麵, mi3 is a telephone.
const LONE_SYLLABLE_LETTERS_MIN: usize = 3;
/// Letters without tones that leave no doubt over; every further one makes room for some.
const DOUBTLESS_LETTERS: usize = 5;
/// Doubt that every further letter makes room for, nats.
const DOUBT_PER_LETTER: f32 = 0.5;
/// Doubt that there is room for where every syllable is a word by itself, nats.
const DOUBT_OF_SPACED: f32 = 1.0;
/// Most letters beside characters that may be initials: x衣機.
const MIXED_INITIALS_MAX: usize = 2;
/// Most initials that are looked up.
const INITIALS_MAX: usize = 8;

pub fn hear(query: &Query<'_>, dialect: Dialect, start: usize, guesses: &mut Vec<Guess>) {
    let is_word = |at: usize| query.typed.glyph(at).is_word();
    if !spelled::begins(query, start, &is_word) {
        return;
    }
    let before = guesses.len();
    hear_with(query, dialect, query.romanised(dialect), start, guesses);
    if guesses.len() > before {
        return;
    }
    if is_word(start) {
        hear_initials(query, dialect, start, guesses);
    }
    // Only pinyin is typed so; elsewhere a letter beside characters is a size or a grade.
    if dialect == Dialect::Mandarin && may_be_mixed(query, start) {
        hear_with(query, dialect, query.with_initials(dialect), start, guesses);
    }
}

/// Whether the first run of letters from `start` on is short and runs into a character.
fn may_be_mixed(query: &Query<'_>, start: usize) -> bool {
    let is_word = |at: &usize| query.typed.glyph(*at).is_word();
    let Some(first) = (start..query.typed.len()).find(is_word) else {
        return false;
    };
    let end = first + (first..).take_while(is_word).count();
    end - first <= MIXED_INITIALS_MAX && matches!(query.typed.glyph(end), Glyph::Han(_))
}

fn hear_with(
    query: &Query<'_>,
    dialect: Dialect,
    lattice: &Lattice,
    start: usize,
    guesses: &mut Vec<Guess>,
) {
    let is_word = |at: usize| query.typed.glyph(at).is_word();
    let spelling = Spelling {
        dialect,
        lattice,
        is_boundary: &|at| !is_word(at) || !is_word(at - 1),
        is_evident: &|chain| is_evident(query, dialect, start, chain),
        certainty: Certainty::Unsure,
    };
    spelled::hear(query, &spelling, start, guesses);
}

/// A run that is nothing but initials, one letter for each syllable: xyjd.
fn hear_initials(query: &Query<'_>, dialect: Dialect, start: usize, guesses: &mut Vec<Guess>) {
    let letters: Vec<u8> = (start..query.typed.len())
        .map_while(|at| match query.typed.glyph(at) {
            Glyph::Letter { letter, tone: 0 } => Some(letter),
            _ => None,
        })
        .take(INITIALS_MAX + 1)
        .collect();
    let end = start + letters.len();
    let class = |letter: &u8| {
        let onsets = dialect.system().initials(std::slice::from_ref(letter));
        onsets.map(|(_, class)| class).next()
    };
    let classes: Option<Vec<u8>> = letters.iter().map(class).collect();
    let Some(classes) = classes.filter(|classes| {
        classes.len() <= INITIALS_MAX
            && !query.typed.glyph(end).is_word()
            && !query.is_latin(start..end)
    }) else {
        return;
    };
    for index in query
        .listener
        .indexes
        .iter()
        .filter(|index| classes.len() >= index.initials_min)
    {
        let initials = &index.dialect(dialect).initials;
        let node = classes
            .iter()
            .try_fold(initials.root(), |node, class| initials.child(&node, *class));
        for &term in node.iter().flat_map(|node| initials.entries(node)) {
            let cost = classes.len() as f32 * INITIAL_COST + index.term(term).cost;
            guesses.push(Guess {
                end,
                text: index.term(term).text.to_string(),
                cost: cost + query.listener.foreign_cost(index, term),
                certainty: Certainty::Unsure,
            });
        }
    }
}

/// Whether it is likelier a term by its sound than a Latin word that is not known.
fn is_evident(query: &Query<'_>, dialect: Dialect, start: usize, chain: &Chain) -> bool {
    let evidence = chain.evidence;
    if evidence.plain_terms > 0 && !is_toned(evidence) {
        return false;
    }
    let range = start..chain.end;
    if evidence.characters > 0 {
        return match evidence.initials {
            0 => {
                !query.has_latin_word(range.clone(), dialect.system())
                    && query.words(range).iter().all(|word| is_long(query, word))
            }
            // Fewer than the characters, and none at the end: 蘋果x is a model.
            initials => {
                evidence.characters > initials
                    && !query.is_latin(range)
                    && matches!(query.typed.glyph(chain.end - 1), Glyph::Han(_))
            }
        };
    }
    if query.is_in_address(&range) || query.is_model_number(range.clone()) {
        return false;
    }
    let is_spaced = evidence.syllables > 1 && query.word_count(range.clone()) == evidence.syllables;
    let is_latin = match is_spaced {
        true => query.is_latin_together(range.clone()),
        false => query.is_latin(range.clone()),
    };
    if is_latin || evidence.initials > 0 {
        return false;
    }
    let is_letter = |at: &usize| matches!(query.typed.glyph(*at), Glyph::Letter { .. });
    let letters = range.filter(is_letter).count();
    if is_toned(evidence) {
        return true;
    }
    if query.is_name(start..chain.end) {
        return false;
    }
    if evidence.syllables < 2 {
        return evidence.tones == 1 && letters >= LONE_SYLLABLE_LETTERS_MIN;
    }
    let for_letters = letters.saturating_sub(DOUBTLESS_LETTERS) as f32 * DOUBT_PER_LETTER;
    let for_spaces = if is_spaced { DOUBT_OF_SPACED } else { 0.0 };
    chain.doubt <= for_letters + for_spaces
}

/// A lone vowel beside characters is a grade, a model, a cup size: 玉带牌a线.
fn is_long(query: &Query<'_>, word: &Range<usize>) -> bool {
    let is_letter = |at: &usize| matches!(query.typed.glyph(*at), Glyph::Letter { .. });
    word.clone().filter(is_letter).count() > 1
}

/// Several syllables, each with its tone: no Latin word is spelled so.
fn is_toned(evidence: Evidence) -> bool {
    evidence.initials == 0 && evidence.syllables > 1 && evidence.tones == evidence.syllables
}
