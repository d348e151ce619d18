//! Files that are either whole or absent: written aside, synced, renamed, directory synced.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::error::VectorError;

/// Ending of a file that is not finished; such files are removed at open.
pub(super) const ASIDE_EXTENSION: &str = "aside";

/// Writes `path` through `write`, durable and visible under its name only when complete.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), VectorError> {
    let aside = path.with_extension(ASIDE_EXTENSION);
    let written = File::create(&aside).and_then(|file| {
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        write(&mut writer)?;
        writer.flush()?;
        writer.get_ref().sync_all()
    });
    written.map_err(VectorError::io(&aside))?;
    fs::rename(&aside, path).map_err(VectorError::io(path))?;
    sync_directory(path.parent().unwrap_or(Path::new(".")))
}

/// Makes renames and removals in a directory durable.
pub(super) fn sync_directory(directory: &Path) -> Result<(), VectorError> {
    let synced = File::open(directory).and_then(|file| file.sync_all());
    synced.map_err(VectorError::io(directory))
}
