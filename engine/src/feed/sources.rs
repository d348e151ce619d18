//! Recall sources of the feed, all of one shape: seeds or a region in, eligible candidates out.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{Ordinal, error::Result, limits},
    config::profile::RankingProfile,
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
        interests::Interests,
        rank::signals,
        recall,
        request::Market,
        understand::understand,
    },
    index::{
        columns::Columns,
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// Nearest neighbours asked for each seed.
const NEAR_EACH: usize = 30;
/// Newest items looked at.
const NEW_LOOKED_AT: usize = 2_000;

/// Items that go with the seeds, by what shoppers did.
pub fn goes_with(
    generation: &Generation,
    seeds: &[(Ordinal, f32)],
    gate: &Gate<'_>,
    limit: usize,
) -> Vec<Candidate> {
    let mut strengths: FxHashMap<Ordinal, f32> = FxHashMap::default();
    let strongest = seeds.first().map_or(1.0, |(_, strength)| *strength);
    for (seed, strength) in seeds {
        for (other, together) in generation.behaviour.neighbours(*seed) {
            *strengths.entry(other).or_default() += together * strength / strongest;
        }
    }
    let eligible = strengths
        .into_iter()
        .filter(|(ordinal, _)| gate.allows(*ordinal));
    let candidates = eligible.map(|(ordinal, strength)| Candidate {
        behaviour: strength.min(1.0),
        ..Candidate::new(ordinal, Source::ItemToItem)
    });
    best(candidates.collect(), limit, |candidate| candidate.behaviour)
}

/// Items whose vectors are near the seeds'.
pub fn near(
    generation: &Generation,
    seeds: &[(Ordinal, f32)],
    gate: &Gate<'_>,
    limit: usize,
) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for (seed, _) in seeds {
        found.extend(recall::similar(
            &generation.vectors,
            *seed,
            NEAR_EACH,
            gate,
        )?);
    }
    Ok(best(found, limit, |candidate| candidate.vector))
}

/// What is popular in the region; it stands in for taste when there is none.
pub fn popular(
    generation: &Generation,
    interests: &Interests,
    gate: &Gate<'_>,
    limit: usize,
) -> Vec<Candidate> {
    let popular = generation.behaviour.popular(&interests.region);
    let most = popular.first().map_or(1.0, |(_, weight)| *weight);
    // Popularity is no link to the user's own items, so it counts for less than one.
    let share = if interests.seeds.is_empty() { 1.0 } else { 0.3 };
    let eligible = popular.iter().filter(|(ordinal, _)| gate.allows(*ordinal));
    eligible
        .take(limit)
        .map(|(ordinal, weight)| Candidate {
            behaviour: share * (weight / most) as f32,
            ..Candidate::new(*ordinal, Source::Popular)
        })
        .collect()
}

/// The newest good items.
pub fn new_arrivals(
    generation: &Generation,
    gate: &Gate<'_>,
    now: i64,
    limit: usize,
) -> Vec<Candidate> {
    let newest = generation.newest.iter().take(NEW_LOOKED_AT).copied();
    let eligible = newest.filter(|ordinal| gate.allows(*ordinal));
    best_by_prior(&generation.columns, eligible, Source::New, now, limit)
}

/// Good items of the pools that the profile recalls from, and of the first that the feed is kept to.
pub fn pools(
    generation: &Generation,
    profile: &RankingProfile,
    kept_to: &[String],
    gate: &Gate<'_>,
    now: i64,
) -> Vec<Candidate> {
    let columns = &generation.columns;
    let recalled = profile.pools.iter().map(|(id, its)| (id, its.recall));
    let asked = kept_to.first().map(|id| (id, profile.feed.per_source));
    let mut found = Vec::new();
    for (id, limit) in recalled.filter(|(_, limit)| *limit > 0).chain(asked) {
        let Some(known) = columns.pools.find(gate.market().region, id) else {
            continue;
        };
        // Later ordinals are of newer items.
        let newest = known.items.iter().rev();
        let eligible = newest.filter(|ordinal| gate.allows(*ordinal));
        let looked_at = eligible.take(limits::POOL_RECALL_LOOKED_AT);
        found.extend(best_by_prior(columns, looked_at, Source::Pool, now, limit));
    }
    found
}

/// The best of some items by what is known before any query.
fn best_by_prior(
    columns: &Columns,
    ordinals: impl Iterator<Item = Ordinal>,
    source: Source,
    now: i64,
    limit: usize,
) -> Vec<Candidate> {
    let mut found: Vec<(f64, Candidate)> = ordinals
        .filter_map(|ordinal| {
            let row = columns.row(ordinal)?;
            let prior = signals::quality::of(row)
                + signals::sales::of(row)
                + signals::freshness::of(row, now);
            Some((prior, Candidate::new(ordinal, source)))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(limit);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Items whose words are like an item's own title.
pub fn like_words(
    generation: &Generation,
    item: &v1::Item,
    gate: &Gate<'_>,
    market: Market,
) -> Result<Vec<Candidate>> {
    let Some(title) = item.titles.first() else {
        return Ok(Vec::new());
    };
    let mut end = title.text.len().min(limits::QUERY_BYTES_MAX);
    while !title.text.is_char_boundary(end) {
        end -= 1;
    }
    let region = &generation.configuration.regions.get(market.region).code;
    let understood = understand(
        &generation.analyzer,
        &title.text[..end],
        region,
        &HashSet::new(),
    )?;
    let query = LexicalQuery::new(&understood);
    recall::lexical(&generation.lexical, &query, gate, MatchLevel::Any)
}

fn best(mut found: Vec<Candidate>, limit: usize, by: fn(&Candidate) -> f32) -> Vec<Candidate> {
    found.sort_by(|a, b| by(b).total_cmp(&by(a)).then(a.ordinal.cmp(&b.ordinal)));
    found.truncate(limit);
    found
}
