//! Files that are either whole or absent: written aside, synced, renamed, directory synced.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use super::FileError;

/// Ending of a file that is not finished.
pub const ASIDE_EXTENSION: &str = "aside";

/// Bytes that are gathered before the disk is asked.
const BUFFER_BYTES: usize = 1 << 20;

/// Writes `path` through `write`, durable and visible under its name only when complete.
///
/// # Errors
/// [`FileError::Io`] names the file; nothing is left of one that could not be finished.
pub fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), FileError> {
    let aside = path.with_extension(ASIDE_EXTENSION);
    let written = File::create(&aside).and_then(|file| {
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, file);
        write(&mut writer)?;
        writer.flush()?;
        writer.get_ref().sync_all()
    });
    if let Err(error) = written {
        // What is left of it is of no use; that it cannot be removed matters less than the error.
        let _ = fs::remove_file(&aside);
        return Err(FileError::io(aside)(error));
    }
    fs::rename(&aside, path).map_err(FileError::io(path))?;
    let directory = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty());
    sync_directory(directory.unwrap_or(Path::new(".")))
}

/// Makes renames and removals in a directory durable.
///
/// # Errors
/// [`FileError::Io`] names the directory.
pub fn sync_directory(directory: &Path) -> Result<(), FileError> {
    let synced = File::open(directory).and_then(|file| file.sync_all());
    synced.map_err(FileError::io(directory))
}
