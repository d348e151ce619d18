//! Mining: encode the words, take off the mean of their script, find the nearest, keep those that are near enough.

use std::{path::Path, sync::Arc};

use sampan_analyzers::{Analyzer, term_key};

use super::{
    choose::{Near, Thresholds, choose},
    goods::Goods,
    mined::{MinedExpansions, MinedNeighbour},
    words::{CountedWord, WordCounts},
};
use crate::{
    base::error::{Result, SampanError},
    encode::{Encoder, MeanSum, centre},
    index::vector::{Everything, VectorOptions, VectorSnapshot, VectorWriter},
};

/// Words that are encoded at once.
const BATCH_WORDS: usize = 512;
/// Words that are looked at for the few that are chosen: synonyms and spellings of the word stand among them.
const LOOKED_AT: usize = 40;

/// Share of its items in which a word must stand inside a longer one to be no more than a part of that.
const PART_SHARE: f32 = 0.8;

/// What is being done, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Encoding,
    Comparing,
}

/// Told how far it is (stage, done, total); answers false to give up.
pub type Progress<'p> = dyn FnMut(Stage, usize, usize) -> bool + 'p;

/// Finds words near words.
pub struct Miner<'m> {
    pub encoder: &'m Encoder,
    pub analyzer: &'m Analyzer,
    /// Tells brands, which are near nothing but themselves: who asks for one does not want another.
    pub is_name: &'m dyn Fn(&str) -> bool,
    pub thresholds: Thresholds,
    /// Adds the catalogue's items with their vectors.
    pub goods: &'m dyn Fn(&mut Goods<'_>) -> Result<()>,
    /// For the vectors while they are compared; made when missing, and never written to.
    pub folder: &'m Path,
}

/// Words and their vectors, one behind another.
struct Encoded<'w> {
    words: Vec<CountedWord<'w>>,
    vectors: Vec<f32>,
}

impl Miner<'_> {
    /// The words near each word that is asked, of those that the catalogue has. `Ok(None)`: `progress` gave it up.
    ///
    /// # Errors
    /// The folder cannot be made, or items cannot be read.
    pub fn mine(
        &self,
        counts: &WordCounts,
        progress: &mut Progress<'_>,
    ) -> Result<Option<MinedExpansions>> {
        let (catalogue, asked) = (counts.of_catalogue(), counts.asked());
        let total = catalogue.len() + asked.len();
        let mut encoding = |done| progress(Stage::Encoding, done, total);
        let Some(catalogue) = self.encoded(catalogue, 0, &mut encoding) else {
            return Ok(None);
        };
        let Some(asked) = self.encoded(asked, catalogue.words.len(), &mut encoding) else {
            return Ok(None);
        };
        let near = NearestWords::new(&catalogue, self)?;
        let mut mined = MinedExpansions::new(self.encoder.version());
        let dimensions = self.encoder.dimensions();
        let words = asked.words.iter().zip(asked.vectors.chunks(dimensions));
        for (place, ((word, evidence), vector)) in words.enumerate() {
            let chosen = choose(near.of(word, vector), &self.thresholds);
            let chosen = chosen.into_iter().map(|near| MinedNeighbour {
                word: catalogue.words[near.word].0,
                evidence: catalogue.words[near.word].1,
                weight: near.weight(),
                near,
            });
            mined.push(word, *evidence, &chosen.collect::<Vec<_>>());
            if !progress(Stage::Comparing, place + 1, asked.words.len()) {
                return Ok(None);
            }
        }
        Ok(Some(mined))
    }

    /// Encodes words that are no names; `None` when it is given up. `before`: words that were encoded already.
    fn encoded<'w>(
        &self,
        mut words: Vec<CountedWord<'w>>,
        before: usize,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Option<Encoded<'w>> {
        words.retain(|(word, _)| !(self.is_name)(word));
        let mut vectors = Vec::with_capacity(words.len() * self.encoder.dimensions());
        for (batch, done) in words.chunks(BATCH_WORDS).zip(1..) {
            let texts: Vec<&str> = batch.iter().map(|(word, _)| *word).collect();
            vectors.extend(self.encoder.encode(&texts));
            if !progress(before + words.len().min(done * BATCH_WORDS)) {
                return None;
            }
        }
        centre_by_script(&words, &mut vectors, self.encoder.dimensions());
        Some(Encoded { words, vectors })
    }

    /// Whether one word says what the other does not: neither holds the other, and no dictionary joins them already.
    fn are_two_things(&self, one: &str, other: &str) -> bool {
        if one.contains(other) || other.contains(one) {
            return false;
        }
        let concepts = self.analyzer.concepts();
        let key = term_key(other);
        let has_other = |id: &str| concepts.explain(&key).any(|found| found.concept.id == id);
        !concepts
            .explain(&term_key(one))
            .any(|found| has_other(&found.concept.id))
    }
}

/// Takes off the mean of Han words and that of all others: each script has its own corner of the space, and words of two
/// scripts that mean the same stand in the same place of their corners.
fn centre_by_script(words: &[CountedWord<'_>], vectors: &mut [f32], dimensions: usize) {
    let mut means = [MeanSum::new(dimensions), MeanSum::new(dimensions)];
    let script = |word: &str| usize::from(word.is_ascii());
    for ((word, _), vector) in words.iter().zip(vectors.chunks(dimensions)) {
        means[script(word)].add(vector);
    }
    let means = means.map(|sum| sum.mean());
    for ((word, _), vector) in words.iter().zip(vectors.chunks_mut(dimensions)) {
        centre(vector, &means[script(word)]);
    }
}

/// The catalogue's words, ready to be asked for the nearest.
struct NearestWords<'n> {
    miner: &'n Miner<'n>,
    words: &'n [CountedWord<'n>],
    index: Arc<VectorSnapshot>,
    /// Where the goods of each lie.
    goods: Vec<Vec<f32>>,
}

impl<'n> NearestWords<'n> {
    fn new(catalogue: &'n Encoded<'n>, miner: &'n Miner<'n>) -> Result<Self> {
        let dimensions = miner.encoder.dimensions();
        // All of it stays in the tail, which is scanned exactly: the same words give the same table.
        let options = VectorOptions {
            dimensions: Some(dimensions),
            tail_rows_max: usize::MAX,
            build_threads: 1,
            ..VectorOptions::default()
        };
        let mut writer = VectorWriter::open(miner.folder, options).map_err(SampanError::storage)?;
        for (place, vector) in (0..).zip(catalogue.vectors.chunks(dimensions)) {
            // A word that is the mean of its script has no direction, and is near nothing.
            let _ = writer.upsert(place, vector);
        }
        let mut goods = Goods::of(&catalogue.words, dimensions);
        (miner.goods)(&mut goods)?;
        Ok(Self {
            miner,
            words: &catalogue.words,
            index: writer.publish(),
            goods: goods.directions(),
        })
    }

    /// What may be chosen for a word.
    fn of(&self, word: &str, vector: &[f32]) -> Vec<Near> {
        // As above: what has no direction has no neighbour.
        let found = self.index.search(vector, LOOKED_AT, &Everything);
        let near = found.unwrap_or_default().into_iter().map(|found| {
            let place = found.ordinal as usize;
            let goods = self.goods[place].iter().zip(vector);
            Near {
                word: place,
                similarity: found.similarity,
                goods: goods.map(|(a, b)| a * b).sum(),
            }
        });
        let near = near.filter(|near| self.miner.are_two_things(word, self.words[near.word].0));
        let mut near: Vec<Near> = near.collect();
        let wholes: Vec<usize> = near.iter().map(|near| near.word).collect();
        near.retain(|near| !wholes.iter().any(|whole| self.is_part(near.word, *whole)));
        near
    }

    /// Whether one word stands mostly inside the other: 礦泉 in 礦泉水.
    fn is_part(&self, part: usize, whole: usize) -> bool {
        let ((part, of_part), (whole, of_whole)) = (self.words[part], self.words[whole]);
        part != whole
            && whole.contains(part)
            && of_whole.items as f32 >= PART_SHARE * of_part.items as f32
    }
}
