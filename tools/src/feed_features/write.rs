//! Writing a folder of features.

use std::{
    fs::{self, File},
    ops::Range,
    path::Path,
    sync::Arc,
};

use parquet::{
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, DataType, FloatType},
    errors::{ParquetError, Result},
    file::{
        properties::WriterProperties,
        writer::{SerializedFileWriter, SerializedRowGroupWriter},
    },
    schema::parser::parse_message_type,
};
use sampan_engine::recommend::{ItemIndex, file::NamedModel};

use super::{FeaturesFileError, ITEMS_FILE, MODEL_FILE, NEIGHBOURS_FILE, lists};

const ITEMS_SCHEMA: &str = "message items {
  required binary item_id (UTF8);
  required float events;
  required float repeat_rate;
  required float interval_days;
  required group vector (LIST) { repeated group list { required float element; } }
}";
const NEIGHBOURS_SCHEMA: &str = "message neighbours {
  required binary source (UTF8);
  required binary item_id (UTF8);
  required binary neighbour_id (UTF8);
  required float weight;
}";
/// Items a row group: what is held in memory at a time.
const ITEMS_A_GROUP: usize = 50_000;

/// Writes the files; the folder is made when it is not there.
///
/// # Errors
/// A file cannot be written; it is named.
pub fn write(folder: &Path, model: &NamedModel) -> std::result::Result<(), FeaturesFileError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| FeaturesFileError::Io { path, source }
    };
    fs::create_dir_all(folder).map_err(io(folder))?;
    let path = folder.join(MODEL_FILE);
    let description = serde_json::to_string_pretty(&model.description)
        .map_err(|error| io(&path)(error.into()))?;
    fs::write(&path, description).map_err(io(&path))?;
    table(&folder.join(ITEMS_FILE), ITEMS_SCHEMA, model, items)?;
    table(
        &folder.join(NEIGHBOURS_FILE),
        NEIGHBOURS_SCHEMA,
        model,
        neighbours,
    )
}

type Group<'a> = SerializedRowGroupWriter<'a, File>;

fn table(
    path: &Path,
    schema: &str,
    model: &NamedModel,
    group: fn(&mut Group<'_>, &NamedModel, Range<usize>) -> Result<()>,
) -> std::result::Result<(), FeaturesFileError> {
    let file = File::create(path).map_err(|source| FeaturesFileError::Io {
        path: path.to_owned(),
        source,
    })?;
    let write = || -> Result<()> {
        let schema = Arc::new(parse_message_type(schema)?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build()))?;
        for first in (0..model.ids.len()).step_by(ITEMS_A_GROUP) {
            let last = (first + ITEMS_A_GROUP).min(model.ids.len());
            let mut rows = writer.next_row_group()?;
            group(&mut rows, model, first..last)?;
            rows.close()?;
        }
        writer.close().map(|_| ())
    };
    write().map_err(|source| FeaturesFileError::Parquet {
        path: path.to_owned(),
        source,
    })
}

fn items(group: &mut Group<'_>, named: &NamedModel, range: Range<usize>) -> Result<()> {
    let model = &named.model;
    let ids: Vec<ByteArray> = named.ids[range.clone()]
        .iter()
        .map(|id| id.as_str().into())
        .collect();
    column::<ByteArrayType>(group, &ids)?;
    column::<FloatType>(group, &model.events[range.clone()])?;
    column::<FloatType>(group, &model.habits.rates[range.clone()])?;
    column::<FloatType>(group, &model.habits.interval_days[range.clone()])?;
    let dimensions = model.factors.dimensions();
    let vectors = &model.factors.vectors()[range.start * dimensions..range.end * dimensions];
    // A number is there (1), and begins a list (0) or goes on with it (1).
    let there = vec![1; vectors.len()];
    let goes_on = (0..vectors.len()).map(|place| i16::from(place % dimensions > 0));
    let goes_on: Vec<i16> = goes_on.collect();
    let mut writer = group.next_column()?.ok_or_else(no_column)?;
    writer
        .typed::<FloatType>()
        .write_batch(vectors, Some(&there), Some(&goes_on))?;
    writer.close()
}

fn neighbours(group: &mut Group<'_>, named: &NamedModel, range: Range<usize>) -> Result<()> {
    let (mut sources, mut items, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut weights = Vec::new();
    for (source, lists) in lists(named) {
        for item in range.clone() {
            for (other, weight) in lists.of(item as ItemIndex) {
                sources.push(ByteArray::from(source));
                items.push(ByteArray::from(named.ids[item].as_str()));
                others.push(ByteArray::from(named.ids[other as usize].as_str()));
                weights.push(weight);
            }
        }
    }
    column::<ByteArrayType>(group, &sources)?;
    column::<ByteArrayType>(group, &items)?;
    column::<ByteArrayType>(group, &others)?;
    column::<FloatType>(group, &weights)
}

fn column<T: DataType>(group: &mut Group<'_>, values: &[T::T]) -> Result<()> {
    let mut writer = group.next_column()?.ok_or_else(no_column)?;
    writer.typed::<T>().write_batch(values, None, None)?;
    writer.close()
}

fn no_column() -> ParquetError {
    ParquetError::General("the schema has fewer columns than are written".to_owned())
}
