//! Typing mistakes: homophones, look-alikes, missing, doubled and swapped characters, Latin edits, lost and stray spaces.
//!
//! ```text
//! catalogue's index terms, titles, past queries ─ vocabulary (counts) ┐
//! readings, look-alikes ───────────────────────── confusions ─────────┴─ han, latin (candidates) ─ query (evidence) ─ corrections
//! ```
//!
//! A candidate is scored as by a noisy channel (Shannon 1948; Kernighan, Church and Gale, COLING 1990): how likely the
//! catalogue makes the corrected text against the typed one, less what the mistake costs. All in nats.

mod asked;
pub mod confusions;
mod counting;
mod followers;
mod han;
mod homophones;
mod latin;
mod latin_words;
mod look_alikes;
mod mistake;
pub mod query;
mod spacing;
mod triples;
mod vocabulary;

pub use counting::SpellVocabularyBuilder;
pub use vocabulary::SpellVocabulary;
