//! Sequences: one shopper a line, the shopper's name and then items in the order of time, separated by spaces.

use std::{fs, path::Path};

use sampan_engine::recommend::{InteractionLog, Taken, Visit, visits::Places};

use super::InteractionsError;

/// Reads a file of sequences. Each item is a visit of its own; there are no times.
///
/// # Errors
/// The file cannot be read, or a line has a shopper and no item; the line is named.
pub fn read(path: &Path) -> Result<InteractionLog, InteractionsError> {
    let text = fs::read_to_string(path).map_err(|source| InteractionsError::Io {
        path: path.to_owned(),
        source,
    })?;
    let mut items = Places::default();
    let mut histories = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut names = line.split_whitespace();
        if names.next().is_none() {
            continue;
        }
        let history: Vec<Visit> = names
            .map(|name| Visit {
                seconds: 0,
                taken: vec![Taken {
                    item: items.of(name),
                    strength: 1.0,
                }],
            })
            .collect();
        if history.is_empty() {
            return Err(InteractionsError::Line {
                path: path.to_owned(),
                line: number,
                reason: "a shopper without items".to_owned(),
            });
        }
        histories.push(history);
    }
    Ok(InteractionLog {
        items: items.names,
        histories,
        timed: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_visits_and_a_shopper_without_items_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("log.txt");
        fs::write(&path, "u1 9 7 9\n\nu2 7\n").unwrap();
        let log = read(&path).unwrap();
        assert_eq!(log.items, ["9", "7"]);
        assert_eq!(
            (log.histories.len(), log.visits(), log.timed),
            (2, 4, false)
        );
        fs::write(&path, "u1 9\nu2\n").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("line 2"));
    }
}
