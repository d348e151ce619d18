//! One ranked list: recall from each source, what is left out, the model's word, ranking, variety, chance, and promises.

use sampan_proto::v1;

use super::{
    affinity,
    asking::Asking,
    degraded::degraded,
    diversity,
    explore::{self, Draws},
    left_out::LeftOut,
    minimum,
    popularity::Popularity,
    source::{Recalled, catalogue, recall_all},
};
use crate::{
    base::{
        error::Result,
        limits::{PAGE_SIZE_MAX, QUOTA_WINDOW, RESULT_WINDOW},
    },
    flow::{
        candidate::{Candidate, Source, Sources},
        fuse::fuse,
        merchandise::Held,
        quota,
        rank::{Asked, RankedItem, rank},
        stopwatch::Stopwatch,
    },
    search::pages::FeedNotes,
};

/// Candidates below which the catalogue's latest follow what the sources bring: a page of the largest size.
const ENOUGH: usize = PAGE_SIZE_MAX as usize;

/// What is asked beside who asks.
pub struct Request<'a> {
    pub user: &'a v1::UserContext,
    pub held: &'a Held<'a>,
    pub page_size: usize,
    pub explain: bool,
    /// Whether what was on screen within a day may come again.
    pub allow_repeats: bool,
    pub draws: Draws,
}

/// The list of a feed, and what it says of itself.
pub fn compose(asking: &Asking<'_>, request: &Request<'_>) -> Result<(Vec<RankedItem>, FeedNotes)> {
    let mut watch = Stopwatch::default();
    let recalled = watch.time("recall", || recall_all(asking))?;
    let (mut candidates, degraded) = watch.time("fuse", || joined(asking, request, recalled));
    let affinities = watch.time("affinity", || {
        affinity::weigh(&mut candidates, asking, request.explain)
    });
    let ranked = watch.time("rank", || ranked(asking, request, candidates));
    let (list, drawn) = watch.time("spread", || spread(asking, request, ranked));
    let notes = FeedNotes {
        propensities: drawn.into_iter().collect(),
        affinities,
        degraded,
        popular_by: popular_by(asking),
        timings: watch.timings,
    };
    Ok((list, notes))
}

/// Whose popular goods the feed takes; "" for none.
pub fn popular_by(asking: &Asking<'_>) -> &'static str {
    let is_asked = asking.profile.feed.candidates_of(Source::Popular.name()) > 0;
    let by = asking.popular.goes_by(asking).filter(|_| is_asked);
    by.map_or("", Popularity::name)
}

/// Candidates of all sources, without what is left out; and of the catalogue, where they are too few.
fn joined(
    asking: &Asking<'_>,
    request: &Request<'_>,
    recalled: Vec<Recalled>,
) -> (Vec<Candidate>, Vec<v1::Degradation>) {
    let left_out = LeftOut::of(asking, request.allow_repeats);
    let mut candidates = fuse(recalled.into_iter().map(|recalled| recalled.candidates));
    candidates.retain(|candidate| !left_out.has(candidate));
    let chance = Sources::of(Source::Exploration);
    let sure = candidates.iter().filter(|known| known.sources != chance);
    let found = sure.count();
    let degraded = degraded(asking, request.user, found, ENOUGH);
    if found < ENOUGH {
        let feed = &asking.profile.feed;
        candidates = fuse([candidates, catalogue(asking, feed.per_source)]);
        candidates.retain(|candidate| !left_out.has(candidate));
    }
    (candidates, degraded)
}

fn ranked(
    asking: &Asking<'_>,
    request: &Request<'_>,
    candidates: Vec<Candidate>,
) -> Vec<RankedItem> {
    let generation = asking.generation;
    let region = &asking.interests.region;
    let asked = Asked {
        taste: asking.taste.clone(),
        response: Some(generation.behaviour.response(region, asking.now)),
        shifts: request.held.shifts(),
        ..Asked::default()
    };
    rank(
        candidates,
        &generation.columns,
        asking.gate,
        asking.profile,
        &asked,
        asking.now,
        request.explain,
    )
}

/// Varied, with chance's draws in their places and pools in theirs.
fn spread(
    asking: &Asking<'_>,
    request: &Request<'_>,
    ranked: Vec<RankedItem>,
) -> (Vec<RankedItem>, Vec<(u32, f64)>) {
    let feed = &asking.profile.feed;
    let columns = &asking.generation.columns;
    let explored = ranked.iter();
    // What is bought again is no discovery.
    let explored = explored
        .filter(|item| item.sources.has(Source::Exploration) && !item.sources.has(Source::Repeat));
    let end = ranked.len().min(RESULT_WINDOW);
    let mut places = request.draws.places(feed.exploration_share, end);
    let drawn = request
        .draws
        .draw(explored.cloned().collect(), places.len());
    places.truncate(drawn.len());
    let is_drawn = |item: &RankedItem| drawn.iter().any(|drawn| drawn.item.ordinal == item.ordinal);
    // What only chance may show is not shown otherwise.
    let chance = Sources::of(Source::Exploration);
    let only_chance = |item: &RankedItem| item.sources == chance;
    let others = ranked.into_iter();
    let others = others.filter(|item| !is_drawn(item) && !only_chance(item));
    let room = RESULT_WINDOW - drawn.len();
    let varied = diversity::spread(others.collect(), asking, room);
    let quotas = quota::quotas(asking.profile, &columns.pools, asking.gate.market().region);
    let tens = minimum::windows(QUOTA_WINDOW, &places);
    let held = quota::hold(varied, &quotas, None, tens);
    let held = minimum::hold(held, asking, request.page_size, &places);
    explore::merge(held, drawn, &places)
}
