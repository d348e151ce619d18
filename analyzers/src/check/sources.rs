//! Sources that SOURCES.md does not list: what they say must not be used.

use rustc_hash::FxHashSet;

use super::{Check, Dictionary, Findings, Severity};

/// Names in the first column of SOURCES.md: `| `name` | what | …`.
fn licensed(text: &str) -> FxHashSet<&str> {
    text.lines().filter_map(name_of).collect()
}

fn name_of(line: &str) -> Option<&str> {
    let cell = line.trim().strip_prefix('|')?.split('|').next()?.trim();
    cell.strip_prefix('`')?.strip_suffix('`')
}

pub(super) fn check(dictionary: &Dictionary<'_>, sources: &str, findings: &mut Findings) {
    let licensed = licensed(sources);
    for open in &dictionary.tables {
        for row in open.table.rows() {
            for name in row.get("source").split_whitespace() {
                if licensed.contains(name) {
                    continue;
                }
                let reason = format!("the source {name:?} is not in SOURCES.md");
                let advice = "add it there with its licence, or take the row out";
                let check = (Check::Source, Severity::Error);
                findings.at(check, &row, ("source", name), &reason, advice);
            }
        }
    }
}
