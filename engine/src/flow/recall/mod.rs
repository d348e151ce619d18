//! Candidates for a query: one file a source.

mod browse;
mod lexical;
mod vector;

pub use browse::browse;
pub use lexical::lexical;
pub use vector::{near, similar, vector};
