//! What a file of impressions says, in its own words.

use std::path::PathBuf;

/// One impression, as logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub item: String,
    /// Place on the list; any whole number, lower is higher up.
    pub position: u32,
    pub reward: f64,
    /// 0 (exclusive) to 1.
    pub propensity: f64,
    /// Who saw it; none: not known, and taken for somebody else than everybody else.
    pub user: Option<String>,
    /// The list it was on; none: it was alone.
    pub list: Option<String>,
    /// Values of the columns that were asked for, in that order.
    pub fields: Vec<String>,
}

/// Why a log cannot be used. All are faults of the file, or of the columns that were asked for.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("{}: {source}", path.display())]
    Csv { path: PathBuf, source: csv::Error },
    #[error("{}: the column {column} is missing; there are {known}", path.display())]
    Column {
        path: PathBuf,
        column: String,
        known: String,
    },
    #[error("{}, {place}: {field}: {reason}", path.display())]
    Field {
        path: PathBuf,
        /// "line 3", or the event.
        place: String,
        field: String,
        reason: String,
    },
    #[error("{}: there is no impression", path.display())]
    Empty { path: PathBuf },
}

/// A probability that something happened which did happen.
pub fn propensity(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .trim()
        .parse()
        .map_err(|_| format!("\"{text}\" is no number"))?;
    if number > 0.0 && number <= 1.0 {
        Ok(number)
    } else {
        Err(format!("{text} is not above 0 and at most 1"))
    }
}
