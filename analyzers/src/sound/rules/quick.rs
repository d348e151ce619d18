//! Quick (速成) codes typed in Latin mode, with or without the digit that picks the character: `mm dc`, `mm1dc2` is 雪櫃.

use super::TypingRule;
use super::shapes::stretches;
use crate::rewrite::SOUND_QUICK;
use crate::sound::listen::Guess;
use crate::sound::query::Query;
use crate::sound::typed::Glyph;

/// Two letters a character are little: without gaps, codes of two characters spell anything.
const UNBROKEN_CHARACTERS_MIN: usize = 3;
/// Fewer letters are a model number as well.
const LETTERS_MIN: usize = 4;
/// What a code that so many characters share costs, nats.
const SHARED_CODE_COST: f32 = 1.0;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_QUICK,
    name: "quick",
    hear,
};

fn hear(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>) {
    let before = guesses.len();
    let is_gap = |glyph| matches!(glyph, Glyph::Separator | Glyph::Digit(1..=9));
    for codes in stretches(query, start, &is_gap) {
        let range = start..codes.end;
        let is_name = query.is_latin(range.clone()) || query.is_model_number(range);
        if codes.letters.len() < LETTERS_MIN || is_name {
            continue;
        }
        let is_broken = !codes.gaps.is_empty();
        codes.hear(
            query,
            &|index| &index.quick,
            &|entry| match is_broken {
                true => codes.gaps.len() + 1 == entry.lengths.iter().count(),
                false => entry.lengths.iter().count() >= UNBROKEN_CHARACTERS_MIN,
            },
            guesses,
        );
    }
    for guess in &mut guesses[before..] {
        guess.cost += SHARED_CODE_COST;
    }
}
