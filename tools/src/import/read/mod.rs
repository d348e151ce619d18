//! Catalogue files as a sequence of numbered records, whatever their format.

mod delimited;
mod jsonl;
mod parquet;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::read::MultiGzDecoder;

use super::record::{Columns, Record};

/// Longest line that is read, bytes; what is longer is no record but a file of another kind.
pub const LINE_BYTES_MAX: u64 = 16 << 20;

/// Size of the read buffer, bytes.
const BUFFER_BYTES: usize = 1 << 18;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(
        "{}: cannot tell the format; the name must end in .jsonl, .csv, .tsv or .parquet \
         (the first three also with .gz)", path.display()
    )]
    UnknownFormat { path: PathBuf },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: not a readable Parquet file: {source}", path.display())]
    Parquet {
        path: PathBuf,
        source: ::parquet::errors::ParquetError,
    },
    #[error("{}: the file is empty; expected a line with the column names", path.display())]
    NoHeader { path: PathBuf },
    #[error(
        "{}: {key} reads the column \"{column}\", which the file does not have; it has {}",
        path.display(), known.join(", ")
    )]
    MissingColumn {
        path: PathBuf,
        key: String,
        column: String,
        known: Vec<String>,
    },
}

/// One record with its place in the file.
#[derive(Debug)]
pub struct Line {
    /// From 1; the header counts. For Parquet the row, from 1.
    pub number: u64,
    /// The record, or why it cannot be read.
    pub record: Result<Record, String>,
}

/// How far the reading is, for progress bars; shared with the thread that reads.
#[derive(Debug, Clone)]
pub struct Progress {
    done: Arc<AtomicU64>,
    /// Bytes of the file, or rows of a Parquet file.
    pub total: u64,
}

impl Progress {
    fn new(total: u64) -> Self {
        Self {
            done: Arc::default(),
            total,
        }
    }

    /// In the unit of `total`.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

/// An open file, iterated by line.
pub struct CatalogueFile {
    lines: Box<dyn Iterator<Item = Result<Line, ReadError>> + Send>,
    progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jsonl,
    Csv,
    Tsv,
    Parquet,
}

impl CatalogueFile {
    /// Opens a file whose format its name tells, and skips the records up to line `after_line`.
    ///
    /// `columns` names the columns of a delimited file without a header. `paths` are the keys of a map with what they
    /// read: a file with fixed columns must have those.
    ///
    /// # Errors
    /// Unknown extension, unreadable file, or a column that is missing.
    pub fn open(
        path: &Path,
        columns: Option<&[String]>,
        paths: &[(String, String)],
        after_line: u64,
    ) -> Result<Self, ReadError> {
        let (format, compressed) = format_of(path)?;
        let io_error = |source| ReadError::Io {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(io_error)?;
        if format == Format::Parquet {
            return parquet::open(path, file, paths, after_line);
        }
        let progress = Progress::new(file.metadata().map_err(io_error)?.len());
        let counted = Counted {
            inner: file,
            done: progress.done.clone(),
        };
        let reader: Box<dyn Read + Send> = if compressed {
            Box::new(MultiGzDecoder::new(counted))
        } else {
            Box::new(counted)
        };
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, reader);
        skip_byte_order_mark(&mut reader).map_err(io_error)?;
        let lines = match format {
            Format::Csv => delimited::csv(path, reader, columns, paths, after_line)?,
            Format::Tsv => delimited::tsv(path, reader, columns, paths, after_line)?,
            Format::Jsonl | Format::Parquet => jsonl::lines(path, reader, after_line),
        };
        Ok(Self { lines, progress })
    }

    /// The rows of a TSV text with a header, such as this binary holds; `name` is what errors call it.
    ///
    /// # Errors
    /// No header, or a column that is missing.
    pub fn of_tsv(
        name: &Path,
        text: &'static str,
        paths: &[(String, String)],
    ) -> Result<Self, ReadError> {
        Ok(Self {
            lines: delimited::tsv(name, text.as_bytes(), None, paths, 0)?,
            progress: Progress::new(text.len() as u64),
        })
    }

    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Iterator for CatalogueFile {
    type Item = Result<Line, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.lines.next()
    }
}

fn format_of(path: &Path) -> Result<(Format, bool), ReadError> {
    let unknown = || ReadError::UnknownFormat {
        path: path.to_owned(),
    };
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let (stem, compressed) = match name.strip_suffix(".gz") {
        Some(stem) => (stem, true),
        None => (name.as_str(), false),
    };
    let (_, extension) = stem.rsplit_once('.').ok_or_else(unknown)?;
    match extension {
        "jsonl" | "ndjson" => Ok((Format::Jsonl, compressed)),
        "csv" => Ok((Format::Csv, compressed)),
        "tsv" => Ok((Format::Tsv, compressed)),
        // Compressed inside, page by page; from a gzip stream it could not be read.
        "parquet" if !compressed => Ok((Format::Parquet, false)),
        _ => Err(unknown()),
    }
}

/// Refuses a map that reads columns which a file with fixed columns lacks.
fn check_columns(
    path: &Path,
    paths: &[(String, String)],
    known: &[String],
    has: impl Fn(&str) -> bool,
) -> Result<(), ReadError> {
    match paths.iter().find(|(_, column)| !has(column)) {
        None => Ok(()),
        Some((key, column)) => Err(ReadError::MissingColumn {
            path: path.to_owned(),
            key: key.clone(),
            column: column.clone(),
            known: known.to_vec(),
        }),
    }
}

fn check_row_columns(
    path: &Path,
    paths: &[(String, String)],
    columns: &Columns,
) -> Result<(), ReadError> {
    check_columns(path, paths, columns.names(), |column| {
        columns.names().iter().any(|name| name == column)
    })
}

/// Counts the bytes that pass.
struct Counted {
    inner: File,
    done: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.done.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

/// Spreadsheets put U+FEFF in front of UTF-8.
fn skip_byte_order_mark(reader: &mut impl BufRead) -> io::Result<()> {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if reader.fill_buf()?.starts_with(MARK) {
        reader.consume(MARK.len());
    }
    Ok(())
}

/// What [`next_line`] found.
enum RawLine {
    /// Without the line end.
    Text(String),
    /// Why the line cannot be read.
    Unreadable(String),
    End,
}

/// Reads one line of text.
fn next_line(reader: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<RawLine> {
    buffer.clear();
    reader
        .by_ref()
        .take(LINE_BYTES_MAX)
        .read_until(b'\n', buffer)?;
    if buffer.is_empty() {
        return Ok(RawLine::End);
    }
    if buffer.last() != Some(&b'\n') && buffer.len() as u64 == LINE_BYTES_MAX {
        reader.skip_until(b'\n')?;
        return Ok(RawLine::Unreadable(format!(
            "the line is longer than {LINE_BYTES_MAX} bytes"
        )));
    }
    let text = buffer.strip_suffix(b"\n").unwrap_or(buffer);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Ok(match str::from_utf8(text) {
        Ok(text) => RawLine::Text(text.to_owned()),
        Err(error) => RawLine::Unreadable(format!(
            "not UTF-8 at byte {} of the line",
            error.valid_up_to()
        )),
    })
}

#[cfg(test)]
mod tests;
