//! Makes up catalogues of any size: the same items for the same seed, in the wording of real shops.

mod article;
mod lines;
mod title;
mod vocabulary;

pub use article::{Generator, Style};
pub use lines::{MAP, write_lines};
