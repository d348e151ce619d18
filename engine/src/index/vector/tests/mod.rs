//! The promises of the vector index, each checked through its public interface.

mod bad_input;
mod clustered;
mod concurrent;
mod files;
mod means;
mod recall;
mod similar;
mod upserts;
