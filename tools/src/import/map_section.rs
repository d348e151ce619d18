//! Reading one table of MAP.toml key by key, so that a key nobody asked for is told apart from the known ones.

use toml::{Table, Value};

use super::source::Source;

/// What is wrong with a MAP.toml, and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    #[error("the map is not TOML: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("{}: unknown key; {} takes {}", at(table, key), name(table), allowed.join(", "))]
    Unknown {
        table: String,
        key: String,
        allowed: Vec<String>,
    },
    #[error("{key}: missing; write for example\n{example}")]
    Missing { key: String, example: String },
    #[error("{key}: is {found}; want {expected}")]
    Wrong {
        key: String,
        found: String,
        expected: String,
    },
}

impl MapError {
    pub(super) fn missing(key: &str, example: &str) -> Self {
        Self::Missing {
            key: key.to_owned(),
            example: example.to_owned(),
        }
    }
}

fn at(table: &str, key: &str) -> String {
    if table.is_empty() {
        key.to_owned()
    } else {
        format!("{table}.{key}")
    }
}

fn name(table: &str) -> String {
    if table.is_empty() {
        "the top of a map".to_owned()
    } else {
        format!("[{table}]")
    }
}

const SOURCE_EXPECTED: &str = "a column name or dotted path (\"name.tc\"), a constant ({ value = \"HKD\" }), \
     or a column to cut up ({ path = \"tags\", separator = \";\" })";

/// One table, whose keys are taken out one after another.
pub(super) struct Section {
    path: String,
    table: Table,
    asked: Vec<String>,
    /// Key and path of every source read so far.
    paths: Vec<(String, String)>,
}

impl Section {
    pub(super) fn new(path: &str, table: Table) -> Self {
        Self {
            path: path.to_owned(),
            table,
            asked: Vec::new(),
            paths: Vec::new(),
        }
    }

    /// The keys that have not been taken yet.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.push(key.to_owned());
        self.table.remove(key)
    }

    /// The error for a key whose value is of the wrong kind.
    pub(super) fn wrong(&self, key: &str, found: &str, expected: &str) -> MapError {
        MapError::Wrong {
            key: at(&self.path, key),
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }

    fn wrong_value(&self, key: &str, value: &Value, expected: &str) -> MapError {
        let found = match value {
            Value::Array(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            scalar => scalar.to_string(),
        };
        self.wrong(key, &found, expected)
    }

    pub(super) fn table(&mut self, key: &str) -> Result<Option<Section>, MapError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Table(table)) => Ok(Some(Section::new(&at(&self.path, key), table))),
            Some(other) => Err(self.wrong_value(key, &other, "a table")),
        }
    }

    /// A text that stands for itself.
    pub(super) fn literal(&mut self, key: &str) -> Result<Option<String>, MapError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong_value(key, &other, "a text")),
        }
    }

    /// A list of texts that stand for themselves.
    pub(super) fn literals(&mut self, key: &str) -> Result<Option<Vec<String>>, MapError> {
        let expected = "a list of texts ([\"a\", \"b\"])";
        match self.take(key) {
            None => Ok(None),
            Some(Value::Array(elements)) => {
                let texts = elements.into_iter().map(|element| match element {
                    Value::String(text) => Ok(text),
                    other => Err(self.wrong_value(key, &other, expected)),
                });
                texts.collect::<Result<_, _>>().map(Some)
            }
            Some(other) => Err(self.wrong_value(key, &other, expected)),
        }
    }

    /// Where a field with one value comes from.
    pub(super) fn source(&mut self, key: &str) -> Result<Option<Source>, MapError> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        self.read_source(key, value).map(Some)
    }

    pub(super) fn required_source(&mut self, key: &str, example: &str) -> Result<Source, MapError> {
        self.source(key)?
            .ok_or_else(|| MapError::missing(&at(&self.path, key), example))
    }

    /// Where a field with several values comes from: one source or a list of them.
    pub(super) fn sources(&mut self, key: &str) -> Result<Vec<Source>, MapError> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(elements)) => elements
                .into_iter()
                .map(|element| self.read_source(key, element))
                .collect(),
            Some(value) => Ok(vec![self.read_source(key, value)?]),
        }
    }

    fn read_source(&mut self, key: &str, value: Value) -> Result<Source, MapError> {
        let source = match value {
            Value::String(path) if !path.is_empty() => Source::Path {
                path,
                separator: None,
            },
            Value::Table(table) => self.read_source_table(key, table)?,
            other => return Err(self.wrong_value(key, &other, SOURCE_EXPECTED)),
        };
        if let Source::Path { path, .. } = &source {
            self.paths.push((at(&self.path, key), path.clone()));
        }
        Ok(source)
    }

    fn read_source_table(&self, key: &str, table: Table) -> Result<Source, MapError> {
        let mut section = Section::new(&at(&self.path, key), table);
        let constant = section.take("value");
        let path = section.literal("path")?;
        let separator = section
            .literal("separator")?
            .filter(|text| !text.is_empty());
        section.check_nothing_left()?;
        match (constant, path) {
            (Some(value), None) if separator.is_none() => {
                let texts = match value {
                    Value::Array(elements) => elements.iter().map(constant_text).collect(),
                    scalar => constant_text(&scalar).map(|text| vec![text]),
                };
                let expected = "a text, a number, true, false, or a list of them";
                texts
                    .map(Source::Constant)
                    .ok_or_else(|| section.wrong("value", "a table", expected))
            }
            (None, Some(path)) if !path.is_empty() => Ok(Source::Path { path, separator }),
            _ => Err(self.wrong(key, "neither one constant nor one path", SOURCE_EXPECTED)),
        }
    }

    fn check_nothing_left(&self) -> Result<(), MapError> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(MapError::Unknown {
                table: self.path.clone(),
                key: key.clone(),
                allowed: self.asked.clone(),
            }),
        }
    }

    /// Ends the reading of the table and gives key and path of every source in it.
    ///
    /// # Errors
    /// A key is left that nobody asked for.
    pub(super) fn finish(self) -> Result<Vec<(String, String)>, MapError> {
        self.check_nothing_left()?;
        Ok(self.paths)
    }

    /// Ends the reading of a table inside this one.
    pub(super) fn close(&mut self, inner: Section) -> Result<(), MapError> {
        self.paths.extend(inner.finish()?);
        Ok(())
    }
}

fn constant_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Datetime(time) => Some(time.to_string()),
        Value::Array(_) | Value::Table(_) => None,
    }
}
