//! The checkpoint beside the rejects file: how far each file was imported, so that an interrupted import goes on.
//!
//! It is JSON, version 1, written anew after every batch that the node acknowledged and removed when the import is
//! complete. One that cannot be read, or of another version, counts as absent: the import then starts from the first
//! line, which is slower but gives the same result, because an item replaces the one of the same id.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// Buffer for hashing files, bytes.
const HASH_BUFFER_BYTES: usize = 1 << 18;

/// How far one file was imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// File name, for whoever reads the checkpoint.
    pub file: String,
    /// Last line whose batch was acknowledged.
    pub line: u64,
    pub accepted: u64,
    pub refused: u64,
    /// Items accepted without an offer.
    pub unsold: u64,
    /// Length of the rejects file then, bytes.
    pub rejects_bytes: u64,
    /// The node's sequence number then. A node that is behind it has lost the items.
    pub sequence: u64,
    /// True when the whole file was imported, and only other files of the same command were left.
    pub complete: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    version: u32,
    imports: BTreeMap<String, Position>,
}

/// The checkpoint file.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    imports: BTreeMap<String, Position>,
}

impl Checkpoint {
    /// The checkpoint that belongs to a rejects file.
    pub fn beside(rejects: &Path) -> Self {
        let mut name = rejects.file_name().unwrap_or_default().to_owned();
        name.push(".checkpoint");
        let path = rejects.with_file_name(name);
        let imports = fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Content>(&bytes).ok())
            .filter(|content| content.version == VERSION)
            .map_or_else(BTreeMap::new, |content| content.imports);
        Self { path, imports }
    }

    /// Position of an import by its [`import_key`].
    pub fn position(&self, key: &str) -> Option<&Position> {
        self.imports.get(key)
    }

    /// Records a position.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn record(&mut self, key: &str, position: Position) -> io::Result<()> {
        self.imports.insert(key.to_owned(), position);
        let content = Content {
            version: VERSION,
            imports: self.imports.clone(),
        };
        let next = self.path.with_extension("next");
        fs::write(&next, serde_json::to_vec_pretty(&content)?)?;
        fs::rename(&next, &self.path)
    }

    /// Forgets every position and removes the file.
    ///
    /// # Errors
    /// The file is there and cannot be removed.
    pub fn remove(&mut self) -> io::Result<()> {
        self.imports.clear();
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Identity of an import: BLAKE3 over the file's bytes, the map's text and the node's address, in hexadecimal.
///
/// # Errors
/// The file cannot be read.
pub fn import_key(file: &Path, map_text: &str, address: &str) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut reader = File::open(file)?;
    let mut buffer = vec![0; HASH_BUFFER_BYTES];
    loop {
        match reader.read(&mut buffer)? {
            0 => break,
            bytes => hasher.update(&buffer[..bytes]),
        };
    }
    for text in [map_text, address] {
        hasher.update(&[0]).update(text.as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_outlive_the_process_until_removed() {
        let folder = tempfile::TempDir::new().unwrap();
        let rejects = folder.path().join("a.jsonl.rejects.tsv");
        let position = Position {
            line: 7,
            accepted: 6,
            ..Default::default()
        };
        Checkpoint::beside(&rejects)
            .record("k", position.clone())
            .unwrap();
        let mut again = Checkpoint::beside(&rejects);
        assert_eq!(again.position("k"), Some(&position));
        assert_eq!(again.position("other"), None);
        again.remove().unwrap();
        again.remove().unwrap();
        assert_eq!(Checkpoint::beside(&rejects).position("k"), None);
    }

    #[test]
    fn an_unreadable_checkpoint_counts_as_absent() {
        let folder = tempfile::TempDir::new().unwrap();
        let rejects = folder.path().join("r.tsv");
        for content in [
            "",
            "{\"version\":1,",
            "{\"version\":99,\"imports\":{\"k\":{}}}",
        ] {
            fs::write(folder.path().join("r.tsv.checkpoint"), content).unwrap();
            assert_eq!(
                Checkpoint::beside(&rejects).position("k"),
                None,
                "{content}"
            );
        }
    }

    #[test]
    fn the_key_follows_content_map_and_node() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("a.jsonl");
        fs::write(&file, "1").unwrap();
        let key = |map, address| import_key(&file, map, address).unwrap();
        let first = key("map", "node");
        assert_eq!(first, key("map", "node"));
        assert_ne!(first, key("other", "node"));
        assert_ne!(first, key("map", "other"));
        fs::write(&file, "2").unwrap();
        assert_ne!(first, key("map", "node"));
    }
}
