//! A model's file.
//!
//! Its header is that of [`files`](crate::files): the counts are items and numbers a vector. Sections follow in this
//! order, all numbers little-endian:
//!
//! | section | what |
//! |---|---|
//! | `Description` | [`Description`] as JSON |
//! | `IdEnds` | u32 an item: where its id ends in `Ids` |
//! | `Ids` | the ids in UTF-8, one after the other |
//! | `TogetherStarts`, `TogetherItems`, `TogetherWeights` | co-occurrence: u32 an item and one; u32 and f32 a neighbour |
//! | `SwingStarts`, `SwingItems`, `SwingWeights` | Swing, alike |
//! | `Vectors` | f32, item after item |
//! | `Events`, `Rates`, `Intervals` | f32 an item: strength of its events, repeats a purchase, days between purchases |

use std::{collections::BTreeMap, io, path::Path};

use super::{
    FeedModel, InteractionLog, ItemIndex, Neighbours,
    calibration::{Calibration, Outcome},
    factors::{FactorOptions, Factors},
    model::by_events,
    repeat::RepeatHabits,
    source::{SOURCES, Source},
};
use crate::files::{FileError, FileKind, MappedSections, SectionHeader, durable};

const FEED_MODEL_FILE: FileKind = FileKind {
    name: "a feed model",
    magic: *b"SAMPANFM",
    version: 2,
};
const COUNTS: usize = 2;
const SECTIONS: usize = 13;
/// Most numbers a vector: beyond this the equations of one shopper take too long.
pub const DIMENSIONS_MAX: usize = 1_024;

type Sections = MappedSections<COUNTS, SECTIONS>;

#[derive(Debug, Clone, Copy)]
enum Section {
    Description,
    IdEnds,
    Ids,
    TogetherStarts,
    TogetherItems,
    TogetherWeights,
    SwingStarts,
    SwingItems,
    SwingWeights,
    Vectors,
    Events,
    Rates,
    Intervals,
}

/// What a model was made of, and what its numbers mean.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Description {
    /// Program that made it.
    pub made_by: String,
    pub shoppers: u64,
    pub visits: u64,
    /// Seconds since 1970 of the last visit.
    pub until: i64,
    /// Things taken that it was learnt from; 0 when nobody counted them.
    #[serde(default)]
    pub events: u64,
    /// Seconds since 1970 at which making it began; 0 when unknown.
    #[serde(default)]
    pub made: i64,
    /// Whether what a shopper took before may be shown again.
    pub repeats: bool,
    /// α₀ and λ of the vectors.
    pub unobserved: f32,
    pub regularisation: f32,
    /// Weight of each source by name.
    pub weights: BTreeMap<String, f32>,
    /// Steps of the calibration; none where nobody calibrated it.
    #[serde(default)]
    pub calibration: Vec<Outcome>,
}

impl Description {
    /// Weights by name, as a model has them.
    pub fn weights_of(model: &FeedModel) -> BTreeMap<String, f32> {
        let named = Source::ALL.iter().zip(model.weights);
        named
            .map(|(source, weight)| (source.name().to_owned(), weight))
            .collect()
    }

    /// Weights in the order of sources.
    ///
    /// # Errors
    /// A source has no weight, or one that is not a number; it is named.
    pub fn weights(&self) -> Result<[f32; SOURCES], String> {
        let mut weights = [0.0; SOURCES];
        for (weight, source) in weights.iter_mut().zip(Source::ALL) {
            let found = self.weights.get(source.name()).copied();
            *weight = found
                .filter(|weight| weight.is_finite())
                .ok_or_else(|| format!("weights: {} is not there", source.name()))?;
        }
        Ok(weights)
    }

    /// The map that the steps make.
    ///
    /// # Errors
    /// A step cannot be; its place is told.
    pub fn calibration(&self) -> Result<Calibration, String> {
        Calibration::from_steps(self.calibration.clone())
    }
}

/// A model whose items have their ids.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedModel {
    pub description: Description,
    /// By place in the tables.
    pub ids: Vec<String>,
    pub model: FeedModel,
}

impl NamedModel {
    /// A model with what it was learnt from; `made` in seconds since 1970.
    pub fn of(model: FeedModel, log: InteractionLog, made_by: &str, made: i64) -> Self {
        let (unobserved, regularisation) = model.factors.weights();
        Self {
            description: Description {
                made_by: made_by.to_owned(),
                shoppers: log.histories.len() as u64,
                visits: log.visits() as u64,
                until: log.until(),
                events: log.taken() as u64,
                made,
                repeats: model.repeats,
                unobserved,
                regularisation,
                weights: Description::weights_of(&model),
                calibration: model.calibration.steps().to_vec(),
            },
            ids: log.items,
            model,
        }
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// [`FileError::Io`] names the file.
    pub fn write(&self, path: &Path) -> Result<(), FileError> {
        let model = &self.model;
        let description = serde_json::to_vec(&self.description).map_err(io::Error::other);
        let description = description.map_err(FileError::io(path))?;
        let ends = self.ids.iter().scan(0, |end, id| {
            *end += id.len() as u32;
            Some(*end)
        });
        let ends: Vec<u32> = ends.collect();
        let (together, swing) = (model.co_occurrence.parts(), model.swing.parts());
        let sections = [
            description,
            words(&ends),
            self.ids.concat().into_bytes(),
            words(together.0),
            words(together.1),
            reals(together.2),
            words(swing.0),
            words(swing.1),
            reals(swing.2),
            reals(model.factors.vectors()),
            reals(&model.events),
            reals(&model.habits.rates),
            reals(&model.habits.interval_days),
        ];
        let sections = sections.each_ref().map(Vec::as_slice);
        let counts = [self.ids.len() as u32, model.factors.dimensions() as u32];
        let header = SectionHeader::<COUNTS, SECTIONS>::of(counts, sections);
        durable::write_file(path, |writer| {
            header.write(&FEED_MODEL_FILE, sections, writer)
        })
    }

    /// Reads a file and checks all of it.
    ///
    /// # Errors
    /// [`FileError::Io`] when it cannot be read; [`FileError::Damaged`] when it is no such file or was altered.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let sections = Sections::open(path, &FEED_MODEL_FILE, lengths)?;
        Self::of_sections(&sections).map_err(|reason| FileError::damaged(path, reason))
    }

    fn of_sections(sections: &Sections) -> Result<Self, String> {
        let [_, dimensions] = sections.counts();
        let description = sections.section(Section::Description as usize);
        let description: Description =
            serde_json::from_slice(description).map_err(|error| error.to_string())?;
        let options = FactorOptions {
            dimensions: dimensions as usize,
            unobserved: description.unobserved,
            regularisation: description.regularisation,
            ..FactorOptions::default()
        };
        let events = read_reals(sections, Section::Events)?;
        let model = FeedModel {
            co_occurrence: neighbours(
                sections,
                [
                    Section::TogetherStarts,
                    Section::TogetherItems,
                    Section::TogetherWeights,
                ],
            )?,
            swing: neighbours(
                sections,
                [
                    Section::SwingStarts,
                    Section::SwingItems,
                    Section::SwingWeights,
                ],
            )?,
            factors: Factors::new(read_reals(sections, Section::Vectors)?, &options),
            popular: by_events(&events),
            events,
            habits: RepeatHabits {
                rates: read_reals(sections, Section::Rates)?,
                interval_days: read_reals(sections, Section::Intervals)?,
            },
            repeats: description.repeats,
            weights: description.weights()?,
            calibration: description.calibration()?,
        };
        Ok(Self {
            description,
            ids: ids(sections)?,
            model,
        })
    }
}

/// Bytes that each section must have, or what is wrong with the counts.
fn lengths([items, dimensions]: [u32; COUNTS]) -> Result<[Option<u64>; SECTIONS], String> {
    if dimensions == 0 || dimensions as usize > DIMENSIONS_MAX {
        return Err(format!(
            "{dimensions} numbers a vector, want 1 to {DIMENSIONS_MAX}"
        ));
    }
    let items = u64::from(items);
    let mut lengths = [None; SECTIONS];
    for section in [
        Section::IdEnds,
        Section::Events,
        Section::Rates,
        Section::Intervals,
    ] {
        lengths[section as usize] = Some(4 * items);
    }
    lengths[Section::TogetherStarts as usize] = Some(4 * (items + 1));
    lengths[Section::SwingStarts as usize] = Some(4 * (items + 1));
    lengths[Section::Vectors as usize] = Some(4 * items * u64::from(dimensions));
    Ok(lengths)
}

fn ids(sections: &Sections) -> Result<Vec<String>, String> {
    let bytes = sections.section(Section::Ids as usize);
    let text = std::str::from_utf8(bytes).map_err(|error| format!("ids: {error}"))?;
    let mut start = 0;
    let ends = read_words(sections, Section::IdEnds);
    let ids = ends.into_iter().map(|end| {
        let end = end as usize;
        let id = text
            .get(start..end)
            .ok_or("ids: one ends before it begins")?;
        start = end;
        Ok(id.to_owned())
    });
    ids.collect()
}

fn neighbours(
    sections: &Sections,
    [starts, items, weights]: [Section; 3],
) -> Result<Neighbours, String> {
    let starts = read_words(sections, starts);
    let items: Vec<ItemIndex> = read_words(sections, items);
    let weights = read_reals(sections, weights)?;
    Neighbours::from_parts(starts, items, weights).map_err(|error| error.to_string())
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn reals(numbers: &[f32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

fn read_words(sections: &Sections, section: Section) -> Vec<u32> {
    let words = sections.section(section as usize).as_chunks::<4>().0.iter();
    words.map(|word| u32::from_le_bytes(*word)).collect()
}

fn read_reals(sections: &Sections, section: Section) -> Result<Vec<f32>, String> {
    let words = sections.section(section as usize).as_chunks::<4>().0.iter();
    let numbers: Vec<f32> = words.map(|word| f32::from_le_bytes(*word)).collect();
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(format!("{section:?}: not all are numbers"));
    }
    Ok(numbers)
}
