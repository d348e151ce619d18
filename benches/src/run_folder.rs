//! Where a measurement works, and where its figures go.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use crate::Outcome;

/// A folder that was named, and is kept for the next run; or a temporary one, which goes with the run.
pub enum RunFolder {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl RunFolder {
    /// Makes the folder that was named, or a temporary one.
    pub fn open(named: Option<&Path>) -> Outcome<Self> {
        let Some(path) = named else {
            return Ok(Self::Temporary(tempfile::tempdir()?));
        };
        fs::create_dir_all(path)?;
        Ok(Self::Kept(path.to_owned()))
    }

    pub fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// Writes figures to the file that was named, if one was.
pub fn write_json(file: Option<&Path>, figures: &serde_json::Value) -> Outcome<()> {
    if let Some(file) = file {
        fs::write(file, format!("{figures:#}\n"))?;
    }
    Ok(())
}
