//! The report on a terminal: long tables and lists are cut short, for pages have them whole.

use super::document::{Block, Document, SideBySide, Table};
use crate::terminal::{
    Output,
    highlight::safe,
    table::{Align, table},
};

/// Rows of a long table that are shown.
const ROWS: usize = 10;
/// Queries of a section whose lists are shown, and hits of each list.
const LISTS: usize = 3;
const HITS: usize = 5;

/// The whole report.
pub fn text(document: &Document, output: &Output) -> String {
    let mut parts = vec![
        document
            .facts
            .iter()
            .map(|fact| safe(fact))
            .collect::<Vec<_>>()
            .join("\n"),
    ];
    for section in &document.sections {
        parts.push(format!("== {} ==", safe(&section.title)));
        let mut lists = 0;
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => parts.push(safe(text)),
                Block::Table(of) => parts.push(cut(of, output)),
                Block::Plot(of) => {
                    let lines: Vec<String> = of.text().lines().map(safe).collect();
                    parts.extend((!lines.is_empty()).then(|| lines.join("\n")));
                }
                Block::Lists(of) => {
                    lists += 1;
                    parts.extend((lists <= LISTS).then(|| side_by_side(of, output)));
                }
            }
        }
        parts.extend((lists > LISTS).then(|| format!("… and the lists of {} more", lists - LISTS)));
    }
    parts.join("\n\n")
}

fn cut(of: &Table, output: &Output) -> String {
    let most = if of.is_long { ROWS } else { usize::MAX };
    let columns: Vec<(&str, Align)> = of
        .columns
        .iter()
        .map(|(name, align)| (&**name, *align))
        .collect();
    let rows = of.rows.iter().take(most);
    let rows = rows.map(|row| row.iter().map(|cell| safe(&cell.text)).collect());
    let mut text = table(&columns, rows.collect(), output);
    if of.rows.len() > most {
        text.push_str(&format!("\n… and {} more rows", of.rows.len() - most));
    }
    text
}

fn side_by_side(of: &SideBySide, output: &Output) -> String {
    let mut columns = vec![("#", Align::Right)];
    columns.extend(of.lists.iter().map(|list| (&*list.name, Align::Left)));
    let longest = of
        .lists
        .iter()
        .map(|list| list.lines.len())
        .max()
        .unwrap_or_default();
    let rows = (0..longest.min(HITS)).map(|place| {
        let mut row = vec![(place + 1).to_string()];
        row.extend(of.lists.iter().map(|list| match list.lines.get(place) {
            Some(line) if line.note.is_empty() => safe(&line.title),
            Some(line) => safe(&format!("{} ({})", line.title, line.note)),
            None => String::new(),
        }));
        row
    });
    let mut lines = vec![safe(&format!("{}: {}", of.title, of.note))];
    lines.extend(of.reasons.iter().map(|its| format!("  {}", safe(its))));
    lines.push(table(&columns, rows.collect(), output));
    lines.join("\n")
}
