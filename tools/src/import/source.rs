//! Where a field's values come from: a path into the record, or a constant.

use serde_json::Value;

use super::record::{Record, ValueError};

/// One entry of MAP.toml to the right of `=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Dotted path (JSON, Parquet) or column name.
    Path {
        path: String,
        /// Cuts each value into several, for files whose cells hold lists.
        separator: Option<String>,
    },
    /// The same values for every record.
    Constant(Vec<String>),
}

impl Source {
    /// The values of a record, in order, without surrounding white space; empty ones are left out.
    ///
    /// # Errors
    /// The path ends at an object, which has no single text.
    pub fn values(&self, record: &Record) -> Result<Vec<String>, ValueError> {
        match self {
            Self::Constant(values) => Ok(values.clone()),
            Self::Path { path, separator } => {
                let mut values = Vec::new();
                for text in record.texts(path)? {
                    match separator {
                        Some(separator) => {
                            values.extend(text.split(separator.as_str()).map(str::to_owned));
                        }
                        None => values.push(text),
                    }
                }
                values.iter_mut().for_each(trim_in_place);
                values.retain(|value| !value.is_empty());
                Ok(values)
            }
        }
    }

    /// The path, when there is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Path { path, .. } => Some(path),
            Self::Constant(_) => None,
        }
    }
}

fn trim_in_place(value: &mut String) {
    let trimmed = value.trim();
    if trimmed.len() != value.len() {
        *value = trimmed.to_owned();
    }
}

/// The text of a JSON scalar; none for null.
///
/// # Errors
/// The value is an object or an array.
pub(super) fn scalar_text(value: &Value) -> Result<Option<String>, ValueError> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        // Shortest decimal that reads back as the same number: 28.5 stays "28.5".
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Object(fields) => Err(ValueError::Object {
            fields: fields.keys().cloned().collect(),
        }),
        Value::Array(_) => Err(ValueError::Nested),
    }
}
