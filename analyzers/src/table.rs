//! Tab-separated dictionary tables: one header line, named columns, `#` comments, no quotes.

use crate::error::DictionaryError;

/// A parsed table, borrowing the file's text.
pub struct Table<'f> {
    file: &'f str,
    columns: Vec<&'f str>,
    rows: Vec<(usize, Vec<&'f str>)>,
}

/// One line of a table.
#[derive(Clone, Copy)]
pub struct Row<'t, 'f> {
    table: &'t Table<'f>,
    line: usize,
    cells: &'t [&'f str],
}

impl<'f> Table<'f> {
    /// `required` columns must be there; others may be, in any order.
    pub fn parse(file: &'f str, text: &'f str, required: &[&str]) -> Result<Self, DictionaryError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let fail = |line: usize, column: &str, reason: String| DictionaryError {
            file: file.to_owned(),
            line,
            column: column.to_owned(),
            reason,
        };
        let (header_line, header) = lines
            .next()
            .ok_or_else(|| fail(0, "header", "the file is empty".to_owned()))?;
        let columns: Vec<&str> = header.split('\t').map(str::trim).collect();
        for name in required {
            if !columns.contains(name) {
                return Err(fail(header_line, name, "this column is missing".to_owned()));
            }
        }
        let mut rows = Vec::new();
        for (line, text) in lines {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if cells.len() > columns.len() {
                let reason = format!("{} cells, the header has {}", cells.len(), columns.len());
                return Err(fail(line, "row", reason));
            }
            rows.push((line, cells));
        }
        Ok(Self {
            file,
            columns,
            rows,
        })
    }

    pub fn columns(&self) -> &[&'f str] {
        &self.columns
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_, 'f>> {
        self.rows.iter().map(|(line, cells)| Row {
            table: self,
            line: *line,
            cells,
        })
    }
}

impl<'f> Row<'_, 'f> {
    /// Empty when the column or the cell is missing.
    pub fn get(&self, column: &str) -> &'f str {
        let index = self.table.columns.iter().position(|name| *name == column);
        index
            .and_then(|index| self.cells.get(index))
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

    pub fn error(&self, column: &str, reason: &str) -> DictionaryError {
        DictionaryError {
            file: self.table.file.to_owned(),
            line: self.line,
            column: column.to_owned(),
            reason: reason.to_owned(),
        }
    }
}
