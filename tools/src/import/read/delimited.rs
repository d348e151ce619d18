//! CSV (RFC 4180, with quotes) and TSV (cut at tabs, no quotes).

use std::{io::BufRead, path::Path, sync::Arc};

use super::{Line, RawLine, ReadError, check_row_columns, next_line};
use crate::import::record::{Columns, Record};

type Lines = Box<dyn Iterator<Item = Result<Line, ReadError>> + Send>;

/// Rows of a TSV file.
pub(super) fn tsv(
    path: &Path,
    mut reader: impl BufRead + Send + 'static,
    columns: Option<&[String]>,
    paths: &[(String, String)],
    after: u64,
) -> Result<Lines, ReadError> {
    let path = path.to_owned();
    let mut buffer = Vec::new();
    let mut number = 0;
    let columns = match columns {
        Some(names) => names.to_vec(),
        None => {
            number += 1;
            let header = next_line(&mut reader, &mut buffer).map_err(|source| ReadError::Io {
                path: path.clone(),
                source,
            })?;
            let RawLine::Text(header) = header else {
                return Err(ReadError::NoHeader { path });
            };
            header
                .split('\t')
                .map(|name| name.trim().to_owned())
                .collect()
        }
    };
    let columns = Arc::new(Columns::new(columns));
    check_row_columns(&path, paths, &columns)?;
    Ok(Box::new(std::iter::from_fn(move || {
        loop {
            number += 1;
            let record = match next_line(&mut reader, &mut buffer) {
                Err(source) => {
                    return Some(Err(ReadError::Io {
                        path: path.clone(),
                        source,
                    }));
                }
                Ok(RawLine::End) => return None,
                Ok(_) if number <= after => continue,
                Ok(RawLine::Text(text)) if text.trim().is_empty() => continue,
                Ok(RawLine::Text(text)) => {
                    row(&columns, text.split('\t').map(str::to_owned).collect())
                }
                Ok(RawLine::Unreadable(reason)) => Err(reason),
            };
            return Some(Ok(Line { number, record }));
        }
    })))
}

/// Rows of a CSV file. A row is numbered by the line that it starts on.
pub(super) fn csv(
    path: &Path,
    reader: impl BufRead + Send + 'static,
    columns: Option<&[String]>,
    paths: &[(String, String)],
    after: u64,
) -> Result<Lines, ReadError> {
    let path = path.to_owned();
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(reader)
        .into_byte_records();
    let columns = match columns {
        Some(names) => names.to_vec(),
        None => match rows.next() {
            Some(header) => {
                let header = header.map_err(|error| csv_error(&path, error))?;
                let names = header.iter().map(|cell| String::from_utf8_lossy(cell));
                names.map(|name| name.trim().to_owned()).collect()
            }
            None => return Err(ReadError::NoHeader { path }),
        },
    };
    let columns = Arc::new(Columns::new(columns));
    check_row_columns(&path, paths, &columns)?;
    Ok(Box::new(rows.filter_map(move |cells| {
        let cells = match cells {
            Ok(cells) => cells,
            Err(error) => return Some(Err(csv_error(&path, error))),
        };
        let number = cells.position().map_or(0, csv::Position::line);
        if number <= after {
            return None;
        }
        let texts = cells.iter().map(|cell| String::from_utf8(cell.to_vec()));
        let record = match texts.collect::<Result<Vec<String>, _>>() {
            Ok(cells) => row(&columns, cells),
            Err(_) => Err("the row is not UTF-8".to_owned()),
        };
        Some(Ok(Line { number, record }))
    })))
}

fn csv_error(path: &Path, error: csv::Error) -> ReadError {
    ReadError::Io {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    }
}

fn row(columns: &Arc<Columns>, cells: Vec<String>) -> Result<Record, String> {
    let wanted = columns.names().len();
    if cells.len() != wanted {
        return Err(format!(
            "the row has {} cells; there are {wanted} columns",
            cells.len()
        ));
    }
    Ok(Record::Row {
        columns: columns.clone(),
        cells,
    })
}
