//! What is wrong with a set of dictionary files, all of it, with the place of each fault and what to do.
//!
//! ```text
//! files ─ open (same parser as the analyser's) ─ schema, duplicates, conflicts, kinds, characters, sources ─ findings
//!       └ what an analyser would still refuse ─────────────────────────────────────────────────────────────┘
//! ```

mod characters;
mod concepts;
mod entries;
mod kinds;
mod refused;
pub(crate) mod schema;
mod sources;

use serde::Serialize;

use crate::error::DictionaryError;
use crate::files::DictionaryFiles;
use crate::script::characters::CharacterTable;
use crate::table::{Row, Table};
use schema::Kind;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The files must not be used like this.
    Error,
    /// Probably not what was meant.
    Warning,
}

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Columns, cells, numbers, names: what the analyser refuses.
    Schema,
    /// The same id, word or term twice.
    Duplicate,
    /// Two rows that say different things of the same term.
    Conflict,
    /// A thing that is a kind of itself.
    Cycle,
    /// Characters that no table has, or that are not of the column's script.
    Character,
    /// A source that is not in SOURCES.md.
    Source,
    /// An id that no row has.
    Dangling,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// Path relative to `dictionaries/`.
    pub file: String,
    /// From 1; 0 for the whole file.
    pub line: usize,
    /// Characters from the start of the line, from 1; 0 for the whole line.
    pub position: usize,
    /// Name of the column or key.
    pub column: String,
    pub severity: Severity,
    pub check: Check,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub advice: String,
}

/// One table with what is known of its kind.
struct OpenTable<'f> {
    kind: Kind,
    table: Table<'f>,
}

/// Everything the checks look at.
struct Dictionary<'f> {
    files: &'f DictionaryFiles,
    tables: Vec<OpenTable<'f>>,
    characters: CharacterTable,
    /// Codes of the regions that read Simplified, which name the columns they speak.
    simplified: Vec<String>,
}

impl<'f> Dictionary<'f> {
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Table<'f>> {
        let tables = self.tables.iter().filter(move |open| open.kind == kind);
        tables.map(|open| &open.table)
    }
}

/// Findings under collection.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, check: Check, severity: Severity, error: DictionaryError, advice: &str) {
        self.0.push(Finding {
            file: error.file,
            line: error.line,
            position: 0,
            column: error.column,
            severity,
            check,
            reason: error.reason,
            advice: advice.to_owned(),
        });
    }

    /// `part`: the alternative of the cell that is at fault; empty for the whole cell.
    fn at(
        &mut self,
        (check, severity): (Check, Severity),
        row: &Row<'_, '_>,
        (column, part): (&str, &str),
        reason: &str,
        advice: &str,
    ) {
        self.add(check, severity, row.error(column, reason), advice);
        if let Some(last) = self.0.last_mut() {
            last.position = row.position(column, part);
        }
    }
}

/// All that is wrong with the files, by place. `sources`: the text of SOURCES.md.
pub fn check(files: &DictionaryFiles, sources: &str) -> Vec<Finding> {
    let mut findings = Findings::default();
    let dictionary = open(files, &mut findings);
    schema::check(&dictionary, &mut findings);
    concepts::check(&dictionary, &mut findings);
    entries::check(&dictionary, &mut findings);
    kinds::check(&dictionary, &mut findings);
    characters::check(&dictionary, &mut findings);
    sources::check(&dictionary, sources, &mut findings);
    refused::check(files, &mut findings);
    let mut findings = findings.0;
    findings.sort();
    findings.dedup();
    findings
}

fn open<'f>(files: &'f DictionaryFiles, findings: &mut Findings) -> Dictionary<'f> {
    let mut tables = Vec::new();
    for (path, text) in files.0.iter().filter(|(path, _)| path.ends_with(".tsv")) {
        let kind = Kind::of(path);
        let mut faults = Vec::new();
        let table = Table::read(path, text, kind.required(), &mut faults);
        for fault in faults {
            let advice = "make the line as the header says: one cell a column, with tabs between";
            findings.add(Check::Schema, Severity::Error, fault, advice);
        }
        tables.push(OpenTable { kind, table });
    }
    Dictionary {
        files,
        tables,
        characters: CharacterTable::load(),
        simplified: schema::simplified_regions(files),
    }
}
