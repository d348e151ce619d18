//! Measuring the feed against what shoppers did next: everything before a shopper's last visit is known, the last visit
//! is to be found among all items.
//!
//! - [`held_out`]: what is known and what is to be found; items made sparse.
//! - [`rankers`]: the simple ways to rank, and ours.
//! - [`reliability`]: whether scores are the odds that they stand for.
//! - [`figures`]: what is measured of the lists. [`report`]: all of it in one run.

pub mod figures;
pub mod held_out;
pub mod rankers;
pub mod reliability;
pub mod report;
