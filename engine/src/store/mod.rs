//! Floor 2: the truth. An embedded, crash-safe key-value database (fjall; measured against redb in
//! `benches/README.md`) holds the write log and the state that the log adds up to. Every index is a view of it.
//!
//! | keyspace | key | value |
//! |---|---|---|
//! | `log` | sequence, 8 bytes big-endian | [`records::LogRecord`] |
//! | `items` | item id | [`records::StoredItem`] |
//! | `events` | sequence, 8 bytes big-endian | `sampan.v1.Event` |
//! | `event_ids` | event id | sequence, 8 bytes big-endian |
//! | `documents` | dictionary path | [`records::StoredDocument`] without what it was before |
//! | `changes` | sequence, 8 bytes big-endian | [`records::StoredDocument`]: every change of one that there ever was |
//! | `filling` | `row` | nothing that says anything (`scrub`); empty but for a moment |
//! | `meta` | name | number, 8 bytes big-endian, or text |
//!
//! [`FORMAT_VERSION`] is kept in `meta`; a database of another version is refused with what to do.

pub mod log;
pub mod records;
mod scrub;
pub mod state;
pub mod versions;

/// Version of the table above.
pub const FORMAT_VERSION: u64 = 1;
