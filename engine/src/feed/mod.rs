//! Floor 5: 「猜你喜歡」, and items like one item. Recall by behaviour and vectors, then the same gate, ranking and page as
//! search.

mod diversity;
mod reason;
mod sources;

use std::collections::HashSet;

use prost::Message as _;
use sampan_proto::v1;

use crate::{
    base::{
        clock,
        error::{Result, SampanError},
        limits,
    },
    catalog::validate::text::identifier,
    config::profile::RankingProfile,
    flow::{
        candidate::Source,
        filter::Gate,
        fuse::fuse,
        interests::Interests,
        merchandise::{Held, Merchandiser},
        page::PageBuilder,
        quota,
        rank::{Asked, RankedItem, rank},
        request::{self, Market},
        taste::Taste,
        treatment::{exposures, treatment},
    },
    index::generation::Generation,
    search::pages::{self, PageLists, PageToken, ResultList},
    store::state::Store,
};

/// Cards for a user, a session, or a region.
pub fn feed(
    generation: &Generation,
    store: &Store,
    lists: &PageLists,
    request: &v1::GetFeedRequest,
) -> Result<v1::GetFeedResponse> {
    let configuration = &generation.configuration;
    let market = Market::resolve(
        configuration,
        &request.region,
        &request.ship_to,
        request.display_script,
        &request.display_currency,
    )?;
    let page_size = request::page_size("page_size", request.page_size)?;
    let user = request.user.clone().unwrap_or_default();
    request::check_user(&user)?;
    request::check_category_path("category_path", &request.category_path)?;
    let held = held(generation, market, &user);
    let gate = Gate::new(&generation.columns, configuration, market)
        .within_category(&request.category_path)
        .without(held.hidden());
    let fingerprint = fingerprint(request, &user);
    let token = PageToken::read(&request.page_token, fingerprint)?;
    // What was asked of pools has been answered for all pages by the version that made the list.
    let gate = match &token {
        Some(_) => gate,
        None => gate.with_pools(("pools", &request.pools), ("not_pools", &request.not_pools))?,
    };
    let region = configuration.regions.get(market.region);
    let interests = Interests::of(&generation.behaviour, &user, &region.code);

    let list = match &token {
        Some(token) => lists.find(token)?,
        None => {
            let treated = treatment(generation, market.region, &user);
            let profile = &treated.profile;
            let ranked = compose(generation, &gate, &interests, &held, profile, request)?;
            let list = ResultList {
                total: ranked.len() as u64,
                ranked,
                index_version: generation.version(),
                pools_version: generation.columns.pools.version.clone(),
                exposures: exposures(&treated.exposures),
                profile: treated.profile,
                ..ResultList::default()
            };
            lists.keep(list, page_size)
        }
    };
    let builder = builder(generation, store, &gate, &list.profile);
    let mut cards = Vec::with_capacity(page_size);
    let mut place = token.map_or(0, |token| token.offset);
    while place < list.ranked.len() && cards.len() < page_size {
        let ranked = &list.ranked[place];
        if !interests.dislikes.contains(&ranked.ordinal) {
            cards.extend(card(&builder, generation, &interests, ranked, place)?);
        }
        place += 1;
    }
    let more = place < list.ranked.len();
    Ok(v1::GetFeedResponse {
        sources: by_cards(&cards),
        cards,
        next_page_token: if more {
            let list = pages::key(&list);
            PageToken {
                list,
                fingerprint,
                offset: place,
            }
            .write()
        } else {
            String::new()
        },
        index_version: list.index_version.clone(),
        policy_version: generation.columns.policy.version.clone(),
        pools_version: list.pools_version.clone(),
        request_id: format!("{:016x}", pages::key(&list)),
        timings: Vec::new(),
        rate_date: configuration.rates.date.clone(),
        exposures: list.exposures.clone(),
    })
}

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
    let held = held(generation, market, &v1::UserContext::default());
    let gate = Gate::new(&generation.columns, configuration, market).without(held.hidden());
    let candidates = fuse([
        sources::goes_with(
            generation,
            &[(seed.ordinal, 1.0)],
            &gate,
            limits::RESULT_WINDOW,
        ),
        sources::near(generation, &[(seed.ordinal, 1.0)], &gate, count * 4)?,
        sources::like_words(generation, item, &gate, market)?,
    ]);
    let candidates = candidates
        .into_iter()
        .filter(|candidate| candidate.ordinal != seed.ordinal)
        .collect();
    let profile = configuration.profile(market.region);
    let now = clock::now_seconds();
    let columns = &generation.columns;
    let region = &configuration.regions.get(market.region).code;
    let asked = Asked {
        response: Some(generation.behaviour.response(region, now)),
        shifts: held.shifts(),
        ..Asked::default()
    };
    let ranked = rank(
        candidates,
        columns,
        &gate,
        profile,
        &asked,
        now,
        request.explain,
    );
    let builder = builder(generation, store, &gate, profile);
    let interests = Interests::default();
    let mut cards = Vec::new();
    for (place, ranked) in ranked.iter().take(count).enumerate() {
        cards.extend(card(&builder, generation, &interests, ranked, place)?);
    }
    Ok(v1::SimilarItemsResponse {
        cards,
        index_version: generation.version(),
        policy_version: generation.columns.policy.version.clone(),
        pools_version: generation.columns.pools.version.clone(),
        request_id: format!("{fingerprint:016x}", fingerprint = clock::now_millis()),
    })
}

/// The merchandising rules that hold where nothing is asked for. Of these a feed takes what they hide, lift and lower; pins
/// are of a result's places, which cards have none of.
fn held<'g>(generation: &'g Generation, market: Market, user: &v1::UserContext) -> Held<'g> {
    let merchandiser = Merchandiser {
        rules: &generation.rules,
        region: market.region,
        attributes: &user.attributes,
        now: clock::now_seconds(),
    };
    merchandiser.of_any_query()
}

/// Recall from each source, fuse, rank, and spread over categories and sellers.
fn compose(
    generation: &Generation,
    gate: &Gate<'_>,
    interests: &Interests,
    held: &Held<'_>,
    profile: &RankingProfile,
    request: &v1::GetFeedRequest,
) -> Result<Vec<RankedItem>> {
    let now = clock::now_seconds();
    let limit = profile.feed.per_source;
    let seeds: Vec<(u32, f32)> = interests
        .seeds
        .iter()
        .take(profile.feed.seeds)
        .copied()
        .collect();
    let seen: HashSet<u32> = seeds.iter().map(|(ordinal, _)| *ordinal).collect();
    let mut candidates = fuse([
        sources::goes_with(generation, &seeds, gate, limit),
        sources::near(generation, &seeds, gate, limit)?,
        sources::popular(generation, interests, gate, limit),
        sources::new_arrivals(generation, gate, now, limit),
        sources::pools(generation, profile, &request.pools, gate, now),
    ]);
    candidates.retain(|candidate| {
        !seen.contains(&candidate.ordinal) && !interests.dislikes.contains(&candidate.ordinal)
    });
    let columns = &generation.columns;
    let asked = Asked {
        taste: Taste::of(interests, columns, gate),
        response: Some(generation.behaviour.response(&interests.region, now)),
        shifts: held.shifts(),
        ..Asked::default()
    };
    let ranked = rank(
        candidates,
        columns,
        gate,
        profile,
        &asked,
        now,
        request.explain,
    );
    let spread = diversity::spread(ranked, columns, &profile.feed, limits::RESULT_WINDOW);
    let quotas = quota::quotas(profile, &columns.pools, gate.market().region);
    Ok(quota::hold(spread, &quotas, None))
}

fn builder<'a>(
    generation: &'a Generation,
    store: &'a Store,
    gate: &'a Gate<'a>,
    profile: &'a RankingProfile,
) -> PageBuilder<'a> {
    PageBuilder {
        store,
        columns: &generation.columns,
        configuration: &generation.configuration,
        analyzer: &generation.analyzer,
        gate,
        profile,
        teams: None,
        whole: true,
        understood: None,
    }
}

fn card(
    builder: &PageBuilder<'_>,
    generation: &Generation,
    interests: &Interests,
    ranked: &RankedItem,
    place: usize,
) -> Result<Option<v1::Card>> {
    let source = ranked
        .sources
        .iter()
        .find(|source| *source != Source::Browse);
    Ok(builder.hit(ranked, place)?.map(|hit| v1::Card {
        reason: reason::reason(builder, generation, interests, ranked, source),
        source: source.unwrap_or(Source::Browse).name().to_owned(),
        hit: Some(hit),
    }))
}

/// Sources by the number of cards they brought.
fn by_cards(cards: &[v1::Card]) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for card in cards {
        match counts.iter_mut().find(|(source, _)| *source == card.source) {
            Some((_, count)) => *count += 1,
            None => counts.push((card.source.clone(), 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(source, _)| source).collect()
}

fn fingerprint(request: &v1::GetFeedRequest, user: &v1::UserContext) -> u64 {
    let same = v1::GetFeedRequest {
        page_token: String::new(),
        page_size: 0,
        user: None,
        ..request.clone()
    };
    let who = format!("{}/{}", user.user_id, user.session_id);
    pages::fingerprint_of(&same.encode_to_vec(), &who)
}
