//! The Sampan node: one process that searches and recommends for people who shop in Traditional Chinese.
//!
//! Floors, each using only those below: `base`, `files`, `trees`; `config`; `store`, `catalog`, `behaviour`, `encode`, `recommend`; `index`; `flow`; `search`,
//! `suggest`, `feed`, `admin`; [`Node`]; `serve` (the only async floor).

pub mod admin;
pub mod base;
pub mod behaviour;
pub mod catalog;
pub mod config;
pub mod encode;
pub mod exposure;
pub mod feed;
mod files;
pub mod flow;
pub mod index;
mod node;
pub mod recommend;
pub mod search;
pub mod serve;
pub mod store;
pub mod suggest;
pub mod trees;

pub use node::Node;
