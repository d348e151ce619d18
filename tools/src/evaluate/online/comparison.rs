//! One figure of two arms.
//!
//! A figure is a ratio of sums over users, whose variance is the delta method's (Deng, Knoblich and Lu, "Applying the
//! delta method in metric analytics", KDD 2018). What the same users did before the experiment takes out what they would
//! have done anyway: CUPED (Deng, Xu, Kohavi and Walker, WSDM 2013). Two intervals are given of the difference: one that
//! holds when it is looked at once, at the end; and one that holds however often it is looked at, an asymptotic confidence
//! sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
//! sequences", Annals of Statistics 52(6), 2024).

use serde::Serialize;

use super::{tails::normal_two_sided, totals::Total};

/// Half a 95 % interval, in standard errors.
const Z_95: f64 = 1.959_963_984_540_054;
/// One minus the confidence of intervals.
const ALPHA: f64 = 0.05;

/// A user's figure, and the same before the experiment.
pub type Observed = (Total, Total);

/// Treatment − control.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    pub control: f64,
    pub treatment: f64,
    /// Adjusted by what came before.
    pub difference: f64,
    pub standard_error: f64,
    /// 95 %, for one look.
    pub low: f64,
    pub high: f64,
    /// Two-sided, for one look.
    pub p: f64,
    /// 95 %, for any number of looks.
    pub always_low: f64,
    pub always_high: f64,
    pub always_p: f64,
    /// Share of the variance that the time before took out, 0 to 1.
    pub variance_removed: f64,
}

/// What an arm's users add up to.
struct Arm {
    ratio: f64,
    users: f64,
    /// How each user moves the ratio, times the users.
    moves: Vec<f64>,
    /// What is known of each user from before.
    before: Vec<f64>,
}

/// Compares two arms; none when one has fewer than two users or no chance. `planned`: users of both arms at which the
/// interval for any number of looks is to be narrowest.
pub fn compare(control: &[Observed], treatment: &[Observed], planned: usize) -> Option<Difference> {
    let before = ratio(control.iter().chain(treatment).map(|its| its.1));
    let control = Arm::of(control, before)?;
    let treatment = Arm::of(treatment, before)?;
    let slope = slope(&control, &treatment);
    let lead = mean(&treatment.before) - mean(&control.before);
    let difference = treatment.ratio - control.ratio - slope * lead;
    let variance = control.variance(slope) + treatment.variance(slope);
    let plain = control.variance(0.0) + treatment.variance(0.0);
    let error = variance.sqrt();
    let always = Sequence::planned_for(planned as f64, control.users + treatment.users);
    let half = Z_95 * error;
    let always_half = always.half_width() * error;
    let z = if error > 0.0 { difference / error } else { 0.0 };
    Some(Difference {
        control: control.ratio,
        treatment: treatment.ratio,
        difference,
        standard_error: error,
        low: difference - half,
        high: difference + half,
        p: normal_two_sided(z),
        always_low: difference - always_half,
        always_high: difference + always_half,
        always_p: always.p(z),
        variance_removed: if plain > 0.0 {
            (1.0 - variance / plain).max(0.0)
        } else {
            0.0
        },
    })
}

impl Arm {
    fn of(users: &[Observed], ratio_before: f64) -> Option<Self> {
        let ratio = ratio(users.iter().map(|its| its.0));
        let chances = mean(&users.iter().map(|its| its.0.chances).collect::<Vec<_>>());
        if users.len() < 2 || chances <= 0.0 {
            return None;
        }
        let moves = |its: &Observed| (its.0.successes - ratio * its.0.chances) / chances;
        let before = |its: &Observed| its.1.successes - ratio_before * its.1.chances;
        Some(Self {
            ratio,
            users: users.len() as f64,
            moves: users.iter().map(moves).collect(),
            before: users.iter().map(before).collect(),
        })
    }

    /// Of the ratio, with a multiple of what came before taken out.
    fn variance(&self, slope: f64) -> f64 {
        let left: Vec<f64> = self
            .moves
            .iter()
            .zip(&self.before)
            .map(|(moves, before)| moves - slope * before)
            .collect();
        let mean = mean(&left);
        let squares: f64 = left.iter().map(|its| (its - mean) * (its - mean)).sum();
        squares / (self.users - 1.0) / self.users
    }

    /// Sums of products around the arm's means: of moves and before, and of before alone.
    fn products(&self) -> (f64, f64) {
        let mean = mean(&self.before);
        let pairs = self.moves.iter().zip(&self.before);
        pairs.fold((0.0, 0.0), |(both, alone), (moves, before)| {
            let from_mean = before - mean;
            (both + moves * from_mean, alone + from_mean * from_mean)
        })
    }
}

/// How much of what came before is taken out: the one slope of both arms with which least variance is left.
fn slope(control: &Arm, treatment: &Arm) -> f64 {
    let ((both, alone), (more_both, more_alone)) = (control.products(), treatment.products());
    match alone + more_alone {
        squares if squares > 0.0 => (both + more_both) / squares,
        _ => 0.0,
    }
}

fn ratio(totals: impl Iterator<Item = Total>) -> f64 {
    let (successes, chances) = totals.fold((0.0, 0.0), |(successes, chances), its| {
        (successes + its.successes, chances + its.chances)
    });
    if chances > 0.0 {
        successes / chances
    } else {
        0.0
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The normal-mixture confidence sequence at one time.
struct Sequence {
    /// Users so far × the square of the mixture's width.
    spread: f64,
}

impl Sequence {
    /// The sequence that is narrowest at `planned` users, after `users`.
    fn planned_for(planned: f64, users: f64) -> Self {
        let log = -2.0 * ALPHA.ln();
        let width = (log + log.ln() + 1.0) / planned.max(1.0);
        Self {
            spread: users * width,
        }
    }

    /// Half the interval, in standard errors.
    fn half_width(&self) -> f64 {
        let more = self.spread + 1.0;
        (2.0 * more / self.spread * (more.sqrt() / ALPHA).ln()).sqrt()
    }

    /// The smallest α whose interval leaves out 0, for a difference of `z` standard errors; at most 1.
    fn p(&self, z: f64) -> f64 {
        let more = self.spread + 1.0;
        (more.sqrt() * (-z * z * self.spread / (2.0 * more)).exp()).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

    use super::*;

    /// A user of some habit, who has chances before and since, and comes to something as often as the habit says.
    fn user(random: &mut StdRng, lift: f64) -> Observed {
        let habit: f64 = random.random_range(0.0..0.4);
        let mut total = |rate: f64| {
            let chances = random.random_range(1..20);
            let successes = (0..chances)
                .filter(|_| random.random::<f64>() < rate)
                .count();
            Total {
                successes: successes as f64,
                chances: f64::from(chances),
            }
        };
        let before = total(habit);
        (total(habit + lift), before)
    }

    fn users(random: &mut StdRng, count: usize, lift: f64) -> Vec<Observed> {
        (0..count).map(|_| user(random, lift)).collect()
    }

    #[test]
    fn an_effect_is_found_its_interval_holds_it_and_the_time_before_takes_out_variance() {
        let mut random = StdRng::seed_from_u64(1);
        let (mut held, mut always_held) = (0, 0);
        let mut removed = 0.0;
        for _ in 0..400 {
            let control = users(&mut random, 200, 0.0);
            let treatment = users(&mut random, 200, 0.05);
            let found = compare(&control, &treatment, 400).unwrap();
            held += usize::from(found.low <= 0.05 && 0.05 <= found.high);
            always_held += usize::from(found.always_low <= 0.05 && 0.05 <= found.always_high);
            removed += found.variance_removed / 400.0;
        }
        assert!((370..=391).contains(&held), "{held} of 400");
        assert!(always_held > 391, "{always_held} of 400");
        assert!(removed > 0.1, "{removed}");
    }

    #[test]
    fn looking_often_rejects_too_often_but_not_by_the_interval_for_any_number_of_looks() {
        let mut random = StdRng::seed_from_u64(2);
        let (mut once, mut always) = (0, 0);
        for _ in 0..200 {
            let control = users(&mut random, 1_000, 0.0);
            let treatment = users(&mut random, 1_000, 0.0);
            let looks: Vec<Difference> = (1..=20)
                .filter_map(|look| compare(&control[..look * 50], &treatment[..look * 50], 1_000))
                .collect();
            once += usize::from(looks.iter().any(|look| look.p < ALPHA));
            always += usize::from(looks.iter().any(|look| look.always_p < ALPHA));
        }
        assert!(once > 30, "{once} of 200");
        assert!(always <= 12, "{always} of 200");
    }

    #[test]
    fn the_interval_and_the_p_of_a_sequence_agree() {
        let sequence = Sequence::planned_for(1_000.0, 700.0);
        assert!((sequence.p(sequence.half_width()) - ALPHA).abs() < 1e-12);
        assert!(sequence.half_width() > Z_95);
        assert_eq!(sequence.p(0.0), 1.0);
        // Narrowest in standard errors × users where it was planned to be.
        let at = |users: f64| Sequence::planned_for(1_000.0, users).half_width();
        assert!(at(10.0) > at(1_000.0), "{} {}", at(10.0), at(1_000.0));
    }

    #[test]
    fn arms_without_users_or_chances_are_not_compared() {
        let nothing = (Total::default(), Total::default());
        let some = (
            Total {
                successes: 1.0,
                chances: 2.0,
            },
            Total::default(),
        );
        assert_eq!(compare(&[nothing; 5], &[some; 5], 10), None);
        assert_eq!(compare(&[some; 1], &[some; 5], 10), None);
        let same = compare(&[some; 5], &[some; 5], 10).unwrap();
        assert_eq!(
            (same.difference, same.p, same.variance_removed),
            (0.0, 1.0, 0.0)
        );
    }
}
