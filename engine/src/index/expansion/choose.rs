//! Which of the nearest words are worth a place, and how much each counts.

/// Neighbours that tell how crowded it is around a word (k of CSLS).
pub const CROWD: usize = 10;

/// How near is near enough. Similarities are cosines around the mean of the word's script, −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Least similarity of a neighbour.
    pub similarity_min: f32,
    /// Least margin: similarity above what is usual around both words.
    pub margin_min: f32,
    /// Neighbours of a word.
    pub neighbours_max: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            similarity_min: 0.45,
            margin_min: 0.0,
            neighbours_max: 5,
        }
    }
}

/// Lightest and heaviest weight that is given.
const WEIGHT_MIN: f32 = 0.1;
const WEIGHT_MAX: f32 = 1.0;

/// A neighbour under consideration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Place of the word among those of the catalogue.
    pub word: usize,
    /// Cosine.
    pub similarity: f32,
    /// By how much it is above the mean of what stands around both words: cross-domain similarity local scaling, half of
    /// it (Lample et al., "Word translation without parallel data", ICLR 2018), so that words which are near everything are
    /// near nothing.
    pub margin: f32,
}

impl Near {
    /// The weight that its similarity is worth.
    pub fn weight(&self, thresholds: &Thresholds) -> f32 {
        let above = self.similarity - thresholds.similarity_min;
        let share = above / (1.0 - thresholds.similarity_min).max(f32::EPSILON);
        (WEIGHT_MIN + share * (WEIGHT_MAX - WEIGHT_MIN)).clamp(WEIGHT_MIN, WEIGHT_MAX)
    }
}

/// Mean similarity of the nearest; 0 of none.
pub fn crowdedness(similarities: impl Iterator<Item = f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0);
    for similarity in similarities.take(CROWD) {
        sum += similarity;
        count += 1;
    }
    sum / (count.max(1) as f32)
}

/// The neighbours that are near enough, best margin first.
pub fn choose(mut near: Vec<Near>, thresholds: &Thresholds) -> Vec<Near> {
    near.retain(|near| {
        near.similarity >= thresholds.similarity_min && near.margin >= thresholds.margin_min
    });
    near.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.word.cmp(&b.word)));
    near.truncate(thresholds.neighbours_max);
    near
}
