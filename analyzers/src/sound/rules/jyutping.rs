//! Cantonese typed as jyutping: `syut3 gwai6`, `syutgwai`, `syut櫃`, lazy `dung heon`.

use super::TypingRule;
use super::romanised;
use crate::rewrite::SOUND_JYUTPING;
use crate::sound::readings::Dialect;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_JYUTPING,
    name: "jyutping",
    hear: |query, start, guesses| romanised::hear(query, Dialect::Cantonese, start, guesses),
};
