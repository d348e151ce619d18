//! Mandarin typed as pinyin: `xi3 yi1 ji1`, `xiyiji`, `xǐyījī`, `xi衣機`, and its initials `xyj` among characters.

use super::TypingRule;
use super::romanised;
use crate::rewrite::SOUND_PINYIN;
use crate::sound::readings::Dialect;

pub const RULE: TypingRule = TypingRule {
    id: SOUND_PINYIN,
    name: "pinyin",
    hear: |query, start, guesses| romanised::hear(query, Dialect::Mandarin, start, guesses),
};
