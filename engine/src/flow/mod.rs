//! Floor 4: the steps of an answer, in the order in which a request meets them. Each consumes the one before it.

pub mod affinity;
pub mod candidate;
pub mod filter;
pub mod fold;
pub mod fuse;
pub mod interests;
pub mod interleave;
pub mod landed;
pub mod matched;
pub mod merchandise;
pub mod named;
pub mod page;
pub mod pools;
pub mod quota;
pub mod rank;
pub mod recall;
pub mod request;
pub mod stopwatch;
pub mod taste;
pub mod treatment;
pub mod understand;
