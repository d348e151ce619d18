//! Chinese text in, tokens and query plans out. Pure: knows no index, network, clock or runtime.
pub mod plan;
