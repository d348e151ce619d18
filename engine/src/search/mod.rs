//! Floor 5: an answer to a query, composed of the steps of the flow.

mod candidates;
mod counted;
mod did_you_mean;
mod facets;
mod ordered;
pub mod pages;
pub mod rewrites;
#[cfg(test)]
mod tests;
mod widening;

use std::time::Instant;

use sampan_analyzers::plan::{Edit, Understood};
use sampan_proto::v1;

use crate::{
    base::{
        clock,
        error::{Result, SampanError},
    },
    config::profile::RankingProfile,
    flow::{
        candidate::Source,
        filter::Gate,
        fold::fold,
        interests::Interests,
        interleave::team_draft,
        named::Named,
        page::{PageBuilder, byte_range},
        quota,
        rank::{Asked, RankedItem, rank},
        recall,
        request::{self, Market},
        taste::Taste,
        treatment::{Teams, exposures, rivals, treatment},
        understand::{disabled, understand_typed},
    },
    index::{generation::Generation, lexical::LexicalQuery},
    store::state::Store,
};
use candidates::candidates;
use counted::{Counted, count, removed_by};
use pages::{Kept, PageLists, PageToken, ResultList};
use widening::{Widened, Widening};

/// Where time went, by stage.
#[derive(Default)]
struct Stopwatch {
    timings: Vec<v1::StageTiming>,
}

impl Stopwatch {
    fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.timings.push(v1::StageTiming {
            stage: stage.to_owned(),
            micros: start.elapsed().as_micros() as u64,
        });
        done
    }
}

/// Answers a search.
pub fn search(
    generation: &Generation,
    store: &Store,
    lists: &PageLists,
    request: &v1::SearchRequest,
) -> Result<v1::SearchResponse> {
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
    let sort = v1::Sort::try_from(request.sort)
        .map_err(|_| SampanError::invalid("sort", format!("unknown order {}", request.sort)))?;
    let mode = recall_mode(generation, request.recall_mode)?;
    let key = |text: &str| generation.analyzer.fold_key(text);
    let filters = request.filters.clone().unwrap_or_default();
    let gate =
        Gate::new(&generation.columns, configuration, market).with_filters(&filters, &key)?;
    facets::check(&request.facets)?;
    let treated = treatment(generation, market.region, &user);
    let teams = match &request.interleave {
        Some(_) if !by_relevance(sort) => {
            let reason = "only results by relevance can be interleaved";
            return Err(SampanError::invalid("interleave", reason));
        }
        Some(asked) => Some(rivals(generation, market.region, asked)?),
        None => None,
    };

    let mut watch = Stopwatch::default();
    let region = &configuration.regions.get(market.region).code;
    let disabled = disabled(&request.disabled_rules)?;
    let mut understood = watch.time("understand", || {
        understand_typed(generation, &request.text, region, &disabled)
    })?;
    let widening = Widening {
        generation,
        region,
        disabled: &disabled,
    };

    let fingerprint = pages::fingerprint(request);
    let token = PageToken::read(&request.page_token, fingerprint)?;
    // What was asked of pools has been answered for all pages by the version that made the list.
    let gate = match &token {
        Some(_) => gate,
        None => gate.with_pools(
            ("filters.pools", &filters.pools),
            ("filters.not_pools", &filters.not_pools),
        )?,
    };
    let list = match &token {
        Some(token) => {
            let list = lists.find(token)?;
            widening.again(list.widened, &mut understood);
            list
        }
        None => {
            let list = compute(
                generation,
                &mut understood,
                &widening,
                &gate,
                request,
                (mode, sort),
                (&treated.profile, teams.as_ref(), fingerprint),
                &mut watch,
            )?;
            let list = ResultList {
                profile: treated.profile,
                exposures: exposures(&treated.exposures),
                teams,
                ..list
            };
            lists.keep(list, page_size)
        }
    };
    let start = token.as_ref().map_or(0, |token| token.offset);
    let builder = PageBuilder {
        store,
        columns: &generation.columns,
        configuration,
        analyzer: &generation.analyzer,
        gate: &gate,
        profile: &list.profile,
        teams: list.teams.as_ref(),
        whole: list.whole,
        understood: Some(&understood),
    };
    let (hits, next) = watch.time("page", || cut(&builder, &list, start, page_size))?;
    let did_you_mean = match token {
        Some(_) => Vec::new(),
        None => watch.time("did_you_mean", || {
            did_you_mean::offer(generation, &understood, &gate, &disabled)
        })?,
    };
    Ok(v1::SearchResponse {
        did_you_mean,
        ..respond(
            &understood,
            &list,
            hits,
            next,
            fingerprint,
            watch,
            generation,
        )
    })
}

fn recall_mode(generation: &Generation, mode: i32) -> Result<v1::RecallMode> {
    let reason = match v1::RecallMode::try_from(mode) {
        Err(_) => "unknown mode",
        Ok(v1::RecallMode::Vector) if generation.encoder.is_none() => {
            "VECTOR needs an encoder of queries, and this node has none; use LEXICAL or HYBRID"
        }
        Ok(mode) => return Ok(mode),
    };
    Err(SampanError::invalid("recall_mode", reason))
}

/// The hits of a page, and where the next one starts.
fn cut(
    builder: &PageBuilder<'_>,
    list: &ResultList,
    start: usize,
    page_size: usize,
) -> Result<(Vec<v1::Hit>, Option<usize>)> {
    let mut hits = Vec::with_capacity(page_size);
    let mut place = start;
    while place < list.ranked.len() && hits.len() < page_size {
        hits.extend(builder.hit(&list.ranked[place], place)?);
        place += 1;
    }
    Ok((hits, (place < list.ranked.len()).then_some(place)))
}

fn respond(
    understood: &Understood,
    list: &Kept,
    hits: Vec<v1::Hit>,
    next: Option<usize>,
    fingerprint: u64,
    watch: Stopwatch,
    generation: &Generation,
) -> v1::SearchResponse {
    v1::SearchResponse {
        hits,
        facets: list.facets.clone(),
        total: list.total,
        total_is_lower_bound: list.total_is_lower_bound,
        next_page_token: next.map_or_else(String::new, |offset| {
            PageToken {
                list: pages::key(list),
                fingerprint,
                offset,
            }
            .write()
        }),
        rewrites: understood.edits.iter().map(rewrite).collect(),
        index_version: list.index_version.clone(),
        // The gate was asked again for this page, whatever the list was made under.
        policy_version: generation.columns.policy.version.clone(),
        timings: watch.timings,
        request_id: format!("{:016x}", pages::key(list)),
        pools_version: list.pools_version.clone(),
        rate_date: generation.configuration.rates.date.clone(),
        removed: list.removed.clone(),
        did_you_mean: Vec::new(),
        exposures: list.exposures.clone(),
    }
}

fn rewrite(edit: &Edit) -> v1::Rewrite {
    v1::Rewrite {
        rule: edit.rule.to_owned(),
        source: Some(byte_range(&edit.source)),
        target: edit.target.clone(),
        weight: f64::from(edit.weight),
        region: edit.region.clone(),
    }
}

/// Recall, fuse, rank (or order), count. Widens a query that finds little by its words alone.
fn compute(
    generation: &Generation,
    understood: &mut Understood,
    widening: &Widening<'_>,
    gate: &Gate<'_>,
    request: &v1::SearchRequest,
    (mode, sort): (v1::RecallMode, v1::Sort),
    (profile, teams, seed): (&RankingProfile, Option<&Teams>, u64),
    watch: &mut Stopwatch,
) -> Result<ResultList> {
    let now = clock::now_seconds();
    let mut counted = watch.time("match", || {
        count(generation, &LexicalQuery::new(understood), gate)
    })?;
    let mut widened = Widened::Not;
    for step in Widened::STEPS {
        if step.is_due(&counted) && watch.time("widen", || widening.step(step, understood)) {
            widened = step;
            // What has a near word is no match: it changes no count.
            if step == Widened::ByKinds {
                counted = watch.time("match", || {
                    count(generation, &LexicalQuery::new(understood), gate)
                })?;
            }
        }
    }
    let understood = &*understood;
    let query = LexicalQuery::new(understood);
    let by_relevance = by_relevance(sort);
    let found = if query.is_empty() {
        recall::browse(&generation.columns, gate, now).0
    } else if by_relevance {
        candidates(generation, understood, &counted, gate, mode, watch)?
    } else {
        Vec::new()
    };
    let Counted {
        level,
        total,
        is_lower_bound,
        removed,
    } = counted;
    // What answers the query may not be sold here: scattered characters of it are no answer in its place.
    let nothing_sellable = total == 0 && !removed.is_empty();
    let ranked = if nothing_sellable {
        Vec::new()
    } else if by_relevance {
        watch.time("rank", || {
            let asked = asked(generation, understood, gate, request, now);
            let ranked = |profile: &RankingProfile, found| {
                let columns = &generation.columns;
                rank(found, columns, gate, profile, &asked, now, request.explain)
            };
            match teams {
                None => ranked(profile, found),
                Some([(_, first), (_, second)]) => {
                    let second = ranked(second, found.clone());
                    team_draft(ranked(first, found), second, seed)
                }
            }
        })
    } else {
        watch.time("rank", || {
            ordered::ordered(generation, &query, level, gate, sort)
        })?
    };
    let beside_words = beside_words(&ranked);
    let ranked = match request.fold_products {
        true => watch.time("fold", || {
            fold(ranked, &generation.columns, &generation.vectors)
        }),
        false => ranked,
    };
    // Two rankings in one list have no order that a margin could be measured in.
    let ranked = match by_relevance && teams.is_none() {
        true => {
            let pools = &generation.columns.pools;
            let quotas = quota::quotas(profile, pools, gate.market().region);
            quota::hold(ranked, &quotas, Some(profile.margin))
        }
        false => ranked,
    };
    let facets = watch.time("facets", || {
        facets::count(generation, &query, level, gate, &request.facets)
    })?;
    Ok(ResultList {
        total: if total == 0 { beside_words } else { total },
        ranked,
        total_is_lower_bound: is_lower_bound,
        whole: level.is_whole(),
        widened,
        facets,
        removed: removed_by(generation, &removed, gate.market()),
        index_version: generation.version(),
        pools_version: generation.columns.pools.version.clone(),
        ..ResultList::default()
    })
}

/// What ranking may know of the query and of who asks.
fn asked<'a>(
    generation: &'a Generation,
    understood: &'a Understood,
    gate: &Gate<'_>,
    request: &v1::SearchRequest,
    now: i64,
) -> Asked<'a> {
    let (columns, behaviour) = (&generation.columns, &generation.behaviour);
    let regions = &generation.configuration.regions;
    let region = &regions.get(gate.market().region).code;
    let stranger = v1::UserContext::default();
    let user = request.user.as_ref().unwrap_or(&stranger);
    let interests = Interests::of(behaviour, user, region);
    Asked {
        preferences: &understood.preferences,
        named: Named::of(understood, &columns.names, &generation.analyzer),
        taste: Taste::of(&interests, columns, gate),
        response: Some(behaviour.response(region, now)),
    }
}

fn by_relevance(sort: v1::Sort) -> bool {
    matches!(sort, v1::Sort::Unspecified | v1::Sort::Relevance)
}

/// Items that vectors or near words brought: no count of words has them.
fn beside_words(ranked: &[RankedItem]) -> u64 {
    let sources = [Source::Vector, Source::NearWords];
    let brought = |item: &&RankedItem| sources.iter().any(|source| item.sources.has(*source));
    ranked.iter().filter(brought).count() as u64
}
