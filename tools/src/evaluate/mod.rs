//! Measuring search against judged queries, and the feed against what shoppers did next.

pub mod baseline;
pub mod catalogue;
pub mod compare;
pub mod exact_vectors;
pub mod feed;
pub mod judgements;
pub mod language;
pub mod learn;
pub mod metrics;
pub mod node;
pub mod report;
pub mod run;
pub mod statistics;
pub mod sweep;
pub mod training;
pub mod trec;
