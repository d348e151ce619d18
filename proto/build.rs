//! Compiles the contract without `protoc` and keeps its descriptors for reflection.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const FILES: [&str; 6] = [
    "sampan/v1/item.proto",
    "sampan/v1/search.proto",
    "sampan/v1/feed.proto",
    "sampan/v1/catalog.proto",
    "sampan/v1/event.proto",
    "sampan/v1/admin.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=sampan");
    let descriptors = protox::compile(FILES, ["."])?;
    let path = PathBuf::from(env::var("OUT_DIR")?).join("sampan.bin");
    fs::write(&path, descriptors.encode_to_vec())?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
