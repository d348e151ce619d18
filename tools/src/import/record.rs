//! One record of a catalogue file, whatever the format: a JSON object or a row of cells.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use super::source::scalar_text;

/// Why a path has no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("is an object; name one of its fields: {}", fields.join(", "))]
    Object { fields: Vec<String> },
    #[error("is a list of lists; only a list of values can be read")]
    Nested,
}

/// Column names of a delimited file, by place.
#[derive(Debug, Default)]
pub struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    /// Names in file order; of two equal names the first is the one that is read.
    pub fn new(names: Vec<String>) -> Self {
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        Self { names, places }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// One record, owned.
#[derive(Debug, Clone)]
pub enum Record {
    /// A JSON object (JSONL) or a Parquet row.
    Json(Value),
    /// A row of a delimited file.
    Row {
        columns: Arc<Columns>,
        cells: Vec<String>,
    },
}

impl Record {
    /// Every text found at a path. A path through an array gives one text for each element; null and absent give none.
    ///
    /// # Errors
    /// The path ends at an object or at an array of arrays.
    pub fn texts(&self, path: &str) -> Result<Vec<String>, ValueError> {
        let mut texts = Vec::new();
        match self {
            Self::Row { columns, cells } => {
                let cell = columns.places.get(path).and_then(|place| cells.get(*place));
                texts.extend(cell.cloned());
            }
            Self::Json(value) => collect(value, path, &mut texts)?,
        }
        Ok(texts)
    }
}

/// Walks a dotted path. A key that itself holds dots wins over the way through nested objects.
fn collect(value: &Value, path: &str, texts: &mut Vec<String>) -> Result<(), ValueError> {
    match value {
        Value::Array(elements) => collect_elements(elements, path, texts),
        _ if path.is_empty() => {
            texts.extend(scalar_text(value)?);
            Ok(())
        }
        Value::Object(fields) => {
            if let Some(found) = fields.get(path) {
                return collect(found, "", texts);
            }
            let (head, rest) = path.split_once('.').unwrap_or((path, ""));
            match fields.get(head) {
                Some(found) if !rest.is_empty() => collect(found, rest, texts),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// A number picks one element; any other segment, and the end of the path, go to each.
fn collect_elements(
    elements: &[Value],
    path: &str,
    texts: &mut Vec<String>,
) -> Result<(), ValueError> {
    if path.is_empty() {
        for element in elements {
            texts.extend(scalar_text(element)?);
        }
        return Ok(());
    }
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Ok(place) = head.parse::<usize>() {
        return elements
            .get(place)
            .map_or(Ok(()), |element| collect(element, rest, texts));
    }
    elements
        .iter()
        .try_for_each(|element| collect(element, path, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str, path: &str) -> Result<Vec<String>, ValueError> {
        Record::Json(serde_json::from_str(json).unwrap()).texts(path)
    }

    #[test]
    fn paths_go_through_objects_and_arrays() {
        let json =
            r#"{"name":{"tc":"雪櫃","n":28.5},"shops":["A","B"],"variants":[{"sku":1},{"sku":2}]}"#;
        assert_eq!(texts(json, "name.tc").unwrap(), ["雪櫃"]);
        assert_eq!(texts(json, "name.n").unwrap(), ["28.5"]);
        assert_eq!(texts(json, "shops").unwrap(), ["A", "B"]);
        assert_eq!(texts(json, "shops.1").unwrap(), ["B"]);
        assert_eq!(texts(json, "variants.sku").unwrap(), ["1", "2"]);
        assert_eq!(texts(json, "variants.1.sku").unwrap(), ["2"]);
    }

    #[test]
    fn absent_and_null_give_nothing() {
        let json = r#"{"a":null,"b":{"c":1}}"#;
        for path in ["a", "x", "b.x", "b.c.d", "a.b", "b."] {
            assert_eq!(texts(json, path).unwrap(), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn a_key_with_dots_is_found_whole() {
        let json = r#"{"name.tc":"whole","name":{"tc":"nested"},"a":{"b.c":"inner"}}"#;
        assert_eq!(texts(json, "name.tc").unwrap(), ["whole"]);
        assert_eq!(texts(json, "a.b.c").unwrap(), ["inner"]);
    }

    #[test]
    fn an_object_is_refused_with_its_fields() {
        let error = texts(r#"{"name":{"tc":"雪櫃","sc":"冰箱"}}"#, "name").unwrap_err();
        assert_eq!(
            error.to_string(),
            "is an object; name one of its fields: tc, sc"
        );
        assert_eq!(texts(r#"{"a":[[1]]}"#, "a"), Err(ValueError::Nested));
    }

    #[test]
    fn cells_are_found_by_column_name() {
        let columns = Arc::new(Columns::new(vec![
            "id".into(),
            "name.tc".into(),
            "id".into(),
        ]));
        let row = Record::Row {
            columns,
            cells: vec!["1".into(), "雪櫃".into(), "2".into()],
        };
        assert_eq!(row.texts("name.tc").unwrap(), ["雪櫃"]);
        assert_eq!(row.texts("id").unwrap(), ["1"]);
        assert_eq!(row.texts("x").unwrap(), Vec::<String>::new());
    }
}
