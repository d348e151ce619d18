//! Concepts: ids and terms that stand twice, terms that two concepts claim, rows that say nothing.
//!
//! A term that really has two senses is marked in the note of one of the rows: `≠other-id`.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::schema::Kind;
use super::{Check, Dictionary, Findings, Severity, kinds};
use crate::normalize::{Class, NormalText};
use crate::rewrite::concepts::term_key;
use crate::script::characters::CharacterTable;
use crate::table::Row;

/// Introduces, in a note, the id of a concept that a term is shared with on purpose.
const OTHER_SENSE: char = '≠';

/// A term as a row has it.
struct Stated<'t, 'f> {
    row: usize,
    column: &'t str,
    /// Without its mark.
    text: &'f str,
}

pub(super) fn check(dictionary: &Dictionary<'_>, findings: &mut Findings) {
    let rows: Vec<Row<'_, '_>> = dictionary
        .of_kind(Kind::Concepts)
        .flat_map(|table| table.rows())
        .collect();
    ids(&rows, findings);
    let columns: Vec<Vec<&str>> = dictionary
        .of_kind(Kind::Concepts)
        .flat_map(|table| table.rows().map(|_| Kind::Concepts.term_columns(table)))
        .collect();
    let mut claims: FxHashMap<(&str, char, String), Vec<Stated<'_, '_>>> = FxHashMap::default();
    for (at, row) in rows.iter().enumerate() {
        let mut words: FxHashSet<String> = FxHashSet::default();
        for &column in &columns[at] {
            let is_simplified = dictionary.simplified.iter().any(|code| code == column);
            for marked in row.list(column) {
                let text = marked.trim_start_matches(['<', '>']).trim();
                let key = key(&dictionary.characters, text, is_simplified);
                if key.is_empty() {
                    let reason = format!("{marked:?} has no letters");
                    let advice = "write a word, or take it out";
                    let check = (Check::Schema, Severity::Error);
                    findings.at(check, row, (column, text), &reason, advice);
                    continue;
                }
                words.insert(folded(&dictionary.characters, text));
                let mark = marked.chars().next().filter(|c| matches!(c, '<' | '>'));
                let stated = Stated {
                    row: at,
                    column,
                    text,
                };
                let claim = (column, mark.unwrap_or(' '), key);
                claims.entry(claim).or_default().push(stated);
            }
        }
        if words.len() < 2 {
            let reason = "its terms are one word in different scripts, which match without it";
            let advice = "add another region's word, or take the row out";
            let check = (Check::Duplicate, Severity::Warning);
            findings.at(check, row, ("id", ""), reason, advice);
        }
    }
    twice(&rows, claims.values(), findings);
    let understood = claims
        .iter()
        .filter(|((_, mark, _), _)| *mark == ' ')
        .map(|(_, stated)| stated);
    conflicts(&rows, understood, &kinds::stated(dictionary), findings);
}

fn ids(rows: &[Row<'_, '_>], findings: &mut Findings) {
    let mut first: FxHashMap<&str, &Row<'_, '_>> = FxHashMap::default();
    for row in rows.iter().filter(|row| !row.get("id").is_empty()) {
        let id = row.get("id");
        let Some(other) = first.get(id) else {
            first.insert(id, row);
            continue;
        };
        let reason = format!("{id:?} is the id of {} too", place(other));
        let advice = "merge the two rows, or give one of them another id";
        let check = (Check::Duplicate, Severity::Error);
        findings.at(check, row, ("id", ""), &reason, advice);
    }
    for row in rows {
        for other in other_senses(row) {
            if !first.contains_key(other) {
                let reason = format!("{OTHER_SENSE}{other} is the id of no concept");
                let check = (Check::Dangling, Severity::Error);
                let advice = "correct the id, or take it out";
                findings.at(check, row, ("note", other), &reason, advice);
            }
        }
    }
}

/// The same term twice in one cell.
fn twice<'a, 't: 'a, 'f: 'a>(
    rows: &[Row<'_, '_>],
    claims: impl Iterator<Item = &'a Vec<Stated<'t, 'f>>>,
    findings: &mut Findings,
) {
    for stated in claims {
        for pair in stated.windows(2).filter(|pair| pair[0].row == pair[1].row) {
            let (one, two) = (&pair[0], &pair[1]);
            let (severity, reason) = if one.text == two.text {
                (Severity::Error, format!("{:?} stands twice", two.text))
            } else {
                let (one, two) = (one.text, two.text);
                let reason = format!(
                    "{two:?} is {one:?} but for glyphs, plural or hyphen, which match anyway"
                );
                (Severity::Warning, reason)
            };
            let check = (Check::Duplicate, severity);
            let row = &rows[two.row];
            findings.at(check, row, (two.column, two.text), &reason, "take one out");
        }
    }
}

/// Terms that two rows claim in one vocabulary, neither with a mark: one finding a pair of rows. A broad thing and one
/// of its kinds, as in `kinds`, do not contradict each other.
fn conflicts<'a, 't: 'a, 'f: 'a>(
    rows: &[Row<'_, '_>],
    claims: impl Iterator<Item = &'a Vec<Stated<'t, 'f>>>,
    kinds: &FxHashSet<(&str, &str)>,
    findings: &mut Findings,
) {
    let mut shared: BTreeMap<(usize, usize), Vec<&Stated<'_, '_>>> = BTreeMap::new();
    for stated in claims {
        for (at, two) in stated.iter().enumerate() {
            let mut before: Vec<usize> = stated[..at].iter().map(|one| one.row).collect();
            before.dedup();
            for one in before.into_iter().filter(|one| *one != two.row) {
                shared.entry((one, two.row)).or_default().push(two);
            }
        }
    }
    for ((one, two), mut terms) in shared {
        let (one, two) = (&rows[one], &rows[two]);
        let is_marked =
            |row, other: &Row<'_, '_>| other_senses(row).any(|id| id == other.get("id"));
        if is_marked(one, two) || is_marked(two, one) || one.get("id") == two.get("id") {
            continue;
        }
        terms.sort_by_key(|term| two.position(term.column, term.text));
        let list: Vec<String> = terms
            .iter()
            .map(|term| format!("{} {}", term.column, term.text))
            .collect();
        let (id, other) = (one.get("id"), place(one));
        let reason = format!("{} also means {id} ({other})", list.join(", "));
        let advice = format!(
            "merge the rows if they are one thing; mark the odd sense with > or <; or, if shoppers mean both, write \
             {OTHER_SENSE}{id} in the note"
        );
        let (id, other_id) = (one.get("id"), two.get("id"));
        let severity = if kinds.contains(&(id, other_id)) || kinds.contains(&(other_id, id)) {
            Severity::Warning
        } else {
            Severity::Error
        };
        let check = (Check::Conflict, severity);
        let first = (terms[0].column, terms[0].text);
        findings.at(check, two, first, &reason, &advice);
    }
}

/// Ids that a note says a term is shared with.
fn other_senses<'f>(row: &Row<'_, 'f>) -> impl Iterator<Item = &'f str> {
    row.get("note").split(OTHER_SENSE).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        rest[..end.unwrap_or(rest.len())].trim_end_matches('-')
    })
}

/// Equal for terms of one script that are the same to a shopper.
fn key(characters: &CharacterTable, text: &str, is_simplified: bool) -> String {
    if is_simplified {
        return folded(characters, text);
    }
    with(text, |c| characters.facts(c).canonical)
}

fn folded(characters: &CharacterTable, text: &str) -> String {
    with(text, |c| characters.folded(c))
}

fn with(text: &str, of: impl Fn(char) -> char) -> String {
    let normal = NormalText::new(text);
    if normal.characters.iter().all(|c| c.class == Class::Gap) {
        return String::new();
    }
    let text: String = normal.characters.iter().map(|c| of(c.character)).collect();
    term_key(&text)
}

fn place(row: &Row<'_, '_>) -> String {
    let error = row.error("", "");
    format!("{}:{}", error.file, error.line)
}
