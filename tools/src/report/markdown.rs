//! The report as Markdown (GitHub's tables). Plots are left out: Markdown has no place for them.

use super::document::{Block, Document, ResultLine, SideBySide, Table, Tone};
use crate::terminal::table::Align;

/// The whole report.
pub fn text(document: &Document) -> String {
    let mut parts = vec![format!("# {}", escaped(&document.title))];
    parts.extend(document.facts.iter().map(|fact| escaped(fact)));
    for section in &document.sections {
        parts.push(format!("## {}", escaped(&section.title)));
        parts.extend(section.blocks.iter().filter_map(block));
    }
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> Option<String> {
    match block {
        Block::Paragraph(text) => Some(escaped(text)),
        Block::Table(of) => Some(table(of)),
        Block::Plot(_) => None,
        Block::Lists(lists) => Some(side_by_side(lists)),
    }
}

fn table(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let names = table.columns.iter().map(|(name, _)| escaped(name));
    let rules = table.columns.iter().map(|(_, align)| match align {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    });
    let mut lines = vec![line(names.collect()), line(rules.collect())];
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell.tone {
            Tone::Bad if !cell.text.is_empty() => format!("**{}**", escaped(&cell.text)),
            _ => escaped(&cell.text),
        });
        lines.push(line(cells.collect()));
    }
    lines.join("\n")
}

fn side_by_side(lists: &SideBySide) -> String {
    let mut parts = vec![format!("### {}", escaped(&lists.title))];
    if !lists.note.is_empty() {
        parts.push(escaped(&lists.note));
    }
    if !lists.reasons.is_empty() {
        let reasons = lists.reasons.iter();
        let reasons: Vec<String> = reasons.map(|its| format!("- {}", escaped(its))).collect();
        parts.push(reasons.join("\n"));
    }
    for list in &lists.lists {
        let lines = (1..)
            .zip(&list.lines)
            .map(|(place, line)| format!("{place}. {}", hit(line)));
        let lines: Vec<String> = lines.collect();
        let name = escaped(&list.name);
        parts.push(format!(
            "{name}:\n\n{}",
            if lines.is_empty() {
                "nothing".to_owned()
            } else {
                lines.join("\n")
            }
        ));
    }
    parts.join("\n\n")
}

fn hit(line: &ResultLine) -> String {
    let title: String = line
        .pieces()
        .iter()
        .map(|(text, matches)| match matches {
            // An underscore or star inside of a word would not end emphasis; tags do.
            true => format!("<b>{}</b>", escaped(text)),
            false => escaped(text),
        })
        .collect();
    let id = escaped(&line.id);
    match line.note.as_str() {
        "" => format!("{title} ({id})"),
        note => format!("{title} ({id}): {}", escaped(note)),
    }
}

/// Text in which nothing is Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' => {
                safe.push('\\');
                safe.push(character);
            }
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}
