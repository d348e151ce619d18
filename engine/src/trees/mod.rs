//! Floor 0: gradient-boosted trees as LightGBM writes them (`model_to_string`, format v4), scored here.
//!
//! ```text
//! text ─ blocks (keys and values of the header and of each tree) ─ tree (checked nodes) ─ TreeModel ─ raw scores
//! ```
//!
//! Ke et al., "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS 2017. Scores are those of
//! `predict(raw_score=True)`: what a ranking objective orders by. One output only; linear leaves are refused.

mod blocks;
mod model;
mod tree;

pub use model::{FEATURES_MAX, NODES_MAX, TREES_MAX, TreeModel, TreeModelError};
