//! Words, patterns, units and terms that stand twice in one file.

use rustc_hash::FxHashMap;

use super::schema::Kind;
use super::{Check, Dictionary, Findings, Severity};
use crate::normalize::NormalText;
use crate::rewrite::spoken_patterns::group;
use crate::table::{Row, Table};

pub(super) fn check(dictionary: &Dictionary<'_>, findings: &mut Findings) {
    for open in &dictionary.tables {
        let says = match open.kind {
            Kind::Words => Some("freq"),
            Kind::Spoken => Some("kind"),
            Kind::Units => Some("canonical"),
            Kind::Terms => Some("means"),
            Kind::StopWords => None,
            Kind::Concepts | Kind::Kinds | Kind::Readings | Kind::Other => continue,
        };
        if let Some(key) = open.kind.key() {
            twice(&open.table, key, says, findings);
        }
    }
}

/// `says`: the column in which two rows of one key can contradict each other.
fn twice(table: &Table<'_>, key: &str, says: Option<&str>, findings: &mut Findings) {
    let mut first: FxHashMap<(String, &str), Row<'_, '_>> = FxHashMap::default();
    for row in table.rows() {
        for entry in row.list(key) {
            let entry_key = (NormalText::new(entry).text(), group(row.get("kind")));
            let Some(other) = first.get(&entry_key) else {
                first.insert(entry_key, row);
                continue;
            };
            let says = says.filter(|column| other.get(column) != row.get(column));
            let line = other.line();
            let (check, reason) = match says {
                Some(column) => {
                    let said = other.get(column);
                    let reason =
                        format!("{entry:?} stands in line {line} too, with {column} {said:?}");
                    (Check::Conflict, reason)
                }
                None => {
                    let reason = format!("{entry:?} stands in line {line} too");
                    (Check::Duplicate, reason)
                }
            };
            let check = (check, Severity::Error);
            findings.at(check, &row, (key, entry), &reason, "keep one of the two");
        }
    }
}
