//! Items like one item.

use sampan_proto::v1;

use super::{page::CardBuilder, source};
use crate::{
    base::{
        clock,
        error::{Result, SampanError},
        limits,
    },
    catalog::validate::text::identifier,
    flow::{
        affinity::Affinities,
        filter::Gate,
        fuse::fuse,
        interests::Interests,
        rank::{Asked, rank},
        request::{self, Market},
    },
    index::generation::Generation,
    store::state::Store,
};

/// Items like one item.
pub fn similar(
    generation: &Generation,
    store: &Store,
    request: &v1::SimilarItemsRequest,
) -> Result<v1::SimilarItemsResponse> {
    let configuration = &generation.configuration;
    let market = Market::resolve(
        configuration,
        &request.region,
        &request.ship_to,
        request.display_script,
        &request.display_currency,
    )?;
    let count = request::page_size("count", request.count)?;
    identifier("item_id", &request.item_id, limits::ITEM_ID_BYTES_MAX)?;
    let missing = || SampanError::NotFound {
        what: "item",
        id: request.item_id.clone(),
    };
    let seed = store.item(&request.item_id)?.ok_or_else(missing)?;
    let item = seed.item.as_ref().ok_or_else(missing)?;
    let held = super::held(generation, market, &v1::UserContext::default());
    let gate = Gate::new(&generation.columns, configuration, market).without(held.hidden());
    let seeds = [(seed.ordinal, 1.0)];
    let candidates = fuse([
        source::linked(generation, &seeds, &gate, limits::RESULT_WINDOW),
        source::near(generation, &seeds, &gate, count * 4)?,
        source::like_words(generation, item, &gate, market)?,
    ]);
    let candidates = candidates
        .into_iter()
        .filter(|candidate| candidate.ordinal != seed.ordinal)
        .collect();
    let profile = configuration.profile(market.region);
    let now = clock::now_seconds();
    let region = &configuration.regions.get(market.region).code;
    let asked = Asked {
        response: Some(generation.behaviour.response(region, now)),
        shifts: held.shifts(),
        ..Asked::default()
    };
    let ranked = rank(
        candidates,
        &generation.columns,
        &gate,
        profile,
        &asked,
        now,
        request.explain,
    );
    let interests = Interests::default();
    let builder = CardBuilder::new(generation, store, &gate, profile, &interests);
    let mut cards = Vec::new();
    for (place, ranked) in ranked.iter().take(count).enumerate() {
        cards.extend(builder.card(ranked, place, None, &Affinities::default())?);
    }
    Ok(v1::SimilarItemsResponse {
        cards,
        index_version: generation.version(),
        policy_version: generation.columns.policy.version.clone(),
        pools_version: generation.columns.pools.version.clone(),
        request_id: format!("{fingerprint:016x}", fingerprint = clock::now_millis()),
    })
}
