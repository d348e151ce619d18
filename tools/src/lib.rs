//! What the `sampan` command is made of. Each module has one purpose; `commands` puts them behind the command line.

pub mod client;
pub mod commands;
pub mod demo;
pub mod dictionary;
pub mod evaluate;
pub mod event_file;
pub mod feed_features;
pub mod generate;
pub mod import;
pub mod interactions;
pub mod load;
pub mod model;
pub mod money;
pub mod plot;
pub mod report;
pub mod restriction_table;
pub mod terminal;
