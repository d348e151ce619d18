//! Parquet: rows of columns, nested or not, read as JSON objects.

use std::{fs::File, path::Path, sync::atomic::Ordering};

use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::{Field, Row},
};
use prost_types::Timestamp;
use serde_json::{Map, Number, Value};

use super::{CatalogueFile, Line, Progress, ReadError, check_columns};
use crate::import::record::Record;

pub(super) fn open(
    path: &Path,
    file: File,
    paths: &[(String, String)],
    after: u64,
) -> Result<CatalogueFile, ReadError> {
    let path = path.to_owned();
    let error = {
        let path = path.clone();
        move |source| ReadError::Parquet {
            path: path.clone(),
            source,
        }
    };
    let reader = SerializedFileReader::new(file).map_err(&error)?;
    let metadata = reader.metadata().file_metadata();
    let schema = metadata.schema_descr().root_schema();
    let names: Vec<String> = schema
        .get_fields()
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    check_columns(&path, paths, &names, |column| {
        let first = column.split('.').next().unwrap_or(column);
        names.iter().any(|name| name == column || name == first)
    })?;
    let progress = Progress::new(u64::try_from(metadata.num_rows()).unwrap_or_default());
    let done = progress.done.clone();
    let rows = reader
        .into_iter()
        .zip(1u64..)
        .filter_map(move |(row, number)| {
            done.store(number, Ordering::Relaxed);
            match row {
                Err(source) => Some(Err(error(source))),
                Ok(_) if number <= after => None,
                Ok(row) => Some(Ok(Line {
                    number,
                    record: Ok(Record::Json(object(&row))),
                })),
            }
        });
    Ok(CatalogueFile {
        lines: Box::new(rows),
        progress,
    })
}

fn object(row: &Row) -> Value {
    let fields = row
        .get_column_iter()
        .map(|(name, field)| (name.clone(), value(field)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// A field as JSON. Unlike the library's own conversion, prices in 32-bit floats keep their shortest decimal form,
/// text without the UTF-8 mark is text, and times are in RFC 3339.
fn value(field: &Field) -> Value {
    match field {
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().map(value).collect(),
        Field::MapInternal(map) => {
            let entries = map.entries().iter().map(|(key, found)| {
                let key = value(key);
                (
                    key.as_str().map_or_else(|| key.to_string(), str::to_owned),
                    value(found),
                )
            });
            Value::Object(entries.collect())
        }
        Field::Float(number) => number
            .to_string()
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number),
        Field::Bytes(bytes) => String::from_utf8(bytes.data().to_vec())
            .map_or_else(|_| field.to_json_value(), Value::String),
        Field::TimestampMillis(millis) => time(millis.saturating_mul(1_000)),
        Field::TimestampMicros(micros) => time(*micros),
        plain => plain.to_json_value(),
    }
}

fn time(micros: i64) -> Value {
    let seconds = micros.div_euclid(1_000_000);
    let nanos = micros.rem_euclid(1_000_000) as i32 * 1_000;
    Value::String(Timestamp { seconds, nanos }.to_string())
}
