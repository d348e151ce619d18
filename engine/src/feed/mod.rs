//! Floor 5: 「猜你喜歡」, and items like one item. Recall by behaviour, the model and vectors, then the same gate, ranking and
//! page as search.
//!
//! ```text
//! who asks ─ Asking ─ source/… ─ fused ─ left_out ─ affinity ─ rank ─ explore, diversity, minimum ─ list ─ page
//! ```

mod affinity;
mod after_queries;
mod asking;
mod compose;
mod degraded;
mod diversity;
mod explore;
mod inspect;
mod left_out;
mod minimum;
mod page;
mod popularity;
mod reason;
mod similar;
mod source;

use prost::Message as _;
use sampan_proto::v1;

use crate::{
    base::{
        Ordinal,
        clock::{self, DAY_SECONDS},
        error::Result,
    },
    flow::{
        filter::Gate,
        interests::Interests,
        merchandise::{Held, Merchandiser},
        request::{self, Market},
        stopwatch::Stopwatch,
        treatment::{exposures, treatment},
    },
    index::generation::Generation,
    search::pages::{self, Kept, PageLists, PageToken, ResultList},
    store::state::Store,
};
use asking::Asking;
use explore::Draws;
pub use inspect::inspect;
use page::CardBuilder;
pub use similar::similar;

/// Cards for a user, a session, or a region.
pub fn feed(
    generation: &Generation,
    store: &Store,
    lists: &PageLists,
    request: &v1::GetFeedRequest,
) -> Result<v1::GetFeedResponse> {
    let mut watch = Stopwatch::default();
    let configuration = &generation.configuration;
    let market = market(generation, request)?;
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
    let region = &configuration.regions.get(market.region).code;
    let interests = Interests::of(&generation.behaviour, &user, region);
    let now = clock::now_seconds();

    let list = match &token {
        Some(token) => lists.find(token)?,
        None => {
            let treated = treatment(generation, market.region, &user);
            let asking = watch.time("understand", || {
                let profile = &treated.profile;
                Asking::new(generation, &gate, profile, &interests, &request.pools, now)
            });
            let asked = compose::Request {
                user: &user,
                held: &held,
                page_size,
                explain: request.explain,
                allow_repeats: request.allow_repeats,
                draws: draws(&user, region, now),
            };
            let (ranked, feed) = compose::compose(&asking, &asked)?;
            let list = ResultList {
                total: ranked.len() as u64,
                ranked,
                feed,
                index_version: generation.version(),
                pools_version: generation.columns.pools.version.clone(),
                exposures: exposures(&treated.exposures),
                profile: treated.profile,
                ..ResultList::default()
            };
            lists.keep(list, page_size)
        }
    };
    let start = token.map_or(0, |token| token.offset);
    let builder = CardBuilder::new(generation, store, &gate, &list.profile, &interests);
    let page = watch.time("page", || page(&builder, &list, start, page_size))?;
    let next = PageToken {
        list: pages::key(&list),
        fingerprint,
        offset: page.end,
    };
    let mut timings = watch.timings;
    if token.is_none() {
        // Between what is asked and the page.
        timings.splice(1..1, list.feed.timings.iter().cloned());
    }
    let minimum = &list.profile.feed.minimum;
    let pools = &generation.columns.pools;
    Ok(v1::GetFeedResponse {
        sources: page::by_cards(&page.cards),
        popular_by: list.feed.popular_by.to_owned(),
        shortfalls: minimum::shortfalls(&page.ordinals, minimum, pools, market.region),
        degraded: list.feed.degraded.clone(),
        next_page_token: match page.end < list.ranked.len() {
            true => next.write(),
            false => String::new(),
        },
        cards: page.cards,
        index_version: list.index_version.clone(),
        policy_version: generation.columns.policy.version.clone(),
        pools_version: list.pools_version.clone(),
        request_id: format!("{:016x}", pages::key(&list)),
        timings,
        rate_date: configuration.rates.date.clone(),
        exposures: list.exposures.clone(),
    })
}

/// Cards of a page, their items, and the place of the list where the next page begins.
struct Page {
    cards: Vec<v1::Card>,
    ordinals: Vec<Ordinal>,
    end: usize,
}

fn page(builder: &CardBuilder<'_>, list: &Kept, start: usize, page_size: usize) -> Result<Page> {
    let mut page = Page {
        cards: Vec::with_capacity(page_size),
        ordinals: Vec::with_capacity(page_size),
        end: start,
    };
    while page.end < list.ranked.len() && page.cards.len() < page_size {
        let ranked = &list.ranked[page.end];
        if !builder.interests.dislikes.contains(&ranked.ordinal) {
            let chance = list.feed.propensities.get(&ranked.ordinal).copied();
            if let Some(card) = builder.card(ranked, page.end, chance, &list.feed.affinities)? {
                page.cards.push(card);
                page.ordinals.push(ranked.ordinal);
            }
        }
        page.end += 1;
    }
    Ok(page)
}

fn market(generation: &Generation, request: &v1::GetFeedRequest) -> Result<Market> {
    Market::resolve(
        &generation.configuration,
        &request.region,
        &request.ship_to,
        request.display_script,
        &request.display_currency,
    )
}

/// Chance of a shopper's day; of who is unknown, of the moment.
fn draws(user: &v1::UserContext, region: &str, now: i64) -> Draws {
    let who = match user.user_id.as_str() {
        "" => user.session_id.as_str(),
        user => user,
    };
    let moment = match who {
        "" => clock::now_millis(),
        _ => now.div_euclid(DAY_SECONDS),
    };
    Draws::of(who, region, moment)
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
