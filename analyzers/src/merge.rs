//! Rows of one table merged into another, with everything checked: the outcome is a text to write, or the rows that
//! cannot be taken.

use rustc_hash::FxHashMap;

use crate::check::schema::Kind;
use crate::check::{Check, Finding, Severity, check};
use crate::files::DictionaryFiles;
use crate::table::{Row, Table};

/// What to do with a row whose key is there already, with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Refuse,
    Replace,
}

/// A merge, worked out but not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The whole table with the rows in it. Only to be written when nothing is refused.
    pub text: String,
    pub added: usize,
    pub replaced: usize,
    /// Rows that are there already, as they are.
    pub unchanged: usize,
    /// Rows that cannot be taken. File, line and position are those of the rows' own file.
    pub refused: Vec<Finding>,
}

/// Rows on their way into a table.
struct Merging<'f> {
    name: &'f str,
    target: &'f str,
    kind: Kind,
    known: Known,
    lines: Vec<String>,
    /// Line of the merged table, from 1 → line of the rows' file.
    origin: FxHashMap<usize, usize>,
    merge: Merge,
}

/// Merges `rows` (a table; `name` is what findings call it) into the file `target` of `files`. `sources`: the text of
/// SOURCES.md.
pub fn merge(
    (files, sources): (&DictionaryFiles, &str),
    target: &str,
    (name, rows): (&str, &str),
    known: Known,
) -> Merge {
    let kind = Kind::of(target);
    let mut faults = Vec::new();
    let incoming = Table::read(name, rows, kind.required(), &mut faults);
    let header = incoming.columns().join("\t");
    let text = files.get(target).unwrap_or(&header);
    let table = Table::read(target, text, &[], &mut Vec::new());
    let mut merging = Merging {
        name,
        target,
        kind,
        known,
        lines: text.lines().map(str::to_owned).collect(),
        origin: FxHashMap::default(),
        merge: Merge {
            text: String::new(),
            added: 0,
            replaced: 0,
            unchanged: 0,
            refused: Vec::new(),
        },
    };
    for fault in faults {
        let advice = "one cell a column, with tabs between, under a header line";
        merging.refuse(fault.line, 0, &fault.column, fault.reason, advice);
    }
    for column in incoming.columns() {
        if !table.columns().contains(column) {
            let reason = format!("{target} has no such column");
            merging.refuse(1, 0, column, reason, "correct its name, or take it out");
        }
    }
    for row in incoming.rows() {
        merging.take(&table, &row);
    }
    merging.finish(files, sources)
}

impl Merging<'_> {
    fn refuse(&mut self, line: usize, position: usize, column: &str, reason: String, advice: &str) {
        self.merge.refused.push(Finding {
            file: self.name.to_owned(),
            line,
            position,
            column: column.to_owned(),
            severity: Severity::Error,
            check: Check::Schema,
            reason,
            advice: advice.to_owned(),
        });
    }

    /// Puts a row where it belongs, in the table's own order of columns.
    fn take(&mut self, table: &Table<'_>, row: &Row<'_, '_>) {
        let cells: Vec<&str> = table
            .columns()
            .iter()
            .map(|column| row.get(column))
            .collect();
        let key = self.kind.key().unwrap_or_default();
        // A broad thing has many rows; only the very same row is there already.
        let is_list = self.kind == Kind::Kinds;
        let same = |known: &Row<'_, '_>| -> bool {
            let mut columns = table.columns().iter();
            columns.all(|column| known.get(column) == row.get(column))
        };
        let known = table.rows().find(|known| match is_list {
            true => same(known),
            false => known.get(key) == row.get(key),
        });
        match known {
            Some(known) if same(&known) => self.merge.unchanged += 1,
            Some(known) if self.known == Known::Replace => {
                self.lines[known.line() - 1] = cells.join("\t");
                self.origin.insert(known.line(), row.line());
                self.merge.replaced += 1;
            }
            Some(known) => {
                let (value, line) = (row.get(key), known.line());
                let reason = format!("{value:?} is in {}:{line} with other content", self.target);
                let advice = "merge the two by hand, or replace the row that is there";
                self.refuse(row.line(), row.position(key, ""), key, reason, advice);
            }
            None => {
                self.lines.push(cells.join("\t"));
                self.origin.insert(self.lines.len(), row.line());
                self.merge.added += 1;
            }
        }
    }

    /// Checks the whole with the rows in it: what is wrong now and was not before is the rows' fault.
    fn finish(mut self, files: &DictionaryFiles, sources: &str) -> Merge {
        self.merge.text = self.lines.join("\n") + "\n";
        let mut merged = files.clone();
        merged
            .0
            .insert(self.target.to_owned(), self.merge.text.clone());
        let before = check(files, sources);
        for finding in check(&merged, sources) {
            let is_new = finding.severity == Severity::Error && !before.contains(&finding);
            if is_new {
                let line = self.origin_of(&finding);
                self.merge.refused.push(Finding {
                    file: self.name.to_owned(),
                    line: line.unwrap_or(0),
                    ..finding
                });
            }
        }
        self.merge.refused.sort();
        self.merge
    }

    /// The row that a finding is about: where it is, or which it names.
    fn origin_of(&self, finding: &Finding) -> Option<usize> {
        if finding.file == self.target
            && let Some(line) = self.origin.get(&finding.line)
        {
            return Some(*line);
        }
        let names = |(line, _): &(&usize, &usize)| {
            finding.reason.contains(&format!("{}:{line})", self.target))
                || finding
                    .reason
                    .ends_with(&format!("{}:{line} too", self.target))
        };
        self.origin.iter().find(names).map(|(_, line)| *line)
    }
}
