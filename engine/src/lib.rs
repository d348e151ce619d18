//! The Sampan node.

pub mod index;
