//! Where in a TOML text something stands, for errors that a person can act on.

use crate::base::error::SampanError;

/// Line (from 1) of a byte offset.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}

/// Line (from 1) of the first assignment to `key` after the first line that holds `after`; 1 when there is none.
pub fn line_of_key(text: &str, after: &str, key: &str) -> usize {
    let mut seen = after.is_empty();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        seen |= line.contains(after);
        let assigns = line
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with('='));
        if seen && assigns {
            return number + 1;
        }
    }
    1
}

/// Line (from 1) of the assignment to `key` in the `[[table]]` that holds the byte offset `inside`; that offset's own
/// line when there is none.
pub fn line_in_table(text: &str, inside: usize, key: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let own = line_at(text, inside);
    let is_header = |line: &str| line.trim_start().starts_with("[[");
    let before = lines.iter().take(own);
    let first = before
        .clone()
        .rposition(|line| is_header(line))
        .unwrap_or(0);
    let assigns = |line: &str| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let mut table = lines.iter().enumerate().skip(first + 1);
    let found = table
        .by_ref()
        .take_while(|(_, line)| !is_header(line))
        .find(|(_, line)| assigns(line));
    found.map_or(own, |(place, _)| place + 1)
}

/// Reads a TOML text; an error names path, line and reason.
pub fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, SampanError> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        SampanError::Configuration {
            place: format!("{path}:{line}"),
            reason: error.message().trim().to_owned(),
        }
    })
}

/// An error at a key of a TOML text.
pub fn wrong(path: &str, text: &str, after: &str, key: &str, reason: String) -> SampanError {
    SampanError::Configuration {
        place: format!("{path}:{}", line_of_key(text, after, key)),
        reason,
    }
}

/// Line (from 1) where a field of a table stands, looked for from the table's own line to the next table of a list; that
/// line itself when it is nowhere.
pub fn line_of_field(text: &str, from_line: usize, key: &str) -> usize {
    let lines = text.lines().enumerate().skip(from_line.saturating_sub(1));
    let of_table = lines
        .take_while(|(number, line)| *number < from_line || !line.trim_start().starts_with("[["));
    let mut of_table = of_table;
    let found = of_table.find(|(_, line)| assigns(line, key));
    found.map_or(from_line, |(number, _)| number + 1)
}

/// Whether a line sets a key, inside an inline table or in a header too.
fn assigns(line: &str, key: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    line.match_indices(key).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + key.len()..].trim_start();
        !before.is_some_and(is_name) && (after.starts_with('=') || after.starts_with(']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_its_own_table() {
        let text =
            "[[a]]\nid = 1\nkey = 1\n\n[[a]]\nkey = 2\nid = 2\nkeys = 3\n[[a]]\nid = 3\nkey = 3\n";
        let line = |id: &str, key| line_in_table(text, text.find(id).unwrap(), key);
        assert_eq!(line("id = 1", "key"), 3);
        assert_eq!(line("id = 2", "key"), 6);
        assert_eq!(line("id = 3", "key"), 11);
        assert_eq!(line("id = 2", "other"), 7, "its own line");
    }
}
