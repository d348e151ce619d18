//! Mandarin typed as zhuyin symbols, with tone marks or without: ㄒㄧˇ ㄧ ㄐㄧ, ㄒㄧㄧㄐㄧ, 洗ㄧ機.

use super::TypingRule;
use super::spelled::{self, Spelling};
use crate::rewrite::SOUND_ZHUYIN;
use crate::sound::listen::{Certainty, Guess, Query};
use crate::sound::readings::Dialect;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_ZHUYIN,
    name: "zhuyin",
    hear,
};

/// Nothing else is written in zhuyin, so any term that takes whole runs of symbols is evident.
fn hear(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>) {
    let is_symbol = |at: usize| query.typed.glyph(at).is_zhuyin();
    if !spelled::begins(query, start, &is_symbol) {
        return;
    }
    let spelling = Spelling {
        dialect: Dialect::Mandarin,
        lattice: query.zhuyin(),
        is_boundary: &|at| !is_symbol(at) || !is_symbol(at - 1),
        is_evident: &|_| true,
        certainty: Certainty::Sure,
    };
    spelled::hear(query, &spelling, start, guesses);
}
