//! What is done with dictionary folders: checked, compared, added to.

pub mod check;
pub mod write;
