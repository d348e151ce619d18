//! Measuring search against judged queries.

pub mod baseline;
pub mod catalogue;
pub mod judgements;
pub mod language;
pub mod metrics;
pub mod node;
pub mod report;
pub mod run;
pub mod trec;
