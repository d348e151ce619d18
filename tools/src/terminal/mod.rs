//! What the command writes for people, and for programs.

// How it is written.
pub mod figures;
pub mod highlight;
pub mod json;
pub mod near_words;
pub mod output;
pub mod table;

// What each answer looks like.
pub mod changes;
pub mod compared;
pub mod completed;
pub mod corrected;
pub mod counterfactual;
pub mod coverage;
pub mod differences;
pub mod documents;
pub mod encoder;
pub mod experiment;
pub mod explained;
pub mod explanation;
pub mod feed_figures;
pub mod findings;
pub mod heard;
pub mod hits;
pub mod inspected;
pub mod interleaved;
pub mod item;
pub mod learnt;
pub mod loaded;
pub mod mined;
pub mod offer;
pub mod pools;
pub mod refusals;
pub mod segmented;
pub mod status;
pub mod suggestions;
pub mod swept;
pub mod tour;

pub use output::Output;
