//! The project's dictionaries, and copies of them that a test may change.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// The project's own dictionaries.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dictionaries")
}

/// A copy in a folder of its own, which goes away with it.
pub struct DictionaryCopy {
    folder: TempDir,
}

impl DictionaryCopy {
    /// Copies everything.
    pub fn new() -> Self {
        let copy = Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
        };
        copy_files(&folder(), copy.path());
        copy
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a region that begins as another one is.
    pub fn copy_region(&self, from: &str, to: &str) {
        copy_files(&self.path().join(from), &self.path().join(to));
    }

    /// Text of a file; "" when there is none.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    /// Writes a file as editors do: beside its place, then moved there.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        let beside = path.with_extension("new");
        fs::write(&beside, text).expect("the file can be written");
        fs::rename(&beside, &path).expect("the file can be moved");
    }

    /// Adds lines at the end of a file.
    pub fn append(&self, name: &str, text: &str) {
        self.write(name, &(self.read(name) + text));
    }
}

impl Default for DictionaryCopy {
    fn default() -> Self {
        Self::new()
    }
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_files(&path, &target);
        } else {
            fs::copy(&path, &target).expect("the file can be copied");
        }
    }
}
