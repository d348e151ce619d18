//! Completions: how soon a query that shoppers really asked is offered while it is typed, by characters and by sound.
//!
//! | file | what |
//! |---|---|
//! | `log` | a query log, and the part of it that is held out |
//! | `typing` | the ways to type a query, key by key |
//! | `completer` | who completes: a node's shoppers, or the log alone (most popular completion) |
//! | `learn` | what a node learns from the other part |
//! | `measure` | where the query stands after each key |
//! | `report` | figures by way of typing, by keys, by whether the query was asked before |

pub mod completer;
pub mod learn;
pub mod log;
pub mod measure;
pub mod report;
pub mod typing;
