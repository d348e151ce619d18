//! Chinese text in, tokens and query plans out. Pure: knows no index, network, clock or runtime.
//!
//! ```text
//! text ─ normalize (width, case) ─ segment (jieba, all scripts) ─ script (canonical Traditional) ─ tokens
//! query ─ the same ─ rewrite (spoken, readings, regional words) ─ plan::Understood
//! ```

mod analyzer;
pub mod check;
pub mod compare;
mod dictionary;
mod error;
pub mod explain;
mod files;
mod highlight;
pub mod memory;
pub mod merge;
pub mod mine;
mod normalize;
pub mod plan;
pub mod product;
pub mod region;
pub mod rewrite;
mod script;
mod segment;
mod sound;
mod spell;
mod stop;
mod table;
pub mod tantivy;
mod tokens;
mod understand;

pub use analyzer::Analyzer;
pub use error::{ConvertError, DictionaryError};
pub use files::{DictionaryFiles, SOURCES};
pub use plan::{
    Alternative, Correction, Edit, Preference, QueryTerm, TermFamily, Understood, Unit,
};
pub use region::{DisplayScript, Region};
pub use rewrite::concepts::{Concept, ConceptLexicon, ConceptTerm, Direction, Found, term_key};
pub use rewrite::expansions::{
    ExpansionTable, Expansions, FILE as EXPANSIONS_FILE, NEIGHBOURS_MAX, Neighbour,
    WORD_CHARACTERS_MAX,
};
pub use rewrite::{RULES, Rule};
pub use script::convert::Conversion;
pub use segment::lexicon::LEXICON as GENERAL_LEXICON;
pub use sound::vocabulary::CatalogVocabulary;
pub use sound::{KeyKind, ReadingKey, SoundIndex};
pub use spell::{SpellVocabulary, SpellVocabularyBuilder};
pub use tokens::term::{IndexToken, latin_term, word_of_term};
pub use understand::MAX_UNITS;
pub use understand::alternatives::MAX_ALTERNATIVES;
