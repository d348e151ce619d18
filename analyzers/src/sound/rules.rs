//! The rules: one way to type a file. All have the outline of [`jyutping`]: what they hear from a place on, if there is
//! enough evidence for it.

pub mod cangjie;
pub mod jyutping;
pub mod pinyin;
pub mod quick;
mod romanised;
mod shapes;
mod spelled;
pub mod zhuyin;
pub mod zhuyin_keys;

use super::listen::Guess;
use super::query::Query;

/// A way to type.
pub struct TypingRule {
    /// Id of the rewrite rule.
    pub id: &'static str,
    /// Its name in `region.toml`.
    pub name: &'static str,
    /// Adds what is heard from character `start` of the query on. Guesses end where a typed word does.
    pub hear: fn(query: &Query<'_>, start: usize, guesses: &mut Vec<Guess>),
}

pub const TYPING_RULES: &[TypingRule] = &[
    jyutping::RULE,
    pinyin::RULE,
    zhuyin::RULE,
    zhuyin_keys::RULE,
    cangjie::RULE,
    quick::RULE,
];
