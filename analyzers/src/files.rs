//! The dictionary files as text, by path: where they came from is the caller's business.

use std::collections::{BTreeMap, BTreeSet};

use include_dir::{Dir, DirEntry, include_dir};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../dictionaries");

/// Folder that holds what all regions share.
pub const COMMON: &str = "common";
/// The list of licensed sources, beside the folders.
pub const SOURCES: &str = "SOURCES.md";

/// Path relative to `dictionaries/` (`hk/region.toml`) → text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DictionaryFiles(pub BTreeMap<String, String>);

impl DictionaryFiles {
    /// The dictionaries that the binary was built with.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self(files)
    }

    /// The list of licensed sources that the binary was built with: `SOURCES.md`.
    pub fn embedded_sources() -> &'static str {
        EMBEDDED
            .get_file(SOURCES)
            .and_then(|file| file.contents_utf8())
            .unwrap_or_default()
    }

    /// Bytes of all texts.
    pub fn bytes(&self) -> u64 {
        self.0.values().map(|text| text.len() as u64).sum()
    }

    /// Whether a file of this path belongs to the dictionaries: tables, settings and ranking models.
    pub fn may_hold(path: &str) -> bool {
        [".tsv", ".toml", ".model.txt"]
            .iter()
            .any(|ending| path.ends_with(ending))
    }

    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Codes of the regions: every folder with a `region.toml`, in order.
    pub fn regions(&self) -> Vec<String> {
        let codes: BTreeSet<&str> = self
            .0
            .keys()
            .filter_map(|path| path.strip_suffix("/region.toml"))
            .filter(|code| *code != COMMON && !code.contains('/'))
            .collect();
        codes.into_iter().map(str::to_owned).collect()
    }

    /// Files directly in `folder`, in order.
    pub fn in_folder<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(path, text)| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?;
            (!name.contains('/')).then_some((path.as_str(), text.as_str()))
        })
    }
}

/// The tables and settings; not the documents and scripts beside them.
fn collect(folder: &'static Dir<'static>, files: &mut BTreeMap<String, String>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, files),
            DirEntry::File(file) => {
                let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) else {
                    continue;
                };
                if DictionaryFiles::may_hold(path) {
                    files.insert(path.replace('\\', "/"), text.to_owned());
                }
            }
        }
    }
}
