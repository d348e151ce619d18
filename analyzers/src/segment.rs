//! Cutting text into words.

pub mod conventions;
pub mod lexicon;
mod plain;
pub mod words;
