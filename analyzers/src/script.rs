//! Scripts: what a character is in each, which one a text is written in, and OpenCC's conversions.

pub mod canonical;
pub mod characters;
pub mod convert;
pub mod spelling;
