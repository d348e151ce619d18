//! Where the dictionaries come from: the binary, or a folder that is watched.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use sampan_analyzers::DictionaryFiles;

use crate::base::error::{Result, SampanError};

/// Bytes of one dictionary file, above which it is refused: a wrong file dropped in must not fill memory.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Where the dictionaries come from.
#[derive(Debug, Clone)]
pub enum DictionarySource {
    /// As built into the binary.
    Embedded,
    /// A folder in the shape of `dictionaries/`; changes act within seconds.
    Folder(PathBuf),
}

impl DictionarySource {
    /// All files that [`DictionaryFiles::may_hold`].
    pub fn load(&self) -> Result<DictionaryFiles> {
        match self {
            Self::Embedded => Ok(DictionaryFiles::embedded()),
            Self::Folder(folder) => {
                let mut files = BTreeMap::new();
                for path in walk(folder)? {
                    let name = relative(folder, &path)?;
                    let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
                    files.insert(name, text);
                }
                Ok(DictionaryFiles(files))
            }
        }
    }

    /// A stamp that changes when a file is added, removed or written. `None` for what cannot change.
    pub fn stamp(&self) -> Option<Vec<(PathBuf, SystemTime, u64)>> {
        let Self::Folder(folder) = self else {
            return None;
        };
        let mut stamp: Vec<_> = walk(folder)
            .ok()?
            .into_iter()
            .filter_map(|path| {
                let facts = fs::metadata(&path).ok()?;
                Some((path, facts.modified().ok()?, facts.len()))
            })
            .collect();
        stamp.sort();
        Some(stamp)
    }
}

fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| unreadable(&folder, e))?;
        for entry in entries {
            let path = entry.map_err(|e| unreadable(&folder, e))?.path();
            let facts = fs::metadata(&path).map_err(|e| unreadable(&path, e))?;
            if facts.is_dir() {
                open.push(path);
            } else if path.to_str().is_some_and(DictionaryFiles::may_hold) {
                if facts.len() > FILE_BYTES_MAX {
                    return Err(unreadable(&path, format!("above {FILE_BYTES_MAX} bytes")));
                }
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn relative(folder: &Path, path: &Path) -> Result<String> {
    path.strip_prefix(folder)
        .ok()
        .and_then(|path| path.to_str())
        .map(|path| path.replace('\\', "/"))
        .ok_or_else(|| unreadable(path, "its name is not UTF-8"))
}

fn unreadable(path: &Path, reason: impl ToString) -> SampanError {
    SampanError::Configuration {
        place: path.display().to_string(),
        reason: reason.to_string(),
    }
}
