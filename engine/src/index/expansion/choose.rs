//! Which of the nearest words are worth a place, and how much each counts.

/// How near is near enough. Similarities are cosines around the mean of their kind, −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Least similarity of the two words.
    pub similarity_min: f32,
    /// Least similarity of the word with the goods that are sold under the other.
    pub goods_min: f32,
    /// Neighbours of a word.
    pub neighbours_max: usize,
}

impl Default for Thresholds {
    /// The strictest of those measured that gain as much as looser ones (category labels on a supermarket's titles).
    fn default() -> Self {
        Self {
            similarity_min: 0.6,
            goods_min: 0.4,
            neighbours_max: 3,
        }
    }
}

/// Lightest and heaviest weight that is given, rounded as the table shows it.
const WEIGHT_MIN: f32 = 0.1;
const WEIGHT_MAX: f32 = 1.0;

/// A neighbour under consideration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Place of the word among those of the catalogue.
    pub word: usize,
    /// Of the two words.
    pub similarity: f32,
    /// Of the word with the goods that are sold under the other.
    pub goods: f32,
}

impl Near {
    /// The mean of both similarities, stretched so that most of what is chosen differs: 0.4 is light, 0.8 is full weight.
    pub fn weight(&self) -> f32 {
        let mean = (self.similarity + self.goods) / 2.0;
        ((mean - 0.3) * 2.0).clamp(WEIGHT_MIN, WEIGHT_MAX)
    }
}

/// The neighbours that are near enough, nearest first.
pub fn choose(mut near: Vec<Near>, thresholds: &Thresholds) -> Vec<Near> {
    near.retain(|near| {
        near.similarity >= thresholds.similarity_min && near.goods >= thresholds.goods_min
    });
    let sum = |near: &Near| near.similarity + near.goods;
    near.sort_by(|a, b| sum(b).total_cmp(&sum(a)).then(a.word.cmp(&b.word)));
    near.truncate(thresholds.neighbours_max);
    near
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(word: usize, similarity: f32, goods: f32) -> Near {
        Near {
            word,
            similarity,
            goods,
        }
    }

    #[test]
    fn only_what_is_near_as_a_word_and_by_its_goods_is_chosen_nearest_first() {
        let thresholds = Thresholds {
            similarity_min: 0.5,
            goods_min: 0.3,
            neighbours_max: 2,
        };
        let found = vec![
            near(0, 0.9, 0.29),
            near(1, 0.49, 0.9),
            near(2, 0.5, 0.3),
            near(3, 0.6, 0.6),
            near(4, 0.7, 0.4),
        ];
        let chosen: Vec<usize> = choose(found, &thresholds).iter().map(|n| n.word).collect();
        assert_eq!(chosen, [3, 4]);
    }

    #[test]
    fn a_weight_grows_with_nearness_and_stays_one_that_a_table_may_have() {
        let weights = [0.1, 0.4, 0.6, 1.0].map(|s| near(0, s, s).weight());
        assert!(weights.is_sorted(), "{weights:?}");
        assert_eq!((weights[0], weights[3]), (WEIGHT_MIN, WEIGHT_MAX));
    }
}
