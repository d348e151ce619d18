//! What the command writes for people, and for programs.

pub mod highlight;
pub mod json;
pub mod output;
pub mod table;

pub use output::Output;
