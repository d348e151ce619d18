//! Side-by-side measurements: every figure in `benches/README.md` comes from here, and every ratio from one run.
//!
//! | module | question |
//! |---|---|
//! | [`store`] | which embedded database suits the node's write pattern |
//! | [`chain`] | what the index chain costs beside jieba-rs alone, and a query's understanding |
//! | [`encoder`] | titles a second and the time of a query of the sentence encoder, beside products in f32 |
//! | [`events`] | how many events a second a node takes, and how soon the feed follows one |
//! | [`feed`] | how soon a page of the feed comes in a node of 1,000,000 items that shoppers have used |
//! | [`factors`] | how long implicit ALS takes on ten million events |
//! | [`million`] | how a node of 1,000,000 items imports, remembers and answers, beside plain tantivy |
//! | [`visibility`] | how soon a change is seen by search while queries arrive, and what it costs them |
//!
//! The others are what they share: the machine, the run's folder, latencies, resident memory, tables and texts.

pub mod chain;
pub mod encoder;
pub mod events;
pub mod factors;
pub mod feed;
pub mod latency;
pub mod machine;
pub mod memory;
pub mod million;
pub mod run_folder;
pub mod store;
pub mod table;
pub mod texts;
pub mod visibility;

/// Any failure ends a measurement: nothing here recovers.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
