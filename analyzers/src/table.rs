//! Tab-separated dictionary tables: one header line, named columns, `#` comments, no quotes.

use crate::error::DictionaryError;

/// A parsed table, borrowing the file's text.
pub struct Table<'f> {
    file: &'f str,
    columns: Vec<&'f str>,
    rows: Vec<Line<'f>>,
}

struct Line<'f> {
    /// From 1.
    number: usize,
    text: &'f str,
    cells: Vec<&'f str>,
}

/// One line of a table.
#[derive(Clone, Copy)]
pub struct Row<'t, 'f> {
    table: &'t Table<'f>,
    line: &'t Line<'f>,
}

impl<'f> Table<'f> {
    /// `required` columns must be there; others may be, in any order.
    pub fn parse(file: &'f str, text: &'f str, required: &[&str]) -> Result<Self, DictionaryError> {
        let mut faults = Vec::new();
        let table = Self::read(file, text, required, &mut faults);
        match faults.into_iter().next() {
            Some(first) => Err(first),
            None => Ok(table),
        }
    }

    /// As [`Self::parse`], but goes on behind each fault: rows that cannot be read are left out.
    pub fn read(
        file: &'f str,
        text: &'f str,
        required: &[&str],
        faults: &mut Vec<DictionaryError>,
    ) -> Self {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let mut fault = |line: usize, column: &str, reason: String| {
            faults.push(DictionaryError {
                file: file.to_owned(),
                line,
                column: column.to_owned(),
                reason,
            });
        };
        let mut table = Self {
            file,
            columns: Vec::new(),
            rows: Vec::new(),
        };
        let Some((header_line, header)) = lines.next() else {
            fault(0, "header", "the file is empty".to_owned());
            return table;
        };
        table.columns = header.split('\t').map(str::trim).collect();
        for name in required {
            if !table.columns.contains(name) {
                fault(header_line, name, "this column is missing".to_owned());
            }
        }
        for (number, text) in lines {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            let (count, named) = (cells.len(), table.columns.len());
            if count > named {
                let reason = format!("{count} cells, the header has {named}");
                fault(number, "row", reason);
                continue;
            }
            table.rows.push(Line {
                number,
                text,
                cells,
            });
        }
        table
    }

    pub fn file(&self) -> &'f str {
        self.file
    }

    pub fn columns(&self) -> &[&'f str] {
        &self.columns
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 'f>> {
        self.rows.iter().map(|line| Row { table: self, line })
    }
}

impl<'f> Row<'_, 'f> {
    /// Empty when the column or the cell is missing.
    pub fn get(&self, column: &str) -> &'f str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index
            .and_then(|index| self.line.cells.get(index))
            .copied()
            .unwrap_or("")
    }

    pub fn required(&self, column: &str) -> Result<&'f str, DictionaryError> {
        match self.get(column) {
            "" => Err(self.error(column, "must not be empty")),
            text => Ok(text),
        }
    }

    /// Alternatives of a cell, separated by `|`.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'f str> + use<'f> {
        self.get(column)
            .split('|')
            .map(str::trim)
            .filter(|term| !term.is_empty())
    }

    /// A number from 0.1 to 1; `default` when the cell is empty.
    pub fn weight(&self, column: &str, default: f32) -> Result<f32, DictionaryError> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(default);
        }
        match text.parse::<f32>() {
            Ok(weight) if (0.1..=1.0).contains(&weight) => Ok(weight),
            _ => Err(self.error(column, &format!("{text:?} is not a number from 0.1 to 1.0"))),
        }
    }

    /// Line of the file, from 1.
    pub fn line(&self) -> usize {
        self.line.number
    }

    /// Where in the line `part` of a cell begins, characters from 1; where the cell begins when it has no such part.
    pub fn position(&self, column: &str, part: &str) -> usize {
        let index = self.table.columns.iter().position(|name| *name == column);
        let cells = self.line.text.split('\t');
        let before: usize = cells
            .clone()
            .take(index.unwrap_or(0))
            .map(|cell| cell.chars().count() + 1)
            .sum();
        let cell = cells.clone().nth(index.unwrap_or(0)).unwrap_or("");
        let mut inside = cell.find(part).unwrap_or(0);
        let mut start = 0;
        // The alternative that is `part` goes before one that only holds it: of 水袋|水, 水 is the second.
        for alternative in cell.split('|') {
            if alternative.trim().trim_start_matches(['<', '>']).trim() == part {
                inside = start + alternative.find(part).unwrap_or(0);
                break;
            }
            start += alternative.len() + 1;
        }
        before + cell[..inside].chars().count() + 1
    }

    pub fn error(&self, column: &str, reason: &str) -> DictionaryError {
        DictionaryError {
            file: self.table.file.to_owned(),
            line: self.line.number,
            column: column.to_owned(),
            reason: reason.to_owned(),
        }
    }
}
