//! Index tokens: what a text is found by.

pub mod analysis;
pub mod chain;
pub mod emit;
pub mod latin;
pub mod measure;
pub mod term;
