//! Counts what first pages show, for the exposure targets.

use sampan_proto::v1;

use crate::{
    base::{
        clock,
        ship::{ModeSet, ShipMode},
    },
    exposure::{ExposureMeter, Shown},
    index::generation::Generation,
};

/// Counts the top of a search by relevance. An experiment's answers are its own: they are neither counted nor steered.
pub fn of_search(
    generation: &Generation,
    meter: &ExposureMeter,
    request: &v1::SearchRequest,
    response: &v1::SearchResponse,
) {
    let by_relevance = matches!(request.sort(), v1::Sort::Unspecified | v1::Sort::Relevance);
    if by_relevance && request.interleave.is_none() && response.exposures.is_empty() {
        count(generation, meter, &request.region, response.hits.iter());
    }
}

/// Counts the top of a feed.
pub fn of_feed(
    generation: &Generation,
    meter: &ExposureMeter,
    request: &v1::GetFeedRequest,
    response: &v1::GetFeedResponse,
) {
    if response.exposures.is_empty() {
        let hits = response.cards.iter().filter_map(|card| card.hit.as_ref());
        count(generation, meter, &request.region, hits);
    }
}

fn count<'h>(
    generation: &Generation,
    meter: &ExposureMeter,
    region: &str,
    hits: impl Iterator<Item = &'h v1::Hit>,
) {
    let Some(region) = generation.configuration.regions.find(region) else {
        return;
    };
    let wanted = &generation.configuration.profile(region).exposure;
    if wanted.targets.is_empty() {
        return;
    }
    let mut shown = Shown::default();
    for hit in hits.take(wanted.within) {
        let offer = hit.offer.iter();
        let modes = offer.flat_map(|offer| offer.ship_modes.iter().copied());
        let modes = modes.filter_map(ShipMode::from_proto);
        shown.add(modes.fold(ModeSet::NONE, ModeSet::with));
    }
    meter.count(region, &shown, clock::now_seconds());
}
