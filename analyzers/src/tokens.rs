//! Index tokens: what a text is found by.

pub mod chain;
pub mod latin;
pub mod measure;
pub mod term;
