//! What is known of a shopper, what each source brings, and why the first cards are there: for people.

use sampan_proto::{Timestamp, v1};

use super::{
    asking::Asking,
    compose::popular_by,
    degraded::degraded,
    feed, held,
    left_out::LeftOut,
    market,
    source::{Recalled, recall_all},
};
use crate::{
    base::{Ordinal, clock, error::Result, limits::PAGE_SIZE_MAX, ship::ShipMode},
    flow::{
        candidate::{Source, Sources},
        filter::Gate,
        interests::Interests,
        treatment::treatment,
    },
    index::{columns::NameId, generation::Generation},
    recommend::Taken,
    search::pages::PageLists,
    store::state::Store,
};

/// Latest things done that are told.
const VISITS_TOLD: usize = 20;
/// Strongest affinities of a kind that are told.
const AFFINITIES_TOLD: usize = 5;
/// First candidates of a source that are told.
const BEST_TOLD: usize = 5;

/// The report of a feed that is answered as it would be now.
pub fn inspect(
    generation: &Generation,
    store: &Store,
    lists: &PageLists,
    request: &v1::GetFeedRequest,
) -> Result<v1::InspectFeedResponse> {
    let explained = v1::GetFeedRequest {
        explain: true,
        ..request.clone()
    };
    // First: it checks the request.
    let answer = feed(generation, store, lists, &explained)?;
    let market = market(generation, request)?;
    let user = request.user.clone().unwrap_or_default();
    let held = held(generation, market, &user);
    let gate = Gate::new(&generation.columns, &generation.configuration, market)
        .within_category(&request.category_path)
        .without(held.hidden())
        .with_pools(("pools", &request.pools), ("not_pools", &request.not_pools))?;
    let region = &generation.configuration.regions.get(market.region).code;
    let interests = Interests::of(&generation.behaviour, &user, region);
    let profile = treatment(generation, market.region, &user).profile;
    let now = clock::now_seconds();
    let asking = Asking::new(generation, &gate, &profile, &interests, &request.pools, now);
    let recalled = recall_all(&asking)?;
    let left_out = LeftOut::of(&asking, request.allow_repeats);
    let brought = || recalled.iter().flat_map(|its| &its.candidates);
    let shown = brought().filter(|candidate| !left_out.has(candidate));
    let chance = Sources::of(Source::Exploration);
    let sure = shown.filter(|candidate| candidate.sources != chance);
    let found = sure.count();
    let model = generation.feed_model.as_ref();
    Ok(v1::InspectFeedResponse {
        model: model
            .map_or("", |served| served.learnt().origin.name())
            .to_owned(),
        visits: visits(&asking, store)?,
        queries: queries(&asking),
        popular_by: popular_by(&asking).to_owned(),
        affinities: affinities(&asking),
        usual_price_minor: asking.taste.usual_price().unwrap_or(0),
        disliked: ids(generation, interests.dislikes.iter().copied()),
        left_out: brought()
            .filter(|candidate| left_out.saw(candidate))
            .count() as u32,
        sources: recalled.iter().map(|its| told(generation, its)).collect(),
        degraded: degraded(&asking, &user, found, PAGE_SIZE_MAX as usize),
        cards: answer.cards,
        index_version: answer.index_version,
    })
}

fn visits(asking: &Asking<'_>, store: &Store) -> Result<Vec<v1::InspectedVisit>> {
    let latest = asking.interests.visits.iter().rev();
    let taken = latest.flat_map(|visit| visit.taken.iter().map(|taken| (visit.seconds, taken)));
    let mut told = Vec::new();
    for (seconds, Taken { item, strength }) in taken.take(VISITS_TOLD) {
        let Some(row) = asking.generation.columns.row(*item) else {
            continue;
        };
        let stored = store.item(&row.id)?.and_then(|stored| stored.item);
        let title = stored.and_then(|item| item.titles.into_iter().next());
        told.push(v1::InspectedVisit {
            item_id: row.id.to_string(),
            title: title.map_or_else(String::new, |title| title.text),
            time: Some(Timestamp { seconds, nanos: 0 }),
            strength: f64::from(*strength),
        });
    }
    Ok(told)
}

/// What the shopper searched for, latest first.
fn queries(asking: &Asking<'_>) -> Vec<v1::InspectedQuery> {
    let searches = asking.interests.searches.iter();
    let told = searches.map(|search| v1::InspectedQuery {
        text: search.text.to_string(),
        time: Some(Timestamp {
            seconds: search.seconds,
            nanos: 0,
        }),
    });
    told.collect()
}

fn affinities(asking: &Asking<'_>) -> Vec<v1::InspectedAffinity> {
    let names = &asking.generation.columns.names;
    let strongest = |kind: &str, shares: Vec<(NameId, f64)>, name: &dyn Fn(NameId) -> String| {
        let mut shares: Vec<_> = shares
            .into_iter()
            .filter(|(_, share)| *share > 0.0)
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let told = shares.into_iter().take(AFFINITIES_TOLD);
        let told = told.map(|(id, share)| v1::InspectedAffinity {
            kind: kind.to_owned(),
            name: name(id),
            share,
        });
        told.collect::<Vec<_>>()
    };
    let category = |id| names.categories.text(id).to_string();
    let brand = |id| names.brands.text(id).to_string();
    let mut told = strongest("category", asking.taste.categories().collect(), &category);
    told.extend(strongest("brand", asking.taste.brands().collect(), &brand));
    told.retain(|affinity| !affinity.name.is_empty());
    let modes = ShipMode::ALL.into_iter().map(|mode| v1::InspectedAffinity {
        kind: "ship_mode".to_owned(),
        name: mode.name().to_owned(),
        share: asking.taste.modes(crate::base::ship::ModeSet::of(mode)),
    });
    told.extend(modes.filter(|affinity| affinity.share > 0.0));
    told
}

fn told(generation: &Generation, recalled: &Recalled) -> v1::InspectedSource {
    let best = recalled.candidates.iter().take(BEST_TOLD);
    v1::InspectedSource {
        source: recalled.source.name().to_owned(),
        budget: recalled.budget as u32,
        candidates: recalled.candidates.len() as u32,
        best: ids(generation, best.map(|candidate| candidate.ordinal)),
        micros: recalled.micros,
    }
}

fn ids(generation: &Generation, ordinals: impl Iterator<Item = Ordinal>) -> Vec<String> {
    let rows = ordinals.filter_map(|ordinal| generation.columns.row(ordinal));
    rows.map(|row| row.id.to_string()).collect()
}
