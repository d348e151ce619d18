//! From a file of records to items on a node.

pub mod batch;
pub mod checkpoint;
pub mod field;
pub mod item;
pub mod map;
mod map_section;
pub mod read;
pub mod record;
pub mod regions;
pub mod rejects;
pub mod run;
pub mod source;
pub mod upload;

pub use map_section::MapError;
