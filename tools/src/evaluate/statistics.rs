//! What a difference between two runs is worth. Pure, and the same in every run: the drawing is seeded.
//!
//! Smucker, Allan and Carterette, "A comparison of statistical significance tests for information retrieval evaluation",
//! CIKM 2007: the paired permutation (randomisation) test and the bootstrap over queries; Holm, "A simple sequentially
//! rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979, for several measures at once; Wilson, "Probable inference, the law
//! of succession, and statistical inference", JASA 22, 1927, for shares.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// Draws of a test and of an interval.
const DRAWS: usize = 10_000;
/// Any number; the same in every run.
const SEED: u64 = 20_261_123;
/// The normal distribution's 97.5th percentile.
const NORMAL_975: f64 = 1.959_963_984_540_054;
/// Differences this small are rounding.
const TIE: f64 = 1e-12;

/// The mean of paired differences, with its 95 % interval and the probability of one as large if there were none.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Effect {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    /// Two-sided.
    pub p: f64,
}

/// The effect that paired differences show; none of no pair.
pub fn effect(differences: &[f64]) -> Option<Effect> {
    if differences.is_empty() {
        return None;
    }
    let (low, high) = bootstrap_interval(differences);
    Some(Effect {
        mean: mean(differences),
        low,
        high,
        p: permutation_p(differences),
    })
}

/// Two-sided p of a paired permutation test: how often the mean is as far from zero when each pair's sides are swapped
/// at random. The observed assignment counts as one draw, so that p is never 0 (Phipson and Smyth 2010).
pub fn permutation_p(differences: &[f64]) -> f64 {
    // Pairs without a difference are the same either way.
    let moving: Vec<f64> = differences
        .iter()
        .copied()
        .filter(|d| d.abs() > TIE)
        .collect();
    let observed = moving.iter().sum::<f64>().abs();
    let mut random = StdRng::seed_from_u64(SEED);
    let mut as_far = 1;
    for _ in 0..DRAWS {
        let sum: f64 = moving
            .chunks(64)
            .map(|pairs| {
                let signs: u64 = random.random();
                let signed = pairs.iter().enumerate();
                signed
                    .map(|(bit, d)| if signs >> bit & 1 == 1 { *d } else { -d })
                    .sum::<f64>()
            })
            .sum();
        as_far += usize::from(sum.abs() >= observed - TIE);
    }
    as_far as f64 / (DRAWS + 1) as f64
}

/// The 95 % percentile interval of the mean, over queries drawn with replacement (Efron 1979).
pub fn bootstrap_interval(differences: &[f64]) -> (f64, f64) {
    let of_one = |difference: &f64| (*difference, 1.0);
    ratio_interval(&differences.iter().map(of_one).collect::<Vec<_>>())
}

/// The same of a ratio of two sums, each case with what it adds above and below the line (F1 of words over sentences).
/// (0, 0) of no case.
pub fn ratio_interval(cases: &[(f64, f64)]) -> (f64, f64) {
    if cases.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = StdRng::seed_from_u64(SEED);
    let mut ratios: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let (mut above, mut below) = (0.0, 0.0);
            for _ in cases {
                let (over, under) = cases[random.random_range(0..cases.len())];
                above += over;
                below += under;
            }
            if below == 0.0 { 0.0 } else { above / below }
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |share: f64| ratios[(share * (DRAWS - 1) as f64).round() as usize];
    (at(0.025), at(0.975))
}

/// A share of cases, with its 95 % interval (Wilson 1927).
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Share {
    pub hits: usize,
    pub of: usize,
    /// 0 to 1; 0 of no case.
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

impl Share {
    /// `hits` of `of` cases.
    pub fn new(hits: usize, of: usize) -> Self {
        if of == 0 {
            return Self {
                high: 1.0,
                ..Self::default()
            };
        }
        let (n, share) = (of as f64, hits as f64 / of as f64);
        let z2 = NORMAL_975 * NORMAL_975;
        let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let spread = (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        let half = NORMAL_975 * spread / (1.0 + z2 / n);
        Self {
            hits,
            of,
            share,
            low: (middle - half).max(0.0),
            high: (middle + half).min(1.0),
        }
    }

    /// How many of the cases are so.
    pub fn count<T>(cases: &[T], is_so: impl Fn(&T) -> bool) -> Self {
        Self::new(cases.iter().filter(|case| is_so(case)).count(), cases.len())
    }
}

/// p-values of several tests, adjusted so that all of them together err as often as one: Holm's step-down.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (mut adjusted, mut highest) = (vec![0.0; values.len()], 0.0f64);
    for (rank, place) in order.into_iter().enumerate() {
        let scaled = values[place] * (values.len() - rank) as f64;
        highest = highest.max(scaled.min(1.0));
        adjusted[place] = highest;
    }
    adjusted
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize, seed: u64, shift: f64) -> Vec<f64> {
        let mut random = StdRng::seed_from_u64(seed);
        let mut draw = || random.random::<f64>() - 0.5 + shift;
        (0..count).map(|_| draw()).collect()
    }

    #[test]
    fn a_clear_difference_is_told_from_none() {
        let clear = effect(&noise(200, 1, 0.2)).unwrap();
        assert!(clear.p < 0.001 && clear.low > 0.0, "{clear:?}");
        let none = effect(&noise(200, 2, 0.0)).unwrap();
        assert!(
            none.p > 0.05 && none.low < 0.0 && none.high > 0.0,
            "{none:?}"
        );
        let same = effect(&[0.0; 50]).unwrap();
        assert_eq!(
            (same.mean, same.low, same.high, same.p),
            (0.0, 0.0, 0.0, 1.0)
        );
        assert_eq!(effect(&[]), None);
    }

    #[test]
    fn of_two_pairs_all_swaps_are_known() {
        // Sums of ±1 ±2: 3, 1, -1, -3. Two of four are as far as 3.
        let p = permutation_p(&[1.0, 2.0]);
        assert!((p - 0.5).abs() < 0.02, "{p}");
    }

    #[test]
    fn without_a_difference_five_in_a_hundred_tests_reject() {
        let rejected = (0..400)
            .filter(|seed| permutation_p(&noise(60, *seed, 0.0)) < 0.05)
            .count();
        assert!((8..=34).contains(&rejected), "{rejected} of 400");
    }

    #[test]
    fn the_interval_holds_the_truth_about_nineteen_times_in_twenty() {
        let held = (0..300)
            .filter(|seed| {
                let (low, high) = bootstrap_interval(&noise(80, 1_000 + seed, 0.1));
                low <= 0.1 && 0.1 <= high
            })
            .count();
        assert!((270..=297).contains(&held), "{held} of 300");
    }

    #[test]
    fn a_share_has_wilsons_interval() {
        // Of R: binom::binom.confint(10, 100, methods = "wilson").
        let share = Share::new(10, 100);
        assert!((share.low - 0.055_229_14).abs() < 1e-7, "{share:?}");
        assert!((share.high - 0.174_365_66).abs() < 1e-7, "{share:?}");
        let none = Share::new(0, 50);
        assert!(none.low < 1e-12 && none.high > 0.05, "{none:?}");
        assert_eq!((Share::new(0, 0).low, Share::new(0, 0).high), (0.0, 1.0));
    }

    #[test]
    fn a_ratios_interval_is_that_of_the_sums() {
        // Long cases count for more than short ones: 90 of 100 and 0 of 1.
        let cases: Vec<(f64, f64)> = [(90.0, 100.0), (0.0, 1.0)].repeat(50);
        let (low, high) = ratio_interval(&cases);
        assert!(low > 0.88 && high < 0.9, "{low} {high}");
        assert_eq!(ratio_interval(&[]), (0.0, 0.0));
    }

    #[test]
    fn holm_steps_down() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expected = [0.03, 0.06, 0.06, 0.02];
        for (got, want) in adjusted.iter().zip(expected) {
            assert!((got - want).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
    }
}
