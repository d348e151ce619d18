//! Texts to measure with: lines of a file.

use std::{fs, path::Path};

use crate::Outcome;

/// The last tab-separated field of each line that has one.
pub fn read(path: &Path) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let fields = text.lines().filter_map(|line| line.rsplit('\t').next());
    Ok(fields
        .filter(|field| !field.is_empty())
        .map(str::to_owned)
        .collect())
}

/// `count` texts spread evenly over all; all of them when there are fewer.
pub fn spread(texts: Vec<String>, count: usize) -> Vec<String> {
    let stride = (texts.len() / count.max(1)).max(1);
    texts.into_iter().step_by(stride).take(count).collect()
}
