//! Sampan's promises, one file each, kept or broken through gRPC alone.

mod search_scripts;
mod shared;
