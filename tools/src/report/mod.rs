//! Reports for people: one typed document, rendered to a self-contained HTML page, to Markdown and to the terminal.
//!
//! ```text
//! figures of an evaluation ─ built ─ Document ─ html | markdown | terminal
//! ```
//!
//! Builders say what is shown and in which order; renderers alone know how it looks, and escape every text.

pub mod built;
pub mod document;
pub mod files;
pub mod html;
pub mod markdown;
pub mod terminal;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod well_formed;

pub use document::{
    Block, Cell, Document, ResultLine, ResultList, Section, SideBySide, Table, Tone,
};
