//! Indexes: views of the store that can be thrown away and built again.

pub mod vector;
