//! Whether the scores that rank are the log-odds that they are taken for.
//!
//! A score stands for a probability: a candidate's share of the sum of exp(score) over a shopper's candidates, which is how
//! weights are learnt (`recommend::blend`). On what was held out, of all candidates that were given about 2 %, about 2 % of
//! the choices should be (reliability; Murphy and Winkler 1977). Items of one visit share one choice.

/// Least probability of each bin, but for the first, which begins at 0.
const BINS_FROM: [f64; 7] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6];

/// Scales among which the best one is looked for, and halvings of that range: to four places.
const SCALE_MAX: f64 = 16.0;
const HALVINGS: usize = 18;

/// Candidates that were given about the same probability.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Bin {
    /// Least probability.
    pub from: f64,
    pub candidates: usize,
    /// Choices that they were given by the scores, and that they had.
    pub predicted: f64,
    pub observed: f64,
}

/// How well probabilities are kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Calibration {
    /// Visits that took a candidate. The others say nothing of the candidates' odds against each other.
    pub choices: usize,
    pub bins: Vec<Bin>,
    /// Share of the choices that is in another bin than predicted, 0 to 1 (expected calibration error, each bin by its part
    /// of the choices).
    pub error: f64,
    /// What all scores should be multiplied with, at most 16: 1 when they are as far apart as the choices say, less when they are
    /// too far.
    pub scale: f64,
}

/// One shopper's candidates: their scores, and the places of those that the visit took.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    pub scores: Vec<f32>,
    pub chosen: Vec<usize>,
}

impl Calibration {
    /// Of held-out visits; those that took no candidate are passed over.
    pub fn of(visits: Vec<Scored>) -> Self {
        let mut bins = vec![Bin::default(); BINS_FROM.len() + 1];
        for (bin, from) in bins[1..].iter_mut().zip(BINS_FROM) {
            bin.from = from;
        }
        let mut choices = visits;
        choices.retain(|visit| !visit.chosen.is_empty());
        for choice in &choices {
            let share = 1.0 / choice.chosen.len() as f64;
            for (place, probability) in probabilities(&choice.scores, 1.0).enumerate() {
                let bin = &mut bins[BINS_FROM.partition_point(|from| *from <= probability)];
                bin.candidates += 1;
                bin.predicted += probability;
                bin.observed += if choice.chosen.contains(&place) {
                    share
                } else {
                    0.0
                };
            }
        }
        let off: f64 = bins
            .iter()
            .map(|bin| (bin.predicted - bin.observed).abs())
            .sum();
        Self {
            choices: choices.len(),
            // What is too much in one bin is missing in another.
            error: off / 2.0 / choices.len().max(1) as f64,
            scale: best_scale(&choices),
            bins,
        }
    }
}

/// The scale under which the choices are likeliest. Their likelihood has one top, towards which its slope points: the mean score
/// of what was chosen, less that which is expected.
fn best_scale(choices: &[Scored]) -> f64 {
    let slope = |scale: f64| -> f64 {
        let of = |choice: &Scored| {
            let chosen = choice.chosen.iter();
            let chosen: f64 = chosen.map(|place| f64::from(choice.scores[*place])).sum();
            let expected = probabilities(&choice.scores, scale).zip(&choice.scores);
            let expected: f64 = expected
                .map(|(share, score)| share * f64::from(*score))
                .sum();
            chosen / choice.chosen.len() as f64 - expected
        };
        choices.iter().map(of).sum()
    };
    let (mut low, mut high) = (0.0, SCALE_MAX);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        match slope(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    (low + high) / 2.0
}

/// Shares of the sum of the exponents of scores times a scale.
fn probabilities(scores: &[f32], scale: f64) -> impl Iterator<Item = f64> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let exponent = move |score: &f32| (scale * f64::from(score - most)).exp();
    let sum: f64 = scores.iter().map(exponent).sum();
    scores.iter().map(move |score| exponent(score) / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Choices among eight candidates, as often as their scores, multiplied with `truth`, say.
    fn drawn(truth: f64) -> Vec<Scored> {
        let mut visits = Vec::new();
        for shopper in 0..400usize {
            let score = |place: usize| ((shopper * 7 + place * 13) % 23) as f32 / 4.0;
            let scores: Vec<f32> = (0..8).map(score).collect();
            let true_scores: Vec<f32> = scores
                .iter()
                .map(|s| (f64::from(*s) * truth) as f32)
                .collect();
            for (place, probability) in probabilities(&true_scores, 1.0).enumerate() {
                let times = (50.0 * probability).round() as usize;
                let one = Scored {
                    scores: scores.clone(),
                    chosen: vec![place],
                };
                visits.extend(vec![one; times]);
            }
        }
        visits
    }

    #[test]
    fn scores_that_are_log_odds_are_found_to_be_and_others_are_not() {
        let right = Calibration::of(drawn(1.0));
        assert!(
            right.error < 0.03 && (right.scale - 1.0).abs() < 0.05,
            "{right:?}"
        );
        let predicted: f64 = right.bins.iter().map(|bin| bin.predicted).sum();
        assert!((predicted - right.choices as f64).abs() < 1e-6);
        for truth in [0.5, 2.0] {
            let wrong = Calibration::of(drawn(truth));
            assert!(wrong.error > 0.1, "{wrong:?}");
            assert!((wrong.scale - truth).abs() < 0.15 * truth, "{wrong:?}");
        }
    }

    #[test]
    fn items_of_one_visit_share_a_choice_and_visits_without_one_are_passed_over() {
        let two = Scored {
            scores: vec![1.0, 1.0, -90.0],
            chosen: vec![0, 1],
        };
        let none = Scored {
            scores: vec![3.0],
            chosen: Vec::new(),
        };
        let found = Calibration::of(vec![two, none]);
        assert!(found.choices == 1 && found.error < 1e-12, "{found:?}");
        let half = found.bins.iter().find(|bin| bin.from == 0.3).unwrap();
        assert_eq!(
            (half.candidates, half.predicted, half.observed),
            (2, 1.0, 1.0)
        );
        assert_eq!(Calibration::of(Vec::new()).choices, 0);
    }
}
