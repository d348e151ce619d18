//! Restrictions as a table that a spreadsheet opens: one rule a line, tab-separated, and back without loss.
//!
//! A cell with several values has `|` between them. `\t`, `\n`, `\\`, `\|` and `\=` stand for those characters inside a
//! value, `\e` for a value that is empty. A first line `# valid_until`, tab, date says until when the table is vouched for.

use std::{collections::HashSet, fmt::Write as _};

use sampan_engine::{
    base::ship::ShipMode,
    config::{
        restrictions::{RestrictionRow, RestrictionsFile},
        selector::AttributeRow,
    },
};
use toml::value::Datetime;

/// Columns, in the order in which they are written. They are read in any order; all but the first three may be missing.
const COLUMNS: [&str; 12] = [
    "id",
    "reason",
    "source",
    "category",
    "brand",
    "tag",
    "item",
    "origin",
    "attribute",
    "ship_modes",
    "from",
    "until",
];
const REQUIRED: usize = 3;
const VALID_UNTIL: &str = "# valid_until";

/// A line that is no restriction.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {column}: {reason}")]
pub struct TableFault {
    /// From 1.
    pub line: usize,
    pub column: String,
    pub reason: String,
}

/// The table of a document.
pub fn write(file: &RestrictionsFile) -> String {
    let mut text = String::new();
    if let Some(until) = &file.valid_until {
        let _ = writeln!(text, "{VALID_UNTIL}\t{until}");
    }
    text += &COLUMNS.join("\t");
    text.push('\n');
    for row in &file.restriction {
        let modes: Vec<String> = row
            .ship_modes
            .iter()
            .map(|mode| mode.name().to_owned())
            .collect();
        let attributes = row.attribute.iter().map(|attribute| {
            let part = |text: &str| escaped(text).replace('=', "\\=");
            format!("{}={}", part(&attribute.name), part(&attribute.value))
        });
        let moment =
            |moment: &Option<Datetime>| moment.map_or_else(String::new, |it| it.to_string());
        let cells = [
            escaped(&row.id),
            escaped(&row.reason),
            escaped(&row.source),
            list(&row.category),
            list(&row.brand),
            list(&row.tag),
            list(&row.item),
            list(&row.origin),
            attributes.collect::<Vec<_>>().join("|"),
            list(&modes),
            moment(&row.from),
            moment(&row.until),
        ];
        text += &cells.join("\t");
        text.push('\n');
    }
    text
}

/// The document of a table, or every line that is wrong.
pub fn read(text: &str) -> Result<RestrictionsFile, Vec<TableFault>> {
    let mut file = RestrictionsFile::default();
    let mut faults = Vec::new();
    let mut header: Option<Vec<&str>> = None;
    let mut ids = HashSet::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |(column, reason): (&str, String)| TableFault {
            line: number,
            column: column.to_owned(),
            reason,
        };
        if let Some(until) = line.strip_prefix(VALID_UNTIL) {
            match moment(until.trim()) {
                Ok(until) => file.valid_until = until,
                Err(reason) => faults.push(fault(("valid_until", reason))),
            }
            continue;
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(columns) = &header else {
            match read_header(line) {
                Ok(columns) => header = Some(columns),
                Err(wrong) => return Err(vec![fault(wrong)]),
            }
            continue;
        };
        match read_row(columns, line) {
            Ok(row) if !ids.insert(row.id.clone()) => {
                faults.push(fault(("id", format!("{:?} stands above already", row.id))));
            }
            Ok(row) => file.restriction.push(row),
            Err(wrong) => faults.push(fault(wrong)),
        }
    }
    match faults.is_empty() {
        true => Ok(file),
        false => Err(faults),
    }
}

type Wrong<'a> = (&'a str, String);

fn read_header(line: &str) -> Result<Vec<&str>, Wrong<'_>> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
    for (place, column) in columns.iter().enumerate() {
        if !COLUMNS.contains(column) {
            return Err((
                column,
                format!("no such column; one of {}", COLUMNS.join(", ")),
            ));
        }
        if columns[..place].contains(column) {
            return Err((column, "stands there twice".to_owned()));
        }
    }
    let missing = COLUMNS[..REQUIRED]
        .iter()
        .find(|column| !columns.contains(*column));
    match missing {
        Some(column) => Err((column, "the first line must name this column".to_owned())),
        None => Ok(columns),
    }
}

fn read_row<'a>(columns: &[&'a str], line: &str) -> Result<RestrictionRow, Wrong<'a>> {
    let cells: Vec<&str> = line.split('\t').collect();
    if cells.len() != columns.len() {
        let reason = format!("{} cells under {} columns", cells.len(), columns.len());
        return Err(("row", reason));
    }
    let mut row = RestrictionRow::default();
    for (column, cell) in columns.iter().zip(cells) {
        read_cell(&mut row, column, cell.trim()).map_err(|reason| (*column, reason))?;
    }
    match row.rule(&[], None) {
        Ok(_) => Ok(row),
        Err((column, reason)) => Err((column, reason.to_owned())),
    }
}

fn read_cell(row: &mut RestrictionRow, column: &str, cell: &str) -> Result<(), String> {
    match column {
        "id" => row.id = unescaped(cell)?,
        "reason" => row.reason = unescaped(cell)?,
        "source" => row.source = unescaped(cell)?,
        "category" => row.category = values(cell)?,
        "brand" => row.brand = values(cell)?,
        "tag" => row.tag = values(cell)?,
        "item" => row.item = values(cell)?,
        "origin" => row.origin = values(cell)?,
        "attribute" => row.attribute = attributes(cell)?,
        "ship_modes" => row.ship_modes = modes(cell)?,
        "from" => row.from = moment(cell)?,
        "until" => row.until = moment(cell)?,
        _ => return Err("no such column".to_owned()),
    }
    Ok(())
}

fn list(values: &[String]) -> String {
    let cells: Vec<String> = values.iter().map(|value| escaped(value)).collect();
    cells.join("|")
}

fn values(cell: &str) -> Result<Vec<String>, String> {
    parts(cell, '|').into_iter().map(unescaped).collect()
}

fn attributes(cell: &str) -> Result<Vec<AttributeRow>, String> {
    let attributes = parts(cell, '|').into_iter();
    let read = attributes.map(|text| match parts(text, '=').as_slice() {
        [name, value] => Ok(AttributeRow {
            name: unescaped(name)?,
            value: unescaped(value)?,
        }),
        _ => Err(format!("{text:?} is not like name=value")),
    });
    read.collect()
}

fn modes(cell: &str) -> Result<Vec<ShipMode>, String> {
    let known = |name: &String| {
        let mode = ShipMode::ALL.into_iter().find(|mode| mode.name() == *name);
        mode.ok_or_else(|| format!("{name:?} is no ship mode"))
    };
    values(cell)?.iter().map(known).collect()
}

fn moment(cell: &str) -> Result<Option<Datetime>, String> {
    let read = (!cell.is_empty()).then(|| cell.parse());
    read.transpose()
        .map_err(|_| format!("{cell:?} is no date like 2027-01-31"))
}

fn escaped(value: &str) -> String {
    if value.is_empty() {
        return "\\e".to_owned();
    }
    let mut text = String::with_capacity(value.len());
    // White space at the ends would be lost to whoever edits the table.
    let (first, last) = (0, value.chars().count() - 1);
    for (place, character) in value.chars().enumerate() {
        match character {
            '\\' => text += "\\\\",
            '\t' => text += "\\t",
            '\n' => text += "\\n",
            '\r' => text += "\\r",
            '|' => text += "\\|",
            // A line must not look like a comment.
            '#' if place == first => text += "\\#",
            ' ' if place == first || place == last => text += "\\ ",
            other => text.push(other),
        }
    }
    text
}

fn unescaped(cell: &str) -> Result<String, String> {
    let mut text = String::with_capacity(cell.len());
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('e') => {}
            Some(own @ ('\\' | '|' | '=' | '#' | ' ')) => text.push(own),
            other => {
                let other = other.map_or_else(String::new, String::from);
                return Err(format!("\\{other} stands for nothing; write \\\\ for \\"));
            }
        }
    }
    Ok(text)
}

/// The parts of a cell between separators that are not escaped; none of an empty cell.
fn parts(cell: &str, separator: char) -> Vec<&str> {
    if cell.is_empty() {
        return Vec::new();
    }
    let mut is_escaped = false;
    let separates = |character: char| {
        let was_escaped = is_escaped;
        is_escaped = character == '\\' && !was_escaped;
        character == separator && !was_escaped
    };
    cell.split(separates).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> RestrictionsFile {
        let row = |id: &str| RestrictionRow {
            id: id.to_owned(),
            reason: "原因\t\"引\" | 及\n換行".to_owned(),
            source: "own: \\ # 1".to_owned(),
            item: vec!["a".to_owned()],
            ..RestrictionRow::default()
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let attribute = |name: &str, value: &str| AttributeRow {
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let all = RestrictionRow {
            category: texts(&["食品 > 酒類", "a|b"]),
            brand: texts(&["維記", " x ", ""]),
            tag: texts(&["#1", "\\e"]),
            origin: texts(&["JP", "us"]),
            attribute: vec![attribute("電池", "鋰=離子|x"), attribute("a=b", "")],
            ship_modes: vec![ShipMode::DirectMail, ShipMode::Local],
            from: Some("2026-01-01".parse().expect("a date")),
            until: Some("2026-12-31T08:00:00+08:00".parse().expect("a time")),
            ..row("#all")
        };
        RestrictionsFile {
            valid_until: Some("2027-01-01".parse().expect("a date")),
            restriction: vec![row("plain"), all],
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way_to_a_table_and_back() {
        let file = document();
        let text = write(&file);
        assert_eq!(read(&text), Ok(file.clone()), "{text}");
        assert_eq!(
            read(&text.replace('\n', "\r\n")),
            Ok(file.clone()),
            "from a spreadsheet"
        );
        let toml = toml::to_string(&file).expect("TOML");
        assert_eq!(
            toml::from_str::<RestrictionsFile>(&toml).expect("as it was"),
            file
        );
        let empty = RestrictionsFile::default();
        assert_eq!(read(&write(&empty)), Ok(empty));
    }

    #[test]
    fn columns_may_stand_in_any_order_and_some_be_missing() {
        let text = "tag\tid\tsource\treason\nx|y\ta\town\tr\n\n# a note\n";
        let file = read(text).expect("right");
        assert_eq!(file.restriction[0].tag, ["x", "y"]);
        assert_eq!(file.restriction.len(), 1);
    }

    #[test]
    fn every_wrong_line_is_told_with_its_column() {
        let head = "id\treason\tsource\ttag\tattribute\tship_modes\tfrom\tuntil\n";
        let lines = [
            ("a\tr\town\tx\t\t\t\t", ""),
            ("b\tr\town\t\t\t\t\t", "id"),
            ("c\tr\town\tx\t\tpigeon\t\t", "ship_modes"),
            ("d\tr\town\tx\t\t\tsoon\t", "from"),
            ("e\tr\town\tx\t\t\t2026-02-01\t2026-01-01", "until"),
            ("f\tr\town\tx\tname\t\t\t", "attribute"),
            ("g\tr\town\tx", "row"),
            ("a\tr\town\tx\t\t\t\t", "id"),
            ("\tr\town\tx\t\t\t\t", "id"),
            ("h\tr\town\t\\q\t\t\t\t", "tag"),
        ];
        let text: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
        let faults = read(&(head.to_owned() + &text)).expect_err("wrong");
        let told: Vec<(usize, &str)> = faults
            .iter()
            .map(|fault| (fault.line, fault.column.as_str()))
            .collect();
        let numbered = (2..)
            .zip(lines)
            .filter(|(_, (_, column))| !column.is_empty());
        let expected: Vec<(usize, &str)> =
            numbered.map(|(line, (_, column))| (line, column)).collect();
        assert_eq!(told, expected);
        for (header, column) in [
            ("id\treason\n", "source"),
            ("id\treason\tsource\tcolour\n", "colour"),
        ] {
            let faults = read(header).expect_err(header);
            assert_eq!((faults[0].line, faults[0].column.as_str()), (1, column));
        }
    }
}
