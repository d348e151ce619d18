//! Zhuyin typed on the standard (Dachen) keyboard that was left in Latin mode: `vu3u ru ` is 洗衣機.

use super::TypingRule;
use super::spelled::{self, Spelling};
use crate::rewrite::SOUND_ZHUYIN_KEYS;
use crate::sound::chain::Chain;
use crate::sound::listen::{Certainty, Guess};
use crate::sound::query::Query;
use crate::sound::readings::Dialect;
use crate::sound::zhuyin::{dachen_symbol, dachen_tone};

pub const RULE: TypingRule = TypingRule {
    id: SOUND_ZHUYIN_KEYS,
    name: "zhuyin_keys",
    hear,
};

/// Syllables among which one may have another tone or a rarer reading than the table knows.
const DISPUTED_SYLLABLES: usize = 3;
/// Fewer keys, spaces apart, are a model number as well.
const KEYS_MIN: usize = 4;
/// The same without a space among them.
const UNBROKEN_KEYS_MIN: usize = 5;
/// Fewest keys that are no digits.
const SYMBOLS_MIN: usize = 2;

fn hear(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>) {
    let is_typed = |at: usize| query.typed.key(at) > b' ';
    let is_key = dachen_symbol(query.typed.key(start)).is_some();
    if !is_key || (start > 0 && is_typed(start - 1)) {
        return;
    }
    let spelling = Spelling {
        dialect: Dialect::Mandarin,
        lattice: query.zhuyin_keys(),
        is_boundary: &|at| !is_typed(at) || !is_typed(at - 1),
        is_evident: &|chain| is_evident(query, start, chain),
        certainty: Certainty::Sure,
    };
    spelled::hear(query, &spelling, start, guesses);
}

/// Several syllables that no Latin word is spelled like: with a digit or a punctuation key among the letters, or with
/// the space that is the first tone. Tones are keys here, so they are right but for one that people dispute.
fn is_evident(query: &Query<'_>, start: usize, chain: &Chain) -> bool {
    let range = start..chain.end;
    let evidence = chain.evidence;
    let is_letter = |at: usize| query.typed.key(at).is_ascii_lowercase();
    let tone_keys = range
        .clone()
        .filter(|at| dachen_tone(query.typed.key(*at)).is_some())
        .count();
    let spaces = range
        .clone()
        .filter(|at| query.typed.key(*at) == b' ')
        .count();
    let keys_min = if spaces > 0 {
        KEYS_MIN
    } else {
        UNBROKEN_KEYS_MIN
    };
    // Measures have a digit somewhere; they seldom have one where each syllable ends.
    let is_toned = evidence.plain_terms == 0 || tone_keys >= evidence.syllables;
    // Digits alone are a number, with a letter a model: 20454, g610.
    let symbols = range
        .clone()
        .filter(|at| query.typed.key(*at) > b' ' && !query.typed.key(*at).is_ascii_digit())
        .count();
    let disputed = evidence.syllables / DISPUTED_SYLLABLES;
    evidence.syllables > 1
        && range.len() - spaces >= keys_min
        && is_toned
        && symbols >= SYMBOLS_MIN
        && !query.is_model_number(range.clone())
        && evidence.mistakes == 0
        && evidence.wrong_tones <= disputed
        && !range.clone().all(is_letter)
        && !query.is_latin(range)
}
