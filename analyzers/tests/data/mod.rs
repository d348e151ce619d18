//! Evaluation data that is not part of this repository: `SAMPAN_DATA`, or `../shared/data` beside the workspace.

use std::path::PathBuf;

/// Where the file lies; nothing, with a word of why, when this machine does not have it.
pub fn path(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SAMPAN_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(file);
    if path.is_file() {
        return Some(path);
    }
    println!(
        "skipped: no {} (set SAMPAN_DATA to the evaluation data)",
        path.display()
    );
    None
}
