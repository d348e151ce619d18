//! Where the encoder's file lies.

use std::{env, path::PathBuf};

/// Name of the file.
const FILE: &str = "use-multilingual-3.encoder";

/// Folder of data of the user's programs, below the home folder (XDG Base Directory Specification).
const DATA_BELOW_HOME: &str = ".local/share";

/// Which file is the encoder's.
#[derive(Debug, Clone, clap::Args)]
pub struct ModelPlace {
    /// File of the sentence encoder, or "none". Default: where `sampan model fetch` puts it.
    #[arg(long, env = "SAMPAN_MODEL", value_name = "FILE")]
    model: Option<PathBuf>,
}

impl ModelPlace {
    /// The file; none when none is wanted, or the user has no folder for it.
    pub fn path(&self) -> Option<PathBuf> {
        match &self.model {
            Some(path) if path.as_os_str() == "none" => None,
            Some(path) => Some(path.clone()),
            None => usual(),
        }
    }

    /// The file for a node: one that was named, or the usual one if it is there.
    pub fn for_node(&self) -> Option<PathBuf> {
        self.path()
            .filter(|path| self.model.is_some() || path.exists())
    }
}

/// The usual place: one file for all nodes of a user.
fn usual() -> Option<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(DATA_BELOW_HOME)));
    Some(data?.join("sampan").join(FILE))
}
