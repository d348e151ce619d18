//! Evaluation data that is not part of this repository: `SAMPAN_DATA`, or `../shared/data` beside the workspace.

use std::path::PathBuf;

/// Text of the file; nothing, with a word of why, when this machine does not have it.
pub fn read(path: &str) -> Option<String> {
    let root = std::env::var_os("SAMPAN_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let file = root.join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        println!(
            "skipped: no {} (set SAMPAN_DATA to the evaluation data)",
            file.display()
        );
    }
    text
}
