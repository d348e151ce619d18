//! Mandarin typed as zhuyin symbols, with tone marks or without: ㄒㄧˇ ㄧ ㄐㄧ, ㄒㄧㄧㄐㄧ, 洗ㄧ機.

use super::TypingRule;
use super::spelled::{self, Spelling};
use crate::rewrite::SOUND_ZHUYIN;
use crate::sound::listen::{Certainty, Guess};
use crate::sound::query::Query;
use crate::sound::readings::Dialect;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_ZHUYIN,
    name: "zhuyin",
    hear,
};

/// More doubt than this is another word, nats.
const DOUBT_PER_SYLLABLE: f32 = 1.0;

/// Nothing else is written in zhuyin, so a term that takes whole runs of symbols is evident.
fn hear(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>) {
    let is_symbol = |at: usize| query.typed.glyph(at).is_zhuyin();
    if !spelled::begins(query, start, &is_symbol) {
        return;
    }
    let spelling = Spelling {
        dialect: Dialect::Mandarin,
        lattice: query.zhuyin(),
        is_boundary: &|at| !is_symbol(at) || !is_symbol(at - 1),
        is_evident: &|chain| chain.doubt <= DOUBT_PER_SYLLABLE * chain.evidence.sounds() as f32,
        certainty: Certainty::Sure,
    };
    spelled::hear(query, &spelling, start, guesses);
}
