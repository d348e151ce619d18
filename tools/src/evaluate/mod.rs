//! Measuring search against judged queries, and the feed against what shoppers did next.

pub mod baseline;
pub mod catalogue;
pub mod compare;
pub mod counterfactual;
pub mod exact_vectors;
pub mod examination;
pub mod feed;
pub mod gate;
pub mod judgements;
pub mod judging;
pub mod language;
pub mod learn;
pub mod metrics;
pub mod node;
pub mod online;
pub mod parity;
pub mod popularity;
pub mod report;
pub mod run;
pub mod scripts;
pub mod simulate;
pub mod slices;
pub mod statistics;
pub mod sweep;
pub mod training;
pub mod trec;
