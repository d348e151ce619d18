//! What items are, as features: a JSON object from item id to a list of attributes, each a text or a number.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

use sampan_engine::recommend::{
    InteractionLog,
    content::{FEATURES_MAX, Features},
};
use serde_json::Value;

use super::InteractionsError;

/// Reads the attributes of a log's items. Each is a feature; of more than [`FEATURES_MAX`] the most frequent are.
/// Items that the file does not name have none.
///
/// # Errors
/// The file cannot be read, or is not such an object; what is wrong is named.
pub fn read(path: &Path, log: &InteractionLog) -> Result<Features, InteractionsError> {
    let content = |reason: String| InteractionsError::Content {
        path: path.to_owned(),
        reason,
    };
    let text = fs::read_to_string(path).map_err(|source| InteractionsError::Io {
        path: path.to_owned(),
        source,
    })?;
    let named: HashMap<String, Vec<Value>> =
        serde_json::from_str(&text).map_err(|error| content(error.to_string()))?;
    let mut rows = Vec::with_capacity(log.items.len());
    for item in &log.items {
        let values = named.get(item).map_or(&[][..], Vec::as_slice);
        let texts = values.iter().map(|value| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(content(format!("item {item}: {other} is no attribute"))),
        });
        rows.push(texts.collect::<Result<Vec<String>, _>>()?);
    }
    let columns = columns(&rows);
    let width = columns.len();
    let rows = rows.iter().map(|row| {
        let mut row: Vec<u32> = row
            .iter()
            .filter_map(|text| columns.get(text).copied())
            .collect();
        row.sort_unstable();
        row.dedup();
        row.into_iter().map(|column| (column, 1.0)).collect()
    });
    Features::new(width, rows).map_err(|error| content(error.to_string()))
}

/// Columns of the most frequent attributes.
fn columns(rows: &[Vec<String>]) -> HashMap<String, u32> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for text in rows.iter().flatten() {
        *counts.entry(text).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    // Stable: of equally frequent ones the first in the alphabet.
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let kept = counts.into_iter().take(FEATURES_MAX);
    kept.zip(0..)
        .map(|((text, _), column)| (text.clone(), column))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Features, InteractionsError> {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("attributes.json");
        fs::write(&path, text).unwrap();
        let log = InteractionLog {
            items: vec!["a".into(), "b".into()],
            ..InteractionLog::default()
        };
        read(&path, &log)
    }

    #[test]
    fn items_have_their_attributes_and_odd_ones_are_named() {
        let features = read_text(r#"{"a": [1, "red", 1], "c": ["blue"]}"#).unwrap();
        assert_eq!(features.len(), 2);
        let error = read_text(r#"{"b": [null]}"#).unwrap_err().to_string();
        assert!(
            error.contains("item b") && error.contains("null"),
            "{error}"
        );
        assert!(read_text("[]").is_err());
    }
}
