//! The built-in demo: a catalogue, a node over it, and a walk through what changes between regions.

pub mod catalogue;
pub mod logistics;
pub mod tour;
pub mod visits;
