//! Facts that cost more than a look at the item: gathered for all candidates at once, and only when a signal that is in use
//! looks at them.

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

/// What neighbours of the back-off share is looked up once. Counts of items lie far apart in memory: they are fetched for all
/// at once, so that the processor waits for many of them together.
fn rates(scored: &mut [Scored<'_>], response: &RegionResponse<'_>, names: &Names) {
    let own = scored.iter().map(|item| item.candidate.ordinal);
    let own: Vec<Counts> = own.map(|ordinal| response.counts_of(ordinal)).collect();
    let mut of_categories: FxHashMap<NameId, Rates> = FxHashMap::default();
    let mut of_sellers: FxHashMap<(NameId, NameId), Rates> = FxHashMap::default();
    of_sellers.reserve(scored.len());
    for (item, own) in scored.iter_mut().zip(own) {
        let of_seller = *of_sellers
            .entry((item.seller, item.category))
            .or_insert_with(|| {
                let category = names.categories.text(item.category);
                let of_category = *of_categories
                    .entry(item.category)
                    .or_insert_with(|| response.of_category(category));
                response.of_seller(names.sellers.text(item.seller), category, of_category)
            });
        item.rates = Rates::of(own, of_seller);
    }
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
