//! Facts that cost more than a look at the item: gathered for all candidates at once, and only when a signal that is in use
//! looks at them.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use super::{Asked, Scored, signals::REGISTRY};
use crate::{
    behaviour::{Counts, Rates, RegionResponse},
    config::profile::RankingProfile,
    flow::filter::Gate,
    index::columns::{NameId, Names},
};

/// Signals that look at the price at the door.
const LANDED: [&str; 2] = ["landed", "freight_affinity"];
/// Signals that look at how shoppers answer to the item.
const RATES: [&str; 3] = ["click_rate", "cart_rate", "order_rate"];
/// Signals that look at how much its seller was shown.
const EXPOSURE: [&str; 1] = ["seller_exposure"];
/// Signals that look at the candidates of its category.
const CATEGORY_PRICES: [&str; 1] = ["category_price"];

/// Places in the registry of the signals that a ranking needs: all for an explanation, else those that weigh something or
/// that the model looks at.
pub fn in_use(profile: &RankingProfile, explain: bool) -> Vec<usize> {
    let by_model = |place: usize| profile.model.as_ref().is_some_and(|m| m.looks_at(place));
    let needed = |place: &usize| explain || profile.weights[*place] != 0.0 || by_model(*place);
    (0..REGISTRY.len()).filter(needed).collect()
}

/// Adds what the signals in use look at.
pub fn gather(
    scored: &mut [Scored<'_>],
    in_use: &[usize],
    gate: &Gate<'_>,
    names: &Names,
    asked: &Asked<'_>,
) {
    let uses = |wanted: &[&str]| {
        let mut used = in_use.iter();
        used.any(|place| wanted.contains(&REGISTRY[*place].name))
    };
    if uses(&LANDED) {
        for item in scored.iter_mut() {
            item.landed = gate.costs().landed(item.row, item.offer, item.modes);
        }
    }
    if uses(&CATEGORY_PRICES) {
        let medians = category_medians(scored);
        for item in scored.iter_mut() {
            item.category_median = medians.get(&item.category).copied().unwrap_or(0);
        }
    }
    let Some(response) = &asked.response else {
        return;
    };
    if uses(&RATES) {
        rates(scored, response, names);
    }
    if uses(&EXPOSURE) {
        let mut known: FxHashMap<NameId, f64> = FxHashMap::default();
        for item in scored.iter_mut() {
            let of_seller = || response.exposure(names.sellers.text(item.seller));
            item.exposure = *known.entry(item.seller).or_insert_with(of_seller);
        }
    }
}

/// What items share of the back-off is looked up once. Counts lie far apart in memory: those of a level are fetched for all
/// at once, so that the processor waits for many of them together.
fn rates(scored: &mut [Scored<'_>], response: &RegionResponse<'_>, names: &Names) {
    let own = scored.iter().map(|item| item.candidate.ordinal);
    let own: Vec<Counts> = own
        .map(|ordinal| response.counts_of_item(ordinal))
        .collect();
    let (shelves, on_shelf) = distinct(scored.iter().map(|item| (item.seller, item.category)));
    let of_shelves = shelves.iter().map(|(seller, category)| {
        let (sellers, categories) = (&names.sellers, &names.categories);
        response.counts_of_shelf(sellers.text(*seller), categories.text(*category))
    });
    let of_shelves: Vec<Counts> = of_shelves.collect();
    let (categories, in_category) = distinct(shelves.iter().map(|(_, category)| *category));
    let of_categories = categories.iter().map(|category| {
        let counts = response.counts_of_category(names.categories.text(*category));
        Rates::of(counts, response.mean)
    });
    let of_categories: Vec<Rates> = of_categories.collect();
    let of_shelves = of_shelves.into_iter().zip(in_category);
    let of_shelves =
        of_shelves.map(|(counts, category)| Rates::of(counts, of_categories[category]));
    let of_shelves: Vec<Rates> = of_shelves.collect();
    for ((item, own), shelf) in scored.iter_mut().zip(own).zip(on_shelf) {
        item.rates = Rates::of(own, of_shelves[shelf]);
    }
}

/// The distinct ones of some keys, in the order of their first, and the place of each key among them.
fn distinct<K: Copy + Eq + Hash>(keys: impl ExactSizeIterator<Item = K>) -> (Vec<K>, Vec<usize>) {
    let mut known: FxHashMap<K, usize> = FxHashMap::default();
    known.reserve(keys.len());
    let mut found = Vec::with_capacity(keys.len());
    let places = keys.map(|key| {
        *known.entry(key).or_insert_with(|| {
            found.push(key);
            found.len() - 1
        })
    });
    let places = places.collect();
    (found, places)
}

/// Median prices of the categories of which several candidates have a price.
fn category_medians(scored: &[Scored<'_>]) -> FxHashMap<NameId, i64> {
    let priced = scored.iter().filter(|item| item.price > 0);
    let mut prices: Vec<(NameId, i64)> = priced.map(|item| (item.category, item.price)).collect();
    prices.sort_unstable();
    let of_categories = prices.chunk_by(|a, b| a.0 == b.0);
    let several = of_categories.filter(|prices| prices.len() > 1);
    several.map(|prices| prices[prices.len() / 2]).collect()
}
