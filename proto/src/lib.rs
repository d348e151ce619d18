//! Sampan's wire contract, generated from `sampan/v1/*.proto`. No logic lives here.

/// Package `sampan.v1`: messages, and tonic clients and servers of every service.
#[allow(clippy::all, clippy::unwrap_used)]
pub mod v1 {
    tonic::include_proto!("sampan.v1");
}

/// The encoded `FileDescriptorSet` of the contract, for gRPC server reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sampan.bin"));

/// A moment in time, as messages hold it.
pub use prost_types::Timestamp;
