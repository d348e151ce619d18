//! Queries typed by sound or on a wrong layout: syutgwai, bing箱, ㄒㄧㄧㄐㄧ, su3cl3, mbsmdslc.
//!
//! ```text
//! readings (tables) + vocabulary ─ spoken (ways to say) ─ index
//! query ─ typed (glyphs) ─ lattice (sounds) ─ hear (terms) ─ chain ─ rules (evidence) ─ listen (candidates)
//! ```
//!
//! A candidate is a term of the vocabulary whose sounds take whole typed words. Its cost is that of a noisy channel:
//! how unusual the term is, how unusual its reading, and every mistake between that reading and what was typed. It is
//! only ever put beside what was typed.

mod chain;
mod codes;
mod hear;
mod index;
mod jyutping;
mod keys;
mod latin;
mod lattice;
pub mod listen;
mod pinyin;
mod postings;
mod query;
pub mod readings;
mod rules;
mod spoken;
mod spoken_index;
pub mod system;
mod typed;
pub mod vocabulary;
mod zhuyin;

pub use index::SoundIndex;
pub use keys::{KeyKind, ReadingKey};
