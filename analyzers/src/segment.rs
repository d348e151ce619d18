//! Cutting text into words.

pub mod conventions;
pub mod lexicon;
pub mod parts;
mod plain;
pub mod words;
