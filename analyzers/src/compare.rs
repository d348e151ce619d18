//! What differs between two sets of dictionary files, row by row, and which queries are understood differently for it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::analyzer::Analyzer;
use crate::check::schema::Kind;
use crate::files::DictionaryFiles;
use crate::plan::{Understood, Unit};
use crate::table::{Row, Table};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Added,
    Removed,
    Changed,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Path relative to `dictionaries/`.
    pub file: String,
    /// From 1; 0 where the file has no lines of its own (settings).
    pub line: usize,
}

/// What changed in one column of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    pub column: String,
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// A row that differs. Rows are the same when they have the same key, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowChange {
    pub change: Change,
    /// `concept`, `stop word` … or `setting`.
    pub kind: &'static str,
    /// Id, word or term; `broad > narrow` of kinds; path of a setting.
    pub key: String,
    pub old: Option<Place>,
    pub new: Option<Place>,
    pub cells: Vec<CellChange>,
}

/// A query that is understood differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    pub query: String,
    pub regions: Vec<String>,
    /// What is looked for only now: `word → alternative (weight)`.
    pub gained: Vec<String>,
    pub lost: Vec<String>,
}

struct Entry {
    kind: &'static str,
    key: String,
    place: Place,
    /// Alternatives by column.
    cells: BTreeMap<String, Vec<String>>,
}

/// Entries by what makes them the same: kind, file where the file matters, and key.
type Entries = BTreeMap<(&'static str, String, String), Entry>;

/// Rows that were added, removed or changed.
pub fn compare(old: &DictionaryFiles, new: &DictionaryFiles) -> Vec<RowChange> {
    let (mut old, new) = (entries(old), entries(new));
    let mut changes = Vec::new();
    for (identity, entry) in new {
        match old.remove(&identity) {
            None => changes.push(one_sided(Change::Added, entry)),
            Some(before) if before.cells != entry.cells => changes.push(changed(before, entry)),
            Some(_) => {}
        }
    }
    changes.extend(
        old.into_values()
            .map(|entry| one_sided(Change::Removed, entry)),
    );
    changes.sort_by(|one, two| (one.kind, &one.key).cmp(&(two.kind, &two.key)));
    changes
}

/// The words of rows that differ: what to look at when no queries are at hand.
pub fn touched_terms(changes: &[RowChange]) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for change in changes {
        match change.kind {
            "concept" => {
                let columns = change.cells.iter().filter(|cell| holds_words(&cell.column));
                let words = columns.flat_map(|cell| cell.added.iter().chain(&cell.removed));
                terms.extend(words.map(|word| word.trim_start_matches(['<', '>']).to_owned()));
            }
            "kinds" | "setting" | "reading" | "other" => {}
            _ => {
                terms.insert(change.key.clone());
            }
        }
    }
    terms.into_iter().collect()
}

fn holds_words(column: &str) -> bool {
    !matches!(column, "category" | "weight" | "source" | "note")
}

/// Queries that the two understand differently. `progress` is told how many of them were looked at.
pub fn effects(
    (old, new): (&Analyzer, &Analyzer),
    regions: &[String],
    queries: &[String],
    progress: &mut dyn FnMut(usize),
) -> Vec<Effect> {
    let none = HashSet::new();
    let mut effects: Vec<Effect> = Vec::new();
    for (at, query) in queries.iter().enumerate() {
        progress(at);
        let first = effects.len();
        for region in regions {
            let before = looked_for(&old.understand(query, region, &none));
            let after = looked_for(&new.understand(query, region, &none));
            if before == after {
                continue;
            }
            let gained: Vec<String> = after.difference(&before).cloned().collect();
            let lost: Vec<String> = before.difference(&after).cloned().collect();
            let same = effects[first..]
                .iter_mut()
                .find(|effect| effect.gained == gained && effect.lost == lost);
            match same {
                Some(effect) => effect.regions.push(region.clone()),
                None => effects.push(Effect {
                    query: query.clone(),
                    regions: vec![region.clone()],
                    gained,
                    lost,
                }),
            }
        }
    }
    effects
}

/// Everything that decides what a query finds, as lines that can be compared and read.
fn looked_for(understood: &Understood) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let mut add = |prefix: &str, unit: &Unit| {
        let source = understood.text.get(unit.source.clone()).unwrap_or_default();
        for alternative in &unit.alternatives {
            let (text, weight) = (&alternative.text, alternative.weight);
            lines.insert(format!("{prefix}{source} → {text} ({weight:.2})"));
        }
    };
    understood.units.iter().for_each(|unit| add("", unit));
    understood
        .excluded
        .iter()
        .for_each(|unit| add("not ", unit));
    for preference in &understood.preferences {
        let name = serde_json::to_value(preference).unwrap_or_default();
        lines.insert(format!("wish {}", name.as_str().unwrap_or_default()));
    }
    lines
}

fn one_sided(change: Change, entry: Entry) -> RowChange {
    let of_cell = |(column, values): (String, Vec<String>)| match change {
        Change::Removed => CellChange {
            column,
            added: Vec::new(),
            removed: values,
        },
        Change::Added | Change::Changed => CellChange {
            column,
            added: values,
            removed: Vec::new(),
        },
    };
    let is_removed = change == Change::Removed;
    RowChange {
        change,
        kind: entry.kind,
        key: entry.key,
        old: is_removed.then(|| entry.place.clone()),
        new: (!is_removed).then_some(entry.place),
        cells: entry.cells.into_iter().map(of_cell).collect(),
    }
}

fn changed(old: Entry, new: Entry) -> RowChange {
    let columns: BTreeSet<&String> = old.cells.keys().chain(new.cells.keys()).collect();
    let nothing = Vec::new();
    let mut cells = Vec::new();
    for column in columns {
        let before = old.cells.get(column).unwrap_or(&nothing);
        let after = new.cells.get(column).unwrap_or(&nothing);
        if before != after {
            let only = |these: &[String], others: &[String]| -> Vec<String> {
                let only = these.iter().filter(|value| !others.contains(value));
                only.cloned().collect()
            };
            cells.push(CellChange {
                column: column.clone(),
                added: only(after, before),
                removed: only(before, after),
            });
        }
    }
    RowChange {
        change: Change::Changed,
        kind: new.kind,
        key: new.key,
        old: Some(old.place),
        new: Some(new.place),
        cells,
    }
}

fn entries(files: &DictionaryFiles) -> Entries {
    let mut entries = Entries::new();
    for (path, text) in &files.0 {
        if path.ends_with(".toml") {
            settings(path, text, &mut entries);
        } else {
            let kind = Kind::of(path);
            let table = Table::read(path, text, &[], &mut Vec::new());
            for row in table.rows() {
                row_entries(kind, &table, &row, &mut entries);
            }
        }
    }
    entries
}

/// A row is one entry; a row that lists alternatives of one meaning is one entry each.
fn row_entries(kind: Kind, table: &Table<'_>, row: &Row<'_, '_>, entries: &mut Entries) {
    let first = table.columns().first().copied().unwrap_or_default();
    let key_column = kind.key().unwrap_or(first);
    let lists = kind.term_columns(table);
    let mut cells: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for &column in table.columns() {
        let is_key = column == key_column || (kind == Kind::Kinds && column == "narrow");
        let cell = row.get(column);
        if !is_key && !cell.is_empty() {
            let values = match lists.contains(&column) {
                true => row.list(column).map(str::to_owned).collect(),
                false => vec![cell.to_owned()],
            };
            cells.insert(column.to_owned(), values);
        }
    }
    let keys: Vec<String> = match kind {
        Kind::Concepts | Kind::Readings | Kind::Other => vec![row.get(key_column).to_owned()],
        Kind::Kinds => {
            let broad = row.get("broad");
            row.list("narrow")
                .map(|narrow| format!("{broad} > {narrow}"))
                .collect()
        }
        _ => row.list(key_column).map(str::to_owned).collect(),
    };
    let scope = match kind {
        Kind::Concepts | Kind::Kinds => String::new(),
        // A pattern may be a mark and a filler.
        Kind::Spoken => format!("{} {}", table.file(), row.get("kind")),
        _ => table.file().to_owned(),
    };
    for key in keys {
        let entry = Entry {
            kind: kind.name(),
            key: key.clone(),
            place: Place {
                file: table.file().to_owned(),
                line: row.line(),
            },
            cells: cells.clone(),
        };
        entries.insert((kind.name(), scope.clone(), key), entry);
    }
}

/// Every value of a TOML file by its path; of a file that cannot be read, its text.
fn settings(path: &str, text: &str, entries: &mut Entries) {
    let mut values = Vec::new();
    match text.parse::<toml::Table>() {
        Ok(table) => flatten("", &toml::Value::Table(table), &mut values),
        Err(_) => values.push((String::new(), text.to_owned())),
    }
    for (key, value) in values {
        let entry = Entry {
            kind: "setting",
            key: format!("{path} {key}"),
            place: Place {
                file: path.to_owned(),
                line: 0,
            },
            cells: BTreeMap::from([("value".to_owned(), vec![value])]),
        };
        entries.insert(("setting", path.to_owned(), key), entry);
    }
}

fn flatten(prefix: &str, value: &toml::Value, values: &mut Vec<(String, String)>) {
    let join = |name: &str| match prefix {
        "" => name.to_owned(),
        _ => format!("{prefix}.{name}"),
    };
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                flatten(&join(name), value, values);
            }
        }
        toml::Value::Array(list) if list.iter().any(toml::Value::is_table) => {
            for (at, value) in list.iter().enumerate() {
                let id = value.get("id").and_then(toml::Value::as_str);
                flatten(&join(id.unwrap_or(&at.to_string())), value, values);
            }
        }
        other => values.push((prefix.to_owned(), other.to_string())),
    }
}
