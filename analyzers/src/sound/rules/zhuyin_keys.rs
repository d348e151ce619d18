//! Zhuyin typed on the standard (Dachen) keyboard that was left in Latin mode: `vu3u ru ` is 洗衣機.

use super::TypingRule;
use super::spelled::{self, Spelling};
use crate::rewrite::SOUND_ZHUYIN_KEYS;
use crate::sound::chain::Chain;
use crate::sound::listen::{Guess, Query};
use crate::sound::readings::Dialect;
use crate::sound::zhuyin::dachen_symbol;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_ZHUYIN_KEYS,
    name: "zhuyin_keys",
    hear,
};

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
    };
    spelled::hear(query, &spelling, start, guesses);
}

/// Several syllables that no Latin word is spelled like: with a digit or a punctuation key among the letters, or with
/// the space that is the first tone.
fn is_evident(query: &Query<'_>, start: usize, chain: &Chain) -> bool {
    let range = start..chain.end;
    let is_letter = |at: usize| query.typed.key(at).is_ascii_lowercase();
    chain.evidence.syllables > 1 && !range.clone().all(is_letter) && !query.is_latin(range)
}
