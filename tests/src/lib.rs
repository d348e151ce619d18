//! The harness of the black-box tests: a real node behind real gRPC, over a folder that goes away with it.
//!
//! Nothing here looks inside the node: what a test knows, it knows from answers.

pub mod catalogue;
pub mod clients;
pub mod dictionaries;
pub mod feed;
pub mod items;
pub mod node;
pub mod oracle;
pub mod process;
pub mod refusal;
pub mod shop;
pub mod wait;
