//! Cutting text into words.

pub mod lexicon;
pub mod words;
