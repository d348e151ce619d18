//! A/A: the same users dealt to two arms at random, many times. Whoever rejects more often than one time in twenty has
//! intervals that are too narrow.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use rayon::prelude::*;
use serde::Serialize;

use super::{
    comparison::{Observed, compare},
    definitions::METRICS,
    totals::User,
};

/// What is taken for a difference.
const ALPHA: f64 = 0.05;

/// How often a figure differed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SplitResult {
    pub metric: &'static str,
    /// Splits in which both arms had a chance.
    pub splits: usize,
    /// Share of them with p below 0.05, for one look.
    pub rejected: f64,
    /// The same for any number of looks.
    pub always_rejected: f64,
}

/// Deals the users to two arms `splits` times, whatever arm they are in; the same in every run.
pub fn measure(users: &[User], splits: u64) -> Vec<SplitResult> {
    let count = |place: usize| {
        let observed: Vec<Observed> = users
            .iter()
            .map(|user| (user.totals[place], user.before[place]))
            .collect();
        let of_split = |seed: u64| {
            let mut random = StdRng::seed_from_u64(seed);
            let (one, other): (Vec<Observed>, Vec<Observed>) =
                observed.iter().partition(|_| random.random::<bool>());
            compare(&one, &other, users.len())
        };
        let found: Vec<_> = (0..splits).into_par_iter().filter_map(of_split).collect();
        let share = |p: &dyn Fn(usize) -> f64| {
            (0..found.len()).filter(|at| p(*at) < ALPHA).count() as f64 / found.len().max(1) as f64
        };
        SplitResult {
            metric: METRICS[place].name,
            splits: found.len(),
            rejected: share(&|at| found[at].p),
            always_rejected: share(&|at| found[at].always_p),
        }
    };
    (0..METRICS.len()).map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::online::{simulated_events, totals};

    #[test]
    fn one_split_in_twenty_rejects() {
        let events = simulated_events::events(2_000, 0.0, 5);
        let users = totals::by_user(&events, Some(simulated_events::START));
        for result in measure(&users.users, 1_000) {
            assert_eq!(result.splits, 1_000);
            assert!((result.rejected - 0.05).abs() <= 0.015, "{result:?}");
            assert!(result.always_rejected <= 0.02, "{result:?}");
        }
    }
}
