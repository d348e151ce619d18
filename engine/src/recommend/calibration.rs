//! From the probabilities that scores predict to those that are observed: isotonic regression on choices that nothing else
//! was learnt from.
//!
//! A candidate's share of the sum of exp(score) is what the scores predict ([`blend`](super::blend)). Scores are weighted sums,
//! which fit the many candidates and not the few likeliest. The pool of adjacent violators (Ayer et al. 1955) gives the rising
//! steps that are nearest to what was observed (Zadrozny and Elkan, KDD 2002). Between the middles of two steps log-odds run
//! straight, and beyond the outermost they are moved alike: of two predictions the greater one stays the greater.

/// Choices that a step of the regression has at least: a rate of so many is known to a sixth of itself.
const STEP_CHOICES_MIN: f64 = 40.0;
/// Least and greatest share of a step: at 0 and 1 log-odds have no end.
const SHARE_MIN: f64 = 1e-9;
const SHARE_MAX: f64 = 1.0 - 1e-6;

/// What a candidate was given, and what it had: shares of one choice, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    pub predicted: f32,
    pub observed: f32,
}

/// A rising map of predicted shares. Without steps it leaves them as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calibration {
    /// Both parts ascend strictly, above 0 and below 1.
    steps: Vec<Outcome>,
    /// Log-odds of each step's prediction, and what is to be added to them.
    moves: Vec<(f64, f64)>,
}

impl Calibration {
    /// Learns from what was observed. Of fewer than 80 choices nothing is learnt.
    pub fn fit(mut outcomes: Vec<Outcome>) -> Self {
        outcomes.sort_unstable_by(|a, b| {
            let predicted = a.predicted.total_cmp(&b.predicted);
            predicted.then(a.observed.total_cmp(&b.observed))
        });
        let pools = pools(&outcomes);
        if pools.len() < 2 {
            return Self::default();
        }
        let mut steps: Vec<Outcome> = Vec::new();
        for pool in rising(pools) {
            let step = pool.mean();
            let rises =
                |last: &Outcome| last.predicted < step.predicted && last.observed < step.observed;
            // Two may be one number once they are rounded.
            if steps.last().is_none_or(rises) {
                steps.push(step);
            }
        }
        Self::new(steps)
    }

    fn new(steps: Vec<Outcome>) -> Self {
        let moves = steps.iter().map(|step| {
            let from = odds(f64::from(step.predicted)).ln();
            (from, odds(f64::from(step.observed)).ln() - from)
        });
        Self {
            moves: moves.collect(),
            steps,
        }
    }

    /// A map of these steps.
    ///
    /// # Errors
    /// A step is not above 0 and below 1, or does not rise; its place is told.
    pub fn from_steps(steps: Vec<Outcome>) -> Result<Self, String> {
        let inside = |share: f32| share > 0.0 && share < 1.0;
        for (place, step) in steps.iter().enumerate() {
            if !inside(step.predicted) || !inside(step.observed) {
                return Err(format!(
                    "calibration: step {place} is not above 0 and below 1"
                ));
            }
        }
        let falls = |pair: &[Outcome]| {
            pair[0].predicted >= pair[1].predicted || pair[0].observed >= pair[1].observed
        };
        if let Some(place) = steps.windows(2).position(falls) {
            return Err(format!("calibration: step {} does not rise", place + 1));
        }
        Ok(Self::new(steps))
    }

    /// Its steps, ascending.
    pub fn steps(&self) -> &[Outcome] {
        &self.steps
    }

    /// What to expect where this is predicted, 0 to 1.
    pub fn of(&self, predicted: f64) -> f64 {
        let (Some((_, first)), Some((_, last))) = (self.moves.first(), self.moves.last()) else {
            return predicted;
        };
        if predicted <= 0.0 || predicted >= 1.0 {
            return predicted;
        }
        let log_odds = odds(predicted).ln();
        let place = self.moves.partition_point(|(from, _)| *from <= log_odds);
        let shift = match place {
            0 => *first,
            end if end == self.moves.len() => *last,
            place => {
                let ((from, below), (to, above)) = (self.moves[place - 1], self.moves[place]);
                below + (log_odds - from) / (to - from) * (above - below)
            }
        };
        let odds = odds(predicted) * shift.exp();
        odds / (1.0 + odds)
    }
}

fn odds(share: f64) -> f64 {
    share / (1.0 - share)
}

/// Shares of one choice that scores predict.
pub fn shares(scores: &[f32]) -> impl Iterator<Item = f64> {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let exponent = move |score: &f32| f64::from(score - most).exp();
    let sum: f64 = scores.iter().map(exponent).sum();
    scores.iter().map(move |score| exponent(score) / sum)
}

/// Neighbouring outcomes, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Pool {
    outcomes: f64,
    predicted: f64,
    observed: f64,
}

impl Pool {
    fn with(self, other: Self) -> Self {
        Self {
            outcomes: self.outcomes + other.outcomes,
            predicted: self.predicted + other.predicted,
            observed: self.observed + other.observed,
        }
    }

    fn mean(&self) -> Outcome {
        let mean = |sum: f64| (sum / self.outcomes).clamp(SHARE_MIN, SHARE_MAX) as f32;
        Outcome {
            predicted: mean(self.predicted),
            observed: mean(self.observed),
        }
    }
}

/// Ascending outcomes in pools of at least [`STEP_CHOICES_MIN`] choices; equal predictions are in one.
fn pools(outcomes: &[Outcome]) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    let mut open = Pool::default();
    for equal in outcomes.chunk_by(|a, b| a.predicted == b.predicted) {
        for outcome in equal {
            open.outcomes += 1.0;
            open.predicted += f64::from(outcome.predicted);
            open.observed += f64::from(outcome.observed);
        }
        if open.observed >= STEP_CHOICES_MIN {
            pools.push(std::mem::take(&mut open));
        }
    }
    if let Some(last) = pools.last_mut() {
        *last = last.with(open);
    }
    pools
}

/// Joins each pool with the one before it until what is observed rises.
fn rising(pools: Vec<Pool>) -> Vec<Pool> {
    let mut rising: Vec<Pool> = Vec::new();
    for mut pool in pools {
        while let Some(before) = rising
            .pop_if(|before| before.observed * pool.outcomes >= pool.observed * before.outcomes)
        {
            pool = before.with(pool);
        }
        rising.push(pool);
    }
    rising
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::recommend::factors::seeded::even;

    /// Predictions of 0 to 1, of which `truth` is observed.
    fn drawn(count: u64, truth: impl Fn(f64) -> f64) -> Vec<Outcome> {
        let outcomes = (0..count).map(|place| {
            let predicted = f64::from((even(1, place) + 1.0) / 2.0).powi(3);
            let is_chosen = f64::from((even(2, place) + 1.0) / 2.0) < truth(predicted);
            Outcome {
                predicted: predicted as f32,
                observed: f32::from(u8::from(is_chosen)),
            }
        });
        outcomes.collect()
    }

    #[test]
    fn what_is_chosen_of_claims_is_found_whatever_its_shape() {
        let truths: [fn(f64) -> f64; 3] = [
            |predicted| predicted,
            |predicted| predicted / 2.0,
            |predicted| {
                if predicted < 0.3 {
                    predicted
                } else {
                    0.3 + (predicted - 0.3) / 4.0
                }
            },
        ];
        for truth in truths {
            let found = Calibration::fit(drawn(200_000, truth));
            for predicted in [0.01, 0.1, 0.25, 0.5, 0.8, 0.95] {
                let (observed, wanted) = (found.of(predicted), truth(predicted));
                assert!(
                    (observed - wanted).abs() < 0.02 + 0.05 * wanted,
                    "{predicted}: {observed}, want {wanted}"
                );
            }
        }
    }

    #[test]
    fn few_choices_change_nothing() {
        let few = Calibration::fit(drawn(150, |predicted| predicted / 2.0));
        assert!(few.steps().is_empty());
        assert_eq!([few.of(0.0), few.of(0.4), few.of(1.0)], [0.0, 0.4, 1.0]);
        assert!(Calibration::fit(Vec::new()).steps().is_empty());
    }

    #[test]
    fn steps_that_do_not_rise_or_leave_the_range_are_refused() {
        let steps = |shares: &[(f32, f32)]| {
            let steps = shares.iter().map(|(predicted, observed)| Outcome {
                predicted: *predicted,
                observed: *observed,
            });
            Calibration::from_steps(steps.collect())
        };
        assert!(steps(&[(0.1, 0.2), (0.2, 0.3)]).is_ok() && steps(&[]).is_ok());
        for wrong in [
            (0.1, 0.4),
            (0.3, 0.2),
            (1.0, 0.9),
            (0.5, f32::NAN),
            (0.5, 1.0),
        ] {
            assert!(steps(&[(0.1, 0.2), wrong]).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn of_two_predictions_the_greater_one_stays_the_greater(
            seed in 0..50u64,
            power in 0.3f64..3.0,
            pairs in prop::collection::vec((1e-4f64..0.9999, 1e-4f64..0.9999), 1..50),
        ) {
            let outcomes = drawn(5_000 + 50 * seed, |predicted| predicted.powf(power) * 0.9);
            let found = Calibration::fit(outcomes);
            prop_assert!(!found.steps().is_empty());
            prop_assert_eq!(&Calibration::from_steps(found.steps().to_vec()).unwrap(), &found);
            for (one, other) in pairs {
                let (less, more) = (one.min(other), one.max(other));
                if more - less > 1e-9 {
                    prop_assert!(found.of(less) < found.of(more), "{} {}", less, more);
                }
            }
        }
    }
}
