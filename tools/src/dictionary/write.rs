//! Writes a dictionary file so that nobody ever reads half of it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// Why a file was not written. It is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("{}: someone has changed it meanwhile; nothing was written, try again", path.display())]
    Changed { path: PathBuf },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Puts `text` in place of what is in the file, which must still be `expected` (none: there is no file yet): written
/// beside it, synced, renamed over it, and the folder synced.
///
/// # Errors
/// The file is not what was expected, or the disk refuses.
pub fn replace(path: &Path, expected: Option<&str>, text: &str) -> Result<(), WriteError> {
    let failed = |source| WriteError::Io {
        path: path.to_owned(),
        source,
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = NamedTempFile::new_in(folder).map_err(failed)?;
    beside.write_all(text.as_bytes()).map_err(failed)?;
    if let Ok(facts) = fs::metadata(path) {
        let file = beside.as_file();
        file.set_permissions(facts.permissions()).map_err(failed)?;
    }
    beside.as_file().sync_all().map_err(failed)?;
    let current = match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    if current.as_deref() != expected {
        let path = path.to_owned();
        return Err(WriteError::Changed { path });
    }
    beside.persist(path).map_err(|error| failed(error.error))?;
    let folder = File::open(folder).map_err(failed)?;
    folder.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.tsv");
        replace(&path, None, "one").unwrap();
        replace(&path, Some("one"), "two").unwrap();
        let refused = replace(&path, Some("one"), "three");
        assert!(matches!(refused, Err(WriteError::Changed { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "nothing lies beside it");
    }
}
