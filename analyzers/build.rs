//! Makes what the analysers are built on, from two libraries' data, so that nothing of it is copied into this repository:
//! jieba-rs's dictionary (MIT) gives words and frequencies, OpenCC's (Apache-2.0) gives their other scripts.
//!
//! Written to `OUT_DIR`: `lexicon.txt`, `phrases.txt`, `characters.txt`, `free_characters.txt`, `lexicon.hash`, `opencc_bundle.rs`.

#[path = "build/characters.rs"]
mod characters;
#[path = "build/lexicon.rs"]
mod lexicon;
#[path = "build/opencc.rs"]
mod opencc;
#[path = "build/shop_glyphs.rs"]
mod shop_glyphs;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A package that needs jieba-rs alone; its version is the lock's.
const JIEBA_MANIFEST: &str = r#"
[package]
name = "jieba-dictionary"
version = "0.0.0"
edition = "2024"

[lib]
path = "lib.rs"

[dependencies]
jieba-rs = { version = "*", default-features = false }

[workspace]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=../dictionaries");
    println!("cargo:rerun-if-changed=../Cargo.lock");
    println!("cargo:rerun-if-env-changed=OPENCC_DATA_DIR");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let data = PathBuf::from(env::var("OPENCC_DATA_DIR").map_err(
        |_| "OPENCC_DATA_DIR is not set: run tools/setup.sh and build from the workspace root",
    )?);
    fs::write(out.join("opencc_bundle.rs"), opencc::bundle_source(&data)?)?;

    let dictionary = fs::read_to_string(jieba_dictionary(&out)?)?;
    let converters = opencc::Converters::open(&data)?;
    let words = lexicon::read(&dictionary);
    let forms = lexicon::Forms::convert(&words, &converters)?;
    let characters =
        characters::Characters::derive(&words, &forms, &converters, &shop_glyphs::read()?)?;
    let lexicon_text = lexicon::lexicon_text(&words, &characters);
    let phrases_text = lexicon::phrases_text(&words, &forms, &characters);
    let characters_text = characters.text();
    let mut hasher = blake3::Hasher::new();
    for part in [&lexicon_text, &phrases_text, &characters_text] {
        hasher.update(part.as_bytes());
    }
    fs::write(
        out.join("free_characters.txt"),
        lexicon::free_characters(&lexicon_text),
    )?;
    fs::write(out.join("lexicon.txt"), lexicon_text)?;
    fs::write(out.join("phrases.txt"), phrases_text)?;
    fs::write(out.join("characters.txt"), characters_text)?;
    fs::write(
        out.join("lexicon.hash"),
        hasher.finalize().to_hex().as_str(),
    )?;
    Ok(())
}

/// The dictionary file inside the jieba-rs package that cargo resolved.
///
/// Cargo is asked about a package that needs nothing else, under this workspace's lock: to tell about the workspace it would
/// want every package of every member, and a build of one member has fetched only its own.
fn jieba_dictionary(out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let asking = out.join("jieba");
    fs::create_dir_all(&asking)?;
    let manifest = asking.join("Cargo.toml");
    fs::write(&manifest, JIEBA_MANIFEST)?;
    fs::write(asking.join("lib.rs"), "")?;
    fs::copy("../Cargo.lock", asking.join("Cargo.lock"))?;
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(["--filter-platform", &env::var("TARGET")?])
        .arg("--manifest-path")
        .arg(&manifest)
        // Where packages come from is said in the configuration above this folder.
        .current_dir(env::var("CARGO_MANIFEST_DIR")?)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let package = metadata["packages"]
        .as_array()
        .and_then(|packages| {
            packages
                .iter()
                .find(|package| package["name"] == "jieba-rs")
        })
        .ok_or("cargo metadata names no jieba-rs")?;
    let manifest = package["manifest_path"]
        .as_str()
        .ok_or("jieba-rs has no manifest path")?;
    Ok(PathBuf::from(manifest)
        .with_file_name("src")
        .join("data")
        .join("dict.txt"))
}
