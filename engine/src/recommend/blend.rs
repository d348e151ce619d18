//! Weights of the sources, learnt from what shoppers chose among their candidates.
//!
//! A conditional logit (McFadden 1974): the probability that a candidate is chosen is its share of the sum of
//! exp(weights · features). Several chosen items share one choice. The likelihood is concave, so Newton's steps find the
//! one best set of weights, whatever the order or the number of threads.

use ndarray::Array2;
use rayon::prelude::*;

use super::cholesky;

/// Candidates of one shopper, with what was chosen.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// One row a candidate.
    pub features: Vec<f32>,
    /// Places of the chosen, at least one.
    pub chosen: Vec<usize>,
}

/// What a weight must bring before it leaves 0.
const RIDGE: f64 = 1.0;
/// Longest step of one weight.
const STEP_MAX: f64 = 3.0;
/// Steps after which the weights are what they will be.
const STEPS_MAX: usize = 30;
/// A step this small ends the search.
const STEP_MIN: f64 = 1e-5;

/// Slope and curvature of the likelihood.
struct Slope {
    gradient: Vec<f64>,
    /// Lower triangle.
    curvature: Array2<f64>,
}

impl Slope {
    fn flat(width: usize) -> Self {
        Self {
            gradient: vec![0.0; width],
            curvature: Array2::zeros((width, width)),
        }
    }

    fn add(mut self, other: &Self) -> Self {
        for (sum, number) in self.gradient.iter_mut().zip(&other.gradient) {
            *sum += number;
        }
        self.curvature += &other.curvature;
        self
    }

    fn add_choice(mut self, choice: &Choice, weights: &[f64]) -> Self {
        let width = weights.len();
        let rows = || choice.features.chunks_exact(width);
        let scores: Vec<f64> = rows().map(|row| score(row, weights)).collect();
        let most = scores.iter().copied().fold(f64::MIN, f64::max);
        let exponents: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
        let sum: f64 = exponents.iter().sum();
        let mut mean = vec![0.0; width];
        for (row, exponent) in rows().zip(&exponents) {
            let share = exponent / sum;
            for (a, x) in row.iter().enumerate() {
                let x = share * f64::from(*x);
                mean[a] += x;
                for (b, y) in row[..=a].iter().enumerate() {
                    self.curvature[[a, b]] += x * f64::from(*y);
                }
            }
        }
        for a in 0..width {
            let chosen = choice.chosen.iter();
            let chosen: f64 = chosen
                .map(|place| f64::from(choice.features[place * width + a]))
                .sum();
            self.gradient[a] += chosen / choice.chosen.len() as f64 - mean[a];
            for b in 0..=a {
                self.curvature[[a, b]] -= mean[a] * mean[b];
            }
        }
        self
    }

    /// Newton's step for the penalised likelihood at `weights`.
    fn step(mut self, weights: &[f64]) -> Vec<f64> {
        for (place, weight) in weights.iter().enumerate() {
            self.curvature[[place, place]] += RIDGE;
            self.gradient[place] -= RIDGE * weight;
        }
        let gradient = Array2::from_shape_fn((weights.len(), 1), |(place, _)| self.gradient[place]);
        cholesky::solve(self.curvature, gradient)
            .into_iter()
            .collect()
    }
}

/// Score of one row.
fn score(row: &[f32], weights: &[f64]) -> f64 {
    let products = row.iter().zip(weights);
    products.map(|(x, weight)| f64::from(*x) * weight).sum()
}

/// Learns the weights of `width` features.
pub fn learn(choices: &[Choice], width: usize) -> Vec<f64> {
    let mut weights = vec![0.0; width];
    for _ in 0..STEPS_MAX {
        // Parts of fixed size, summed in order: the same on any number of threads.
        let parts: Vec<Slope> = choices
            .par_chunks(256)
            .map(|part| {
                part.iter().fold(Slope::flat(width), |slope, choice| {
                    slope.add_choice(choice, &weights)
                })
            })
            .collect();
        let slope = parts.iter().fold(Slope::flat(width), Slope::add);
        let step = slope.step(&weights);
        let longest = step
            .iter()
            .fold(0.0, |most: f64, part| most.max(part.abs()));
        let share = if longest > STEP_MAX {
            STEP_MAX / longest
        } else {
            1.0
        };
        for (weight, part) in weights.iter_mut().zip(step) {
            *weight += share * part;
        }
        if longest < STEP_MIN {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Choices drawn by the model itself: of three candidates, as often as its probabilities say.
    fn choices(truth: [f64; 2]) -> Vec<Choice> {
        let mut choices = Vec::new();
        for number in 0..300 {
            let feature = |place: usize| ((number * 7 + place * 13) % 11) as f32 / 10.0;
            let features: Vec<f32> = (0..6).map(feature).collect();
            let exponents: Vec<f64> = features
                .chunks(2)
                .map(|row| score(row, &truth).exp())
                .collect();
            let sum: f64 = exponents.iter().sum();
            for (place, exponent) in exponents.iter().enumerate() {
                let times = (100.0 * exponent / sum).round() as usize;
                choices.extend(vec![
                    Choice {
                        features: features.clone(),
                        chosen: vec![place],
                    };
                    times
                ]);
            }
        }
        choices
    }

    #[test]
    fn the_weights_that_made_the_choices_are_found() {
        let truth = [2.0, -1.0];
        let found = learn(&choices(truth), 2);
        assert!(
            (found[0] - truth[0]).abs() < 0.05 && (found[1] - truth[1]).abs() < 0.05,
            "{found:?}"
        );
    }

    #[test]
    fn a_feature_that_says_nothing_gets_no_weight() {
        let mut choices = choices([2.0, -1.0]);
        for choice in &mut choices {
            let with_constant = choice
                .features
                .chunks(2)
                .flat_map(|row| [row[0], row[1], 1.0]);
            choice.features = with_constant.collect();
        }
        assert!(learn(&choices, 3)[2].abs() < 1e-6);
        assert_eq!(learn(&[], 3), [0.0; 3]);
    }
}
