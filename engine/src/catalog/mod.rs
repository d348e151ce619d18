//! Floor 2: what may enter the catalogue, and the door it enters by.

pub mod ingest;
pub mod validate;
