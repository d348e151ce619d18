//! Cangjie codes typed in Latin mode: `mbsm dslc` or `mbsmdslc` is 雪櫃.

use super::TypingRule;
use super::shapes::stretches;
use crate::rewrite::SOUND_CANGJIE;
use crate::sound::listen::Guess;
use crate::sound::query::Query;
use crate::sound::typed::Glyph;

/// Shorter codes spell too many Latin words.
const LETTERS_MIN: usize = 5;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_CANGJIE,
    name: "cangjie",
    hear,
};

fn hear(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>) {
    let is_gap = |glyph| glyph == Glyph::Separator;
    for codes in stretches(query, start, &is_gap) {
        let is_long = codes.letters.len() >= LETTERS_MIN || !codes.gaps.is_empty();
        if is_long && !query.is_latin(start..codes.end) {
            codes.hear(query, &|index| &index.cangjie, &|_| true, guesses);
        }
    }
}
