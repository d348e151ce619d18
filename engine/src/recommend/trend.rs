//! What sells these days: counts by day, of which older ones weigh less.

use super::History;
use crate::base::clock::DAY_SECONDS;

/// Days after which a sale weighs half.
pub const HALF_LIFE_DAYS: f32 = 1.0;
/// Half-lives after which a day is forgotten.
const FORGOTTEN_AFTER: f32 = 12.0;

/// Strengths by item and day, days ascending.
#[derive(Debug, Clone, Default)]
pub struct DailySales {
    items: usize,
    days: Vec<(i64, Vec<(u32, f32)>)>,
}

impl DailySales {
    /// Of all histories.
    pub fn of(histories: &[History], items: usize) -> Self {
        let mut visits: Vec<_> = histories.iter().flatten().collect();
        visits.sort_by_key(|visit| visit.seconds.div_euclid(DAY_SECONDS));
        let mut days: Vec<(i64, Vec<(u32, f32)>)> = Vec::new();
        for visit in visits {
            let day = visit.seconds.div_euclid(DAY_SECONDS);
            let taken = visit.taken.iter().map(|taken| (taken.item, taken.strength));
            match days.last_mut() {
                Some((last, sales)) if *last == day => sales.extend(taken),
                _ => days.push((day, taken.collect())),
            }
        }
        Self { items, days }
    }

    /// Decayed strengths by item of the days before the one of `seconds`, as shares of the greatest. The day itself is
    /// left out: it is not over.
    pub fn before(&self, seconds: i64) -> Vec<f32> {
        let today = seconds.div_euclid(DAY_SECONDS);
        let mut weights = vec![0.0; self.items];
        let end = self.days.partition_point(|(day, _)| *day < today);
        for (day, sales) in self.days[..end].iter().rev() {
            let half_lives = (today - 1 - day) as f32 / HALF_LIFE_DAYS;
            if half_lives > FORGOTTEN_AFTER {
                break;
            }
            let weight = (-half_lives).exp2();
            for (item, strength) in sales {
                weights[*item as usize] += weight * strength;
            }
        }
        let most = weights.iter().copied().fold(0.0, f32::max);
        if most > 0.0 {
            weights.iter_mut().for_each(|weight| *weight /= most);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::{Taken, Visit};

    #[test]
    fn yesterday_weighs_more_and_today_nothing() {
        let sale = |day: i64, item| Visit {
            seconds: day * DAY_SECONDS + 3_600,
            taken: vec![Taken {
                item,
                strength: 1.0,
            }],
        };
        let histories = vec![vec![sale(3, 0), sale(4, 1)], vec![sale(4, 1), sale(5, 2)]];
        let sales = DailySales::of(&histories, 3);
        assert_eq!(sales.before(5 * DAY_SECONDS), [0.25, 1.0, 0.0]);
        assert_eq!(sales.before(3 * DAY_SECONDS), [0.0, 0.0, 0.0]);
        assert_eq!(sales.before(99 * DAY_SECONDS), [0.0, 0.0, 0.0]);
    }
}
