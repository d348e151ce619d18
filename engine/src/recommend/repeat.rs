//! Who buys what again, and when: shoppers fill their baskets from what they bought before.
//!
//! Frequency with recency is the personal half of TIFU-KNN (Hu et al., SIGIR 2020); that some goods are bought again and
//! others are not, and in which rhythm, follows Bhagat et al., "Buy It Again" (KDD 2018).

use rustc_hash::FxHashMap;

use super::{History, ItemIndex, Visit};
use crate::base::clock::DAY_SECONDS;

/// What of a visit is left a visit later.
const RECENCY: f32 = 0.8;
/// Chances that the mean of all items counts for in an item's rate.
const RATE_PRIOR: f32 = 10.0;
/// Purchases after which more of them do not make the next more likely.
const PURCHASES_MAX: f32 = 3.0;
/// Gaps that the mean of all items counts for in an item's interval.
const INTERVAL_PRIOR: f32 = 5.0;
/// Days between purchases of a log in which nothing was bought twice.
const INTERVAL_DAYS: f32 = 30.0;

/// How each item is bought again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepeatHabits {
    /// Repeats a purchase that was not the shopper's last visit.
    pub rates: Vec<f32>,
    /// Mean days between two purchases of a shopper.
    pub interval_days: Vec<f32>,
}

/// What speaks for buying an item again.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Again {
    /// Share of the shopper's visits that had it, 0 to 1.
    pub frequency: f32,
    /// Visits that had it, each visit since weighing four fifths of the one after; below 5.
    pub recency: f32,
    /// The item's rate for as often as the shopper bought it.
    pub rate: f32,
    /// 1 when the interval is just over, less before and after; 0 without times.
    pub due: f32,
}

/// What a shopper bought of one item.
#[derive(Default)]
struct Bought {
    visits: f32,
    recency: f32,
    first: i64,
    last: i64,
}

impl RepeatHabits {
    /// Learns from all histories.
    pub fn learn(histories: &[History], items: usize) -> Self {
        let (mut repeats, mut chances) = (vec![0.0f32; items], vec![0.0f32; items]);
        let (mut days, mut gaps) = (vec![0.0f32; items], vec![0.0f32; items]);
        for history in histories {
            let mut last: FxHashMap<ItemIndex, i64> = FxHashMap::default();
            for (number, visit) in history.iter().enumerate() {
                for taken in &visit.taken {
                    let item = taken.item as usize;
                    if let Some(before) = last.insert(taken.item, visit.seconds) {
                        repeats[item] += 1.0;
                        if visit.seconds > before {
                            days[item] += (visit.seconds - before) as f32 / DAY_SECONDS as f32;
                            gaps[item] += 1.0;
                        }
                    }
                    if number + 1 < history.len() {
                        chances[item] += 1.0;
                    }
                }
            }
        }
        let rate = ratio(&repeats, &chances, 0.0);
        let interval = ratio(&days, &gaps, INTERVAL_DAYS);
        let shrunk = |sums: &[f32], counts: &[f32], mean: f32, prior: f32| {
            let pairs = sums.iter().zip(counts);
            pairs
                .map(|(sum, count)| (sum + prior * mean) / (count + prior))
                .collect()
        };
        Self {
            rates: shrunk(&repeats, &chances, rate, RATE_PRIOR),
            interval_days: shrunk(&days, &gaps, interval, INTERVAL_PRIOR),
        }
    }

    /// What speaks for each item that the shopper bought before; `now` in seconds, when it is known.
    pub fn again(&self, history: &[Visit], now: Option<i64>) -> FxHashMap<ItemIndex, Again> {
        let mut bought: FxHashMap<ItemIndex, Bought> = FxHashMap::default();
        let mut fading = 1.0;
        for visit in history.iter().rev() {
            for taken in &visit.taken {
                let bought = bought.entry(taken.item).or_default();
                if bought.visits == 0.0 {
                    bought.last = visit.seconds;
                }
                bought.visits += 1.0;
                bought.recency += fading;
                bought.first = visit.seconds;
            }
            fading *= RECENCY;
        }
        let visits = history.len() as f32;
        let again = bought.into_iter().map(|(item, bought)| {
            let again = Again {
                frequency: bought.visits / visits,
                recency: bought.recency,
                rate: self.rates[item as usize] * bought.visits.min(PURCHASES_MAX),
                due: now.map_or(0.0, |now| self.due(item, &bought, now)),
            };
            (item, again)
        });
        again.collect()
    }

    /// How near the time since the last purchase is to the interval, the shopper's own joined with the item's.
    fn due(&self, item: ItemIndex, bought: &Bought, now: i64) -> f32 {
        let days = |seconds: i64| seconds as f32 / DAY_SECONDS as f32;
        let own = days(bought.last - bought.first);
        let interval = (own + self.interval_days[item as usize]) / bought.visits;
        let since = days(now - bought.last);
        if interval <= 0.0 || since <= 0.0 {
            return 0.0;
        }
        (-(since / interval).ln().powi(2)).exp()
    }
}

fn ratio(sums: &[f32], counts: &[f32], otherwise: f32) -> f32 {
    let count: f32 = counts.iter().sum();
    if count > 0.0 {
        sums.iter().sum::<f32>() / count
    } else {
        otherwise
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::Taken;

    fn visit(day: i64, items: &[ItemIndex]) -> Visit {
        Visit {
            seconds: day * DAY_SECONDS,
            taken: items
                .iter()
                .map(|&item| Taken {
                    item,
                    strength: 1.0,
                })
                .collect(),
        }
    }

    #[test]
    fn milk_is_bought_again_and_a_fridge_is_not() {
        let weekly: History = (0..10)
            .map(|week| {
                if week == 0 {
                    visit(0, &[0, 1])
                } else {
                    visit(7 * week, &[0])
                }
            })
            .collect();
        let habits = RepeatHabits::learn(&vec![weekly.clone(); 20], 3);
        assert!(
            habits.rates[0] > 0.9 && habits.rates[1] < 0.35,
            "{habits:?}"
        );
        assert!((habits.interval_days[0] - 7.0).abs() < 0.01);

        let again = habits.again(&weekly, Some(70 * DAY_SECONDS));
        let (milk, fridge) = (again[&0], again[&1]);
        assert_eq!((milk.frequency, fridge.frequency), (1.0, 0.1));
        assert!(milk.recency > 4.0 && fridge.recency < 0.2);
        assert!((milk.due - 1.0).abs() < 1e-3, "{}", milk.due);
        assert!(milk.rate > 5.0 * fridge.rate);
        assert!(!again.contains_key(&2));
        let early = habits.again(&weekly, Some(64 * DAY_SECONDS))[&0].due;
        assert!(early < 0.1, "{early}");
        assert_eq!(habits.again(&weekly, None)[&0].due, 0.0);
    }
}
