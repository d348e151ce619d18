//! Floor 3: views of the store that queries read. Each can be thrown away and built again.

pub mod columns;
mod encoding;
pub mod expansion;
pub mod feed_model;
pub mod generation;
pub mod indexer;
pub mod item_vectors;
pub mod lexical;
pub mod near_words;
pub mod rebuild;
pub mod rules;
pub mod shared;
pub mod spelling;
pub mod vector;
pub mod vocabulary;
