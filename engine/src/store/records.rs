//! What is written: log records and stored rows, as prost messages (unknown fields are skipped, so rows can grow).

use sampan_proto::v1;

/// One write, in the order in which it was accepted; without a change, one that was erased since.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LogRecord {
    #[prost(oneof = "Change", tags = "1, 2, 3, 4, 5, 6")]
    pub change: Option<Change>,
}

/// What a write changes. Items carry the ordinal that the catalogue gave them.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Change {
    #[prost(message, tag = "1")]
    Upsert(StoredItem),
    #[prost(message, tag = "2")]
    Delete(DeletedItem),
    /// The whole item after an offer update; its text is as before.
    #[prost(message, tag = "3")]
    Offers(StoredItem),
    #[prost(message, tag = "4")]
    Event(v1::Event),
    #[prost(message, tag = "5")]
    Document(StoredDocument),
    #[prost(message, tag = "6")]
    Erasure(StoredErasure),
}

/// An item and its ordinal.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredItem {
    #[prost(uint32, tag = "1")]
    pub ordinal: u32,
    #[prost(message, optional, tag = "2")]
    pub item: Option<v1::Item>,
}

/// An item that is gone.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeletedItem {
    #[prost(uint32, tag = "1")]
    pub ordinal: u32,
    #[prost(string, tag = "2")]
    pub item_id: String,
}

/// A change of an admin document: what it is from now on, and for the record what it was.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredDocument {
    #[prost(string, tag = "1")]
    pub path: String,
    #[prost(string, tag = "2")]
    pub text: String,
    #[prost(int64, tag = "3")]
    pub updated_ms: i64,
    #[prost(string, tag = "4")]
    pub comment: String,
    /// The dictionary's document holds again.
    #[prost(bool, tag = "5")]
    pub withdrawn: bool,
    /// Who changed it.
    #[prost(string, tag = "6")]
    pub author: String,
    /// The text that was in force.
    #[prost(string, tag = "7")]
    pub before: String,
    /// "admin", "dictionary", "mined"; "" when there was none.
    #[prost(string, tag = "8")]
    pub origin_before: String,
    /// The change that this one takes back; 0 for none.
    #[prost(uint64, tag = "9")]
    pub undoes: u64,
}

/// Events that are forgotten. Says which, and not whose.
#[derive(Clone, PartialEq, prost::Message)]
pub struct StoredErasure {
    /// Of the events, ascending.
    #[prost(uint64, repeated, tag = "1")]
    pub sequences: Vec<u64>,
    /// Who asked.
    #[prost(string, tag = "2")]
    pub author: String,
    #[prost(int64, tag = "3")]
    pub asked_ms: i64,
}

impl LogRecord {
    /// What stands in the place of an erased write.
    pub const ERASED: Self = Self { change: None };

    pub fn new(change: Change) -> Self {
        Self {
            change: Some(change),
        }
    }
}
