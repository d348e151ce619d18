//! JSON Lines: one object a line.

use std::{io::BufRead, path::Path};

use serde_json::Value;

use super::{Line, RawLine, ReadError, next_line};
use crate::import::record::Record;

type Lines = Box<dyn Iterator<Item = Result<Line, ReadError>> + Send>;

/// The objects of a file; empty lines are passed over.
pub(super) fn lines(path: &Path, mut reader: impl BufRead + Send + 'static, after: u64) -> Lines {
    let path = path.to_owned();
    let mut number = 0;
    let mut buffer = Vec::new();
    Box::new(std::iter::from_fn(move || {
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
                Ok(RawLine::Text(text)) => object(&text),
                Ok(RawLine::Unreadable(reason)) => Err(reason),
            };
            return Some(Ok(Line { number, record }));
        }
    }))
}

fn object(text: &str) -> Result<Record, String> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(Record::Json(value)),
        Ok(_) => Err("the line is JSON but no object ({...})".to_owned()),
        Err(error) => Err(format!("the line is not JSON: {error}")),
    }
}
