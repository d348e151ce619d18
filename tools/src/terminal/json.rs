//! Messages of the contract as JSON and back, under the names of the .proto files (snake_case).
//!
//! As the canonical JSON of protocol buffers, but 64-bit integers are numbers and fields with default values are
//! written, so that a program finds every field.

use std::sync::OnceLock;

use prost::Message;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions,
};
use serde_json::Value;

/// Why a message cannot be turned into JSON or read from it.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    #[error("the contract cannot be read: {0}")]
    Contract(String),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Decode(#[from] prost::DecodeError),
}

fn descriptor(name: &str) -> Result<MessageDescriptor, JsonError> {
    static POOL: OnceLock<Result<DescriptorPool, String>> = OnceLock::new();
    let pool = POOL.get_or_init(|| {
        DescriptorPool::decode(sampan_proto::FILE_DESCRIPTOR_SET).map_err(|error| error.to_string())
    });
    let pool = pool
        .as_ref()
        .map_err(|error| JsonError::Contract(error.clone()))?;
    pool.get_message_by_name(&format!("sampan.v1.{name}"))
        .ok_or_else(|| JsonError::Contract(format!("it has no message {name}")))
}

/// A message of the contract, by its name ("SearchResponse"), as JSON.
///
/// # Errors
/// `name` is no message of the contract or not this one's.
pub fn value(name: &str, message: &impl Message) -> Result<Value, JsonError> {
    let mut dynamic = DynamicMessage::new(descriptor(name)?);
    dynamic.transcode_from(message)?;
    let options = SerializeOptions::new()
        .stringify_64_bit_integers(false)
        .use_proto_field_name(true)
        .skip_default_fields(false);
    Ok(dynamic.serialize_with_options(serde_json::value::Serializer, &options)?)
}

/// Reads a message of the contract from JSON.
///
/// # Errors
/// A field is unknown or of the wrong kind.
pub fn read<M: Message + Default>(name: &str, json: Value) -> Result<M, JsonError> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let dynamic = DynamicMessage::deserialize_with_options(descriptor(name)?, json, &options)?;
    Ok(dynamic.transcode_to()?)
}

/// JSON with indentation.
///
/// # Errors
/// Never for values that serde_json made itself.
pub fn pretty(value: &Value) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value)
}

#[cfg(test)]
mod tests {
    use sampan_proto::v1;

    use super::*;

    #[test]
    fn names_are_those_of_the_contract_and_numbers_are_numbers() {
        let hit = v1::Hit {
            item_id: "1".into(),
            highlights: vec![v1::ByteRange { start: 3, end: 9 }],
            badges: vec![v1::Badge::FreeShipping.into()],
            ..Default::default()
        };
        let response = v1::SearchResponse {
            hits: vec![hit],
            total: 1 << 60,
            ..Default::default()
        };
        let json = value("SearchResponse", &response).unwrap();
        assert_eq!(json["hits"][0]["item_id"], "1");
        assert_eq!(json["hits"][0]["highlights"][0]["start"], 3);
        assert_eq!(json["hits"][0]["badges"][0], "BADGE_FREE_SHIPPING");
        assert_eq!(json["total"], 1u64 << 60);
        assert_eq!(json["next_page_token"], "");
        assert_eq!(json["total_is_lower_bound"], false);
    }

    #[test]
    fn what_was_written_is_read_back_and_unknown_fields_are_told() {
        let event = v1::Event {
            kind: v1::EventKind::Click.into(),
            item_id: "1".into(),
            position: Some(0),
            ..Default::default()
        };
        let json = value("Event", &event).unwrap();
        assert_eq!(read::<v1::Event>("Event", json).unwrap(), event);
        let error = read::<v1::Event>("Event", serde_json::json!({"item": "1"})).unwrap_err();
        assert!(error.to_string().contains("item"), "{error}");
    }
}
