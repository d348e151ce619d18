//! What differs between two sets of dictionaries.

use sampan_analyzers::compare::{Change, Effect, RowChange};

use super::{
    Output,
    findings::place,
    highlight::safe,
    table::{Align, table},
};

/// Alternatives of an effect that are listed on either side; the others are counted.
const SHOWN_MAX: usize = 8;

/// Rows that differ, queries that are understood differently, and a line with their numbers.
pub fn differences(
    changes: &[RowChange],
    queries: usize,
    effects: &[Effect],
    output: &Output,
) -> String {
    let mut parts = Vec::new();
    if !changes.is_empty() {
        parts.push(row_table(changes, output));
    }
    if !effects.is_empty() {
        parts.push(effect_table(effects, output));
    }
    let of = |kind: Change| changes.iter().filter(|row| row.change == kind).count();
    let mut affected: Vec<&str> = effects.iter().map(|effect| effect.query.as_str()).collect();
    affected.dedup();
    parts.push(format!(
        "rows: {} added, {} removed, {} changed; {} of {queries} queries are understood differently",
        of(Change::Added),
        of(Change::Removed),
        of(Change::Changed),
        affected.len(),
    ));
    parts.join("\n\n")
}

fn row_table(changes: &[RowChange], output: &Output) -> String {
    let columns = [
        ("row", Align::Left),
        ("", Align::Left),
        ("place", Align::Left),
        ("what changed", Align::Left),
    ];
    let rows = changes.iter().map(|row| {
        let what = match row.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
        };
        let shown = row.new.as_ref().or(row.old.as_ref());
        vec![
            format!("{} {}", row.kind, safe(&row.key)),
            what.to_owned(),
            shown.map_or_else(String::new, |at| place(&at.file, at.line, 0)),
            cells(row),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn cells(row: &RowChange) -> String {
    let of_cell = row.cells.iter().map(|cell| {
        let added = cell.added.iter().map(|value| format!("+{}", safe(value)));
        let removed = cell.removed.iter().map(|value| format!("−{}", safe(value)));
        let values: Vec<String> = removed.chain(added).collect();
        // The same words in another order: the first is the most usual one.
        let values = match values.is_empty() {
            true => "another order".to_owned(),
            false => values.join(" "),
        };
        format!("{} {values}", safe(&cell.column))
    });
    of_cell.collect::<Vec<_>>().join("; ")
}

fn effect_table(effects: &[Effect], output: &Output) -> String {
    let columns = [
        ("query", Align::Left),
        ("typed in", Align::Left),
        ("no longer looked for", Align::Left),
        ("now looked for", Align::Left),
    ];
    let rows = effects.iter().map(|effect| {
        vec![
            safe(&effect.query),
            effect.regions.join(" "),
            list(&effect.lost),
            list(&effect.gained),
        ]
    });
    table(&columns, rows.collect(), output)
}

fn list(values: &[String]) -> String {
    let shown = values.iter().take(SHOWN_MAX).map(|value| safe(value));
    let mut shown: Vec<String> = shown.collect();
    if values.len() > SHOWN_MAX {
        shown.push(format!("and {} more", values.len() - SHOWN_MAX));
    }
    shown.join(", ")
}
