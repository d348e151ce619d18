//! Files of events: JSON Lines with the fields of `sampan.v1.Event`.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use sampan_proto::v1;
use serde_json::Value;

use crate::terminal::json::{self, JsonError};

/// Why a file of events cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum EventFileError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {source}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        source: JsonError,
    },
}

/// Reads every event of a file; empty lines are passed over.
///
/// # Errors
/// The file cannot be read, or a line is no event; the line is named.
pub fn read(path: &Path) -> Result<Vec<v1::Event>, EventFileError> {
    let io_error = |source| EventFileError::Io {
        path: path.to_owned(),
        source,
    };
    let reader = BufReader::new(File::open(path).map_err(io_error)?);
    let mut events = Vec::new();
    for (index, line) in reader.lines().enumerate() {
        let line = line.map_err(io_error)?;
        if !line.trim().is_empty() {
            let event = event(&line).map_err(|source| EventFileError::Line {
                path: path.to_owned(),
                line: index + 1,
                source,
            })?;
            events.push(event);
        }
    }
    Ok(events)
}

/// One event; its kind may be written short ("click").
fn event(line: &str) -> Result<v1::Event, JsonError> {
    let mut json: Value = serde_json::from_str(line)?;
    if let Some(Value::String(kind)) = json.get_mut("kind")
        && !kind.starts_with("EVENT_KIND_")
    {
        *kind = format!("EVENT_KIND_{}", kind.to_uppercase());
    }
    json::read("Event", json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_kinds_are_read_and_a_bad_line_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("events.jsonl");
        let good = "{\"kind\":\"click\",\"item_id\":\"1\",\"position\":2}\n\n\
                    {\"kind\":\"EVENT_KIND_ORDER\",\"item_id\":\"2\",\"time\":\"2026-01-02T03:04:05Z\"}\n";
        std::fs::write(&path, good).unwrap();
        let events = read(&path).unwrap();
        let kinds: Vec<v1::EventKind> = events.iter().map(v1::Event::kind).collect();
        assert_eq!(kinds, [v1::EventKind::Click, v1::EventKind::Order]);
        assert_eq!(
            (events[0].position, events[1].time.unwrap().seconds),
            (Some(2), 1_767_323_045)
        );

        std::fs::write(&path, format!("{good}{{\"kind\":\"like\"}}")).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(
            error.contains("line 4") && error.contains("EVENT_KIND_LIKE"),
            "{error}"
        );
    }
}
