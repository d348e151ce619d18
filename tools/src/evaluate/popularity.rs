//! How often queries are asked.

use std::{collections::HashMap, fs, path::Path};

use anyhow::Context as _;

/// Thirds of a log.
pub const THIRDS: [&str; 3] = ["head", "torso", "tail"];

/// Reads how often each text was asked: `text<TAB>count`.
///
/// # Errors
/// The file cannot be read, or a line has no tab with a whole number behind it; the line is named.
pub fn counts(path: &Path) -> anyhow::Result<Vec<(String, u64)>> {
    let place = || path.display().to_string();
    let text = fs::read_to_string(path).with_context(place)?;
    let mut counts: Vec<(String, u64)> = Vec::new();
    for (number, line) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let parsed = line.rsplit_once('\t').and_then(|(text, count)| {
            Some((text.trim().to_owned(), count.trim().parse::<u64>().ok()?))
        });
        counts.push(parsed.with_context(|| {
            format!(
                "{}, line {number}: want a text, a tab and a whole number",
                place()
            )
        })?);
    }
    Ok(counts)
}

/// Reads such a file and parts the texts: those asked most, which make up the first third of all that was asked, are the
/// head.
///
/// # Errors
/// As [`counts`].
pub fn read(path: &Path) -> anyhow::Result<HashMap<String, &'static str>> {
    let mut counts = counts(path)?;
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let mut before = 0;
    let third = |(text, count): (String, u64)| {
        let third = THIRDS[(before * 3 / all.max(1)).min(2) as usize];
        before += count;
        (text, third)
    };
    Ok(counts.into_iter().map(third).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_parted_into_thirds_of_what_was_asked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "a\t50\nb\t20\nc\t10\nd\t10\ne\t10\n").unwrap();
        let thirds = read(file.path()).unwrap();
        let told = ["a", "b", "c", "d", "e"].map(|text| thirds[text]);
        assert_eq!(told, ["head", "torso", "tail", "tail", "tail"]);
        fs::write(file.path(), "a\t1\nb\n").unwrap();
        let error = read(file.path()).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
