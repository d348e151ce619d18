//! Reading a folder of features.

use std::{
    collections::HashMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, Row},
};
use sampan_engine::recommend::{
    FeedModel, ItemIndex, Neighbours,
    factors::{FactorOptions, Factors},
    file::{DIMENSIONS_MAX, Description, NamedModel},
    model::by_events,
    neighbours::strongest,
    repeat::RepeatHabits,
    source::Source,
};

use super::{FeaturesFileError, ITEMS_FILE, MODEL_FILE, NEIGHBOURS_FILE};

/// Reads the files. Columns may be optional and numbers double, as other programs write them; more columns do no harm.
///
/// # Errors
/// A file is missing or damaged, or a row cannot be; the row and the column are named.
pub fn read(folder: &Path) -> Result<NamedModel, FeaturesFileError> {
    let description = description(&folder.join(MODEL_FILE))?;
    let wrong = |reason| FeaturesFileError::Content {
        path: folder.join(MODEL_FILE),
        reason,
    };
    let weights = description.weights().map_err(wrong)?;
    let calibration = description.calibration().map_err(wrong)?;
    let items = Items::read(&folder.join(ITEMS_FILE))?;
    let [co_occurrence, swing] = neighbours(&folder.join(NEIGHBOURS_FILE), &items.places)?;
    let options = FactorOptions {
        dimensions: items.dimensions,
        unobserved: description.unobserved,
        regularisation: description.regularisation,
        ..FactorOptions::default()
    };
    Ok(NamedModel {
        model: FeedModel {
            co_occurrence,
            swing,
            factors: Factors::new(items.vectors, &options),
            popular: by_events(&items.events),
            events: items.events,
            habits: items.habits,
            repeats: description.repeats,
            weights,
            calibration,
        },
        description,
        ids: items.ids,
    })
}

fn description(path: &Path) -> Result<Description, FeaturesFileError> {
    let text = fs::read_to_string(path).map_err(|source| FeaturesFileError::Io {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|error| FeaturesFileError::Content {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// What is known of the items, by place in the table.
#[derive(Default)]
struct Items {
    ids: Vec<String>,
    places: HashMap<String, ItemIndex>,
    events: Vec<f32>,
    habits: RepeatHabits,
    dimensions: usize,
    vectors: Vec<f32>,
}

impl Items {
    fn read(path: &Path) -> Result<Self, FeaturesFileError> {
        let mut items = Self::default();
        each_row(path, |row| items.add(row))?;
        if items.ids.is_empty() {
            return Err(FeaturesFileError::Content {
                path: path.to_owned(),
                reason: "no item".to_owned(),
            });
        }
        Ok(items)
    }

    fn add(&mut self, row: &NamedRow) -> Result<(), FeaturesFileError> {
        let id = row.text("item_id")?.to_owned();
        let place = self.ids.len() as ItemIndex;
        if self.places.insert(id.clone(), place).is_some() {
            return Err(row.error("item_id", format!("{id:?} was there before")));
        }
        let vector = row.vector("vector")?;
        if self.ids.is_empty() {
            self.dimensions = vector.len();
        }
        if vector.len() != self.dimensions || !(1..=DIMENSIONS_MAX).contains(&vector.len()) {
            let reason = format!(
                "{} numbers, want 1 to {DIMENSIONS_MAX} and as many in every row",
                vector.len()
            );
            return Err(row.error("vector", reason));
        }
        self.ids.push(id);
        self.events.push(row.not_negative("events")?);
        self.habits.rates.push(row.not_negative("repeat_rate")?);
        self.habits
            .interval_days
            .push(row.not_negative("interval_days")?);
        self.vectors.extend(vector);
        Ok(())
    }
}

/// Lists of both sources.
fn neighbours(
    path: &Path,
    places: &HashMap<String, ItemIndex>,
) -> Result<[Neighbours; 2], FeaturesFileError> {
    let mut lists = [(); 2].map(|()| vec![Vec::new(); places.len()]);
    each_row(path, |row| {
        let source = row.text("source")?;
        let sources = [Source::CoOccurrence, Source::Swing];
        let list = sources.iter().position(|known| known.name() == source);
        let list = list.ok_or_else(|| row.error("source", format!("{source:?} is no source")))?;
        let place = |column| {
            let id = row.text(column)?;
            let place = places.get(id).copied();
            place.ok_or_else(|| row.error(column, format!("{id:?} is not in {ITEMS_FILE}")))
        };
        let (item, other) = (place("item_id")?, place("neighbour_id")?);
        lists[list][item as usize].push((other, row.not_negative("weight")?));
        Ok(())
    })?;
    Ok(lists.map(|rows| {
        let rows = rows.into_iter().map(|row| strongest(row, usize::MAX));
        Neighbours::from_rows(rows.collect())
    }))
}

/// A row by the names of its columns.
struct NamedRow {
    path: PathBuf,
    number: usize,
    row: Row,
}

fn each_row(
    path: &Path,
    mut act: impl FnMut(&NamedRow) -> Result<(), FeaturesFileError>,
) -> Result<(), FeaturesFileError> {
    let file = File::open(path).map_err(|source| FeaturesFileError::Io {
        path: path.to_owned(),
        source,
    })?;
    let parquet = |source| FeaturesFileError::Parquet {
        path: path.to_owned(),
        source,
    };
    let reader = SerializedFileReader::new(file).map_err(parquet)?;
    let rows = reader.get_row_iter(None).map_err(parquet)?;
    for (number, row) in (1..).zip(rows) {
        act(&NamedRow {
            path: path.to_owned(),
            number,
            row: row.map_err(parquet)?,
        })?;
    }
    Ok(())
}

impl NamedRow {
    fn error(&self, column: &'static str, reason: impl Into<String>) -> FeaturesFileError {
        FeaturesFileError::Row {
            path: self.path.clone(),
            row: self.number,
            column,
            reason: reason.into(),
        }
    }

    fn field(&self, column: &'static str) -> Result<&Field, FeaturesFileError> {
        let mut columns = self.row.get_column_iter();
        let found = columns.find(|(name, _)| *name == column);
        found
            .map(|(_, field)| field)
            .ok_or_else(|| self.error(column, "is not there"))
    }

    fn text(&self, column: &'static str) -> Result<&str, FeaturesFileError> {
        match self.field(column)? {
            Field::Str(text) => Ok(text),
            other => Err(self.error(column, format!("{other} is no text"))),
        }
    }

    /// A number of at least 0.
    fn not_negative(&self, column: &'static str) -> Result<f32, FeaturesFileError> {
        let number = self.number(column, self.field(column)?)?;
        if number < 0.0 {
            return Err(self.error(column, format!("{number} is below 0")));
        }
        Ok(number)
    }

    fn vector(&self, column: &'static str) -> Result<Vec<f32>, FeaturesFileError> {
        match self.field(column)? {
            Field::ListInternal(list) => {
                let numbers = list.elements().iter();
                numbers.map(|field| self.number(column, field)).collect()
            }
            other => Err(self.error(column, format!("{other} is no list"))),
        }
    }

    fn number(&self, column: &'static str, field: &Field) -> Result<f32, FeaturesFileError> {
        let number = match field {
            Field::Float(number) => *number,
            Field::Double(number) => *number as f32,
            other => return Err(self.error(column, format!("{other} is no number"))),
        };
        if number.is_finite() {
            Ok(number)
        } else {
            Err(self.error(column, format!("{number} is not finite")))
        }
    }
}
