//! Items that shoppers chose after a query: the latest choices of each query, read when asked, so that one that comes late or is
//! erased corrects what was made of it.

use std::sync::Arc;

use sampan_analyzers::memory::{ARC_BYTES, vec_bytes};
use sampan_proto::v1::EventKind;

use super::{
    BehaviourSnapshot, decay,
    latest::keep_latest,
    neighbours::keep_strongest,
    shopper::ShopperKey,
    state::{Touch, strength},
};
use crate::base::{Ordinal, limits::QUERY_CHOICES_MAX};

/// Items of a query at most.
const ITEMS_MAX: usize = 64;
/// Clicks of today that evidence is held against: after so many, a query's best item has half of its strength.
const PRIOR_CLICKS: f64 = 2.0;

/// Stands for a query in a region; two that share one of 2⁶⁴ keys would share what was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryKey(u64);

impl QueryKey {
    /// Of a query's text blind to script, width, case and spaces (`Analyzer::fold_key`, which no dictionary changes): 雪櫃 and 雪柜
    /// are one. None when nothing is left of it.
    pub fn of(region: &str, folded: &str) -> Option<Self> {
        if folded.is_empty() {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(region.as_bytes()).update(b"\0");
        let hash = *hasher.update(folded.as_bytes()).finalize().as_bytes();
        Some(Self(u64::from_le_bytes(std::array::from_fn(|at| hash[at]))))
    }
}

/// One thing that a shopper did with an item after a query. In order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    seconds: u32,
    ordinal: Ordinal,
    shopper: ShopperKey,
    kind: u8,
}

impl Choice {
    pub fn new(touch: Touch, shopper: ShopperKey) -> Self {
        Self {
            seconds: touch.seconds,
            ordinal: touch.ordinal,
            shopper,
            kind: touch.kind,
        }
    }

    /// What it says, as clicks of today.
    fn clicks(self, as_of: f64) -> f64 {
        let kind = EventKind::try_from(i32::from(self.kind)).unwrap_or_default();
        f64::from(strength(kind)) * decay::weight(self.seconds.into()) * as_of
    }
}

/// What was chosen after one query: the latest, each thing with an item once a shopper.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct QueryChoices(Vec<Choice>);

impl QueryChoices {
    pub fn note(&mut self, choice: Choice) {
        let key = |known: &Choice| (known.shopper, known.ordinal, known.kind);
        keep_latest(&mut self.0, choice, QUERY_CHOICES_MAX, key);
    }

    /// Takes back what was noted of an erased event; answers whether anything is left.
    pub fn forget(&mut self, choice: Choice) -> bool {
        self.0.retain(|known| *known != choice);
        !self.0.is_empty()
    }

    /// Seconds since 1970 of the last choice.
    pub fn last_seconds(&self) -> u32 {
        self.0.last().map_or(0, |choice| choice.seconds)
    }

    /// Clicks of today that each item is worth, of each shopper the strongest thing; in order of items, so that sums do not
    /// follow the order in which events came.
    fn worth(&self, own: &[ShopperKey], now: i64) -> Vec<(Ordinal, f64)> {
        let as_of = decay::as_of(now);
        let others = self.0.iter().filter(|known| !own.contains(&known.shopper));
        let mut clicks: Vec<_> = others
            .map(|choice| (choice.ordinal, choice.shopper, choice.clicks(as_of)))
            .collect();
        clicks.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
        clicks.dedup_by_key(|(ordinal, shopper, _)| (*ordinal, *shopper));
        let items = clicks.chunk_by(|a, b| a.0 == b.0);
        items
            .map(|of_item| {
                (
                    of_item[0].0,
                    of_item.iter().map(|(.., clicks)| clicks).sum(),
                )
            })
            .collect()
    }
}

impl BehaviourSnapshot {
    /// Items that others chose after a query, strongest first, 0 to 1: as shares of the item that was chosen most, less where
    /// few chose anything. `own`: keys of the shopper who asks (see [`super::keys`]), whose own choices say nothing new;
    /// `now`: seconds since 1970.
    pub fn chosen_after(&self, query: QueryKey, own: &[String], now: i64) -> Vec<(Ordinal, f32)> {
        let Some(choices) = self.choices.get(&query) else {
            return Vec::new();
        };
        let own: Vec<ShopperKey> = own.iter().map(|key| ShopperKey::of(key)).collect();
        let worth = choices.worth(&own, now);
        let all: f64 = worth.iter().map(|(_, clicks)| clicks).sum();
        let most = worth.iter().map(|(_, clicks)| *clicks).fold(0.0, f64::max);
        let strength = |clicks: f64| (clicks / most * all / (all + PRIOR_CLICKS)) as f32;
        let strengths = worth.into_iter().filter(|(_, clicks)| *clicks > 0.0);
        let mut strengths: Vec<(Ordinal, f32)> = strengths
            .map(|(ordinal, clicks)| (ordinal, strength(clicks)))
            .collect();
        keep_strongest(&mut strengths, ITEMS_MAX);
        strengths
    }

    /// Bytes of what was chosen after queries.
    pub(super) fn choices_bytes(&self) -> u64 {
        let choices = |choices: &Arc<QueryChoices>| {
            ARC_BYTES + size_of::<QueryChoices>() as u64 + vec_bytes(&choices.0)
        };
        self.choices.heap_bytes(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;
    const DAY: i64 = 86_400;

    fn choice(kind: EventKind, ordinal: Ordinal, shopper: &str, seconds: i64) -> Choice {
        Choice {
            seconds: seconds as u32,
            ordinal,
            shopper: ShopperKey::of(shopper),
            kind: i32::from(kind) as u8,
        }
    }

    fn after(choices: &[Choice], own: &[&str]) -> Vec<(Ordinal, f32)> {
        let key = QueryKey::of("hk", "茶").unwrap();
        let mut snapshot = BehaviourSnapshot::default();
        let idle = |known: &Arc<QueryChoices>| known.last_seconds();
        let known = Arc::make_mut(snapshot.choices.entry_of_at_most(key, 1 << 17, idle));
        choices.iter().for_each(|choice| known.note(*choice));
        let own: Vec<String> = own.iter().map(|key| (*key).to_owned()).collect();
        snapshot.chosen_after(key, &own, NOW)
    }

    #[test]
    fn what_more_others_chose_later_and_bought_comes_first() {
        let click =
            |ordinal, shopper, days| choice(EventKind::Click, ordinal, shopper, NOW - days * DAY);
        let found = after(
            &[
                click(1, "u:a", 0),
                click(2, "u:a", 0),
                click(2, "u:b", 0),
                // Clicked and ordered by one shopper: an order.
                click(3, "u:c", 0),
                choice(EventKind::Order, 3, "u:c", NOW),
                click(4, "u:d", 14),
            ],
            &[],
        );
        let items: Vec<Ordinal> = found.iter().map(|(item, _)| *item).collect();
        assert_eq!(items, [3, 2, 1, 4]);
        let all = 1.0 + 2.0 + 5.0 + 0.5;
        let of_best = all / (all + PRIOR_CLICKS);
        for ((item, strength), clicks) in found.iter().zip([5.0, 2.0, 1.0, 0.5]) {
            assert!(
                (f64::from(*strength) - clicks / 5.0 * of_best).abs() < 1e-6,
                "{item}"
            );
        }
    }

    #[test]
    fn what_the_shopper_chose_alone_says_nothing() {
        let choices = [
            choice(EventKind::Order, 1, "u:a", NOW),
            choice(EventKind::Click, 2, "s:b", NOW),
        ];
        let items = |own: &[&str]| {
            let found = after(&choices, own);
            found.into_iter().map(|(item, _)| item).collect::<Vec<_>>()
        };
        assert_eq!(items(&["u:a"]), [2]);
        assert!(items(&["u:a", "s:b"]).is_empty());
        assert_eq!(items(&["u:c"]), [1, 2]);
    }

    #[test]
    fn the_latest_choices_are_kept() {
        let choices: Vec<Choice> = (0..=QUERY_CHOICES_MAX as u32)
            .map(|n| choice(EventKind::Click, n, "u:a", NOW + i64::from(n)))
            .collect();
        let mut at = QueryChoices::default();
        choices[..QUERY_CHOICES_MAX]
            .iter()
            .for_each(|its| at.note(*its));
        assert!(at.0.len() == QUERY_CHOICES_MAX && at.0[0] == choices[0]);
        at.note(choices[QUERY_CHOICES_MAX]);
        assert!(at.0.len() == QUERY_CHOICES_MAX && at.0[0] == choices[1]);
    }

    #[test]
    fn a_query_is_one_of_its_region_and_none_without_a_letter() {
        let key = |region, folded| QueryKey::of(region, folded);
        assert_eq!(key("hk", "茶"), key("hk", "茶"));
        assert_ne!(key("hk", "茶"), key("tw", "茶"));
        assert_ne!(key("hk", "茶"), key("hk", "茶杯"));
        assert_eq!(key("hk", ""), None);
    }
}
