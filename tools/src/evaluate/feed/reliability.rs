//! Whether what scores predict is observed: before and after the model's calibration.
//!
//! A score stands for a probability: a candidate's share of the sum of exp(score) over a shopper's candidates, which is how
//! weights are learnt (`recommend::blend`), and what the model calibrates (`recommend::calibration`). On what was held out, of
//! all candidates that were given about 2 %, about 2 % of the choices should be (reliability; Murphy and Winkler 1977). Items of
//! one visit share one choice.

use sampan_engine::recommend::calibration::shares;

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
    /// Choices that they were given, and that they had.
    pub predicted: f64,
    pub observed: f64,
}

/// How well probabilities of one kind are kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Reliability {
    pub bins: Vec<Bin>,
    /// Share of the choices that is in another bin than predicted, 0 to 1 (expected calibration error, each bin by its part
    /// of the choices).
    pub error: f64,
}

/// How well probabilities are kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CalibrationReport {
    /// Visits that took a candidate. The others say nothing of the candidates' odds against each other.
    pub choices: usize,
    /// What all scores should be multiplied with, at most 16: 1 when they are as far apart as the choices say, less when they are
    /// too far.
    pub scale: f64,
    /// Of the shares that scores predict.
    pub scores: Reliability,
    /// Of the same, calibrated.
    pub calibrated: Reliability,
}

/// One shopper's candidates: their scores, and the places of those that the visit took.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    pub scores: Vec<f32>,
    pub chosen: Vec<usize>,
}

impl CalibrationReport {
    /// Of held-out visits; those that took no candidate are passed over. `probabilities`: what the model makes of scores.
    pub fn of(visits: Vec<Scored>, probabilities: impl Fn(&[f32]) -> Vec<f32>) -> Self {
        let mut choices = visits;
        choices.retain(|visit| !visit.chosen.is_empty());
        let of_scores = |scores: &[f32]| shares(scores).map(|share| share as f32).collect();
        Self {
            choices: choices.len(),
            scale: best_scale(&choices),
            scores: Reliability::of(&choices, of_scores),
            calibrated: Reliability::of(&choices, probabilities),
        }
    }
}

impl Reliability {
    fn of(choices: &[Scored], probabilities: impl Fn(&[f32]) -> Vec<f32>) -> Self {
        let mut bins = vec![Bin::default(); BINS_FROM.len() + 1];
        for (bin, from) in bins[1..].iter_mut().zip(BINS_FROM) {
            bin.from = from;
        }
        for choice in choices {
            let share = 1.0 / choice.chosen.len() as f64;
            for (place, probability) in probabilities(&choice.scores).into_iter().enumerate() {
                let probability = f64::from(probability);
                let bin = &mut bins[BINS_FROM.partition_point(|from| *from <= probability)];
                bin.candidates += 1;
                bin.predicted += probability;
                bin.observed += match choice.chosen.contains(&place) {
                    true => share,
                    false => 0.0,
                };
            }
        }
        let off: f64 = bins
            .iter()
            .map(|bin| (bin.predicted - bin.observed).abs())
            .sum();
        Self {
            // What is too much in one bin is missing in another.
            error: off / 2.0 / choices.len().max(1) as f64,
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
            let expected = scaled(&choice.scores, scale)
                .into_iter()
                .zip(&choice.scores);
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

/// What scores times a scale predict.
fn scaled(scores: &[f32], scale: f64) -> Vec<f64> {
    let scores: Vec<f32> = scores
        .iter()
        .map(|score| (scale * f64::from(*score)) as f32)
        .collect();
    shares(&scores).collect()
}

#[cfg(test)]
mod tests {
    use sampan_engine::recommend::calibration::{Calibration, Outcome};

    use super::*;

    /// Choices among eight candidates, as often as their scores, multiplied with `truth`, say.
    fn drawn(truth: f64) -> Vec<Scored> {
        let mut visits = Vec::new();
        for shopper in 0..400usize {
            let score = |place: usize| ((shopper * 7 + place * 13) % 23) as f32 / 4.0;
            let scores: Vec<f32> = (0..8).map(score).collect();
            for (place, probability) in scaled(&scores, truth).into_iter().enumerate() {
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

    fn uncalibrated(scores: &[f32]) -> Vec<f32> {
        shares(scores).map(|share| share as f32).collect()
    }

    #[test]
    fn scores_that_are_log_odds_are_found_to_be_and_others_are_not() {
        let right = CalibrationReport::of(drawn(1.0), uncalibrated);
        assert!(
            right.scores.error < 0.03 && (right.scale - 1.0).abs() < 0.05,
            "{right:?}"
        );
        let predicted: f64 = right.scores.bins.iter().map(|bin| bin.predicted).sum();
        assert!((predicted - right.choices as f64).abs() < 1e-2);
        for truth in [0.5, 2.0] {
            let wrong = CalibrationReport::of(drawn(truth), uncalibrated);
            assert!(wrong.scores.error > 0.1, "{wrong:?}");
            assert!((wrong.scale - truth).abs() < 0.15 * truth, "{wrong:?}");
        }
    }

    #[test]
    fn calibrated_probabilities_are_told_beside_those_of_scores() {
        let choices = drawn(0.5);
        let outcomes = choices.iter().flat_map(|choice| {
            let predicted = shares(&choice.scores).enumerate();
            predicted.map(|(place, predicted)| Outcome {
                predicted: predicted as f32,
                observed: f32::from(u8::from(choice.chosen == [place])),
            })
        });
        let calibration = Calibration::fit(outcomes.collect());
        let calibrated = |scores: &[f32]| {
            let shares = shares(scores).map(|share| calibration.of(share) as f32);
            shares.collect()
        };
        let report = CalibrationReport::of(choices, calibrated);
        assert!(report.scores.error > 0.1, "{report:?}");
        assert!(report.calibrated.error < 0.02, "{report:?}");
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
        let found = CalibrationReport::of(vec![two, none], uncalibrated);
        assert!(found.choices == 1 && found.scores.error < 1e-9, "{found:?}");
        let bins = &found.scores.bins;
        let half = bins.iter().find(|bin| bin.from == 0.3).unwrap();
        assert_eq!(
            (half.candidates, half.predicted, half.observed),
            (2, 1.0, 1.0)
        );
        assert_eq!(CalibrationReport::of(Vec::new(), uncalibrated).choices, 0);
    }
}
