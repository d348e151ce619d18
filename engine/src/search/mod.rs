//! Floor 5: an answer to a query, composed of the steps of the flow.

mod candidates;
mod counted;
mod did_you_mean;
mod facets;
mod merchandised;
mod ordered;
pub mod pages;
mod result;
pub mod rewrites;
#[cfg(test)]
mod tests;
mod widening;

use sampan_analyzers::plan::{Edit, Understood};
use sampan_proto::v1;

use crate::{
    base::{
        clock,
        error::{Result, SampanError},
    },
    flow::{
        filter::Gate,
        merchandise::Merchandiser,
        page::{PageBuilder, byte_range},
        request::{self, Market},
        stopwatch::Stopwatch,
        treatment::treatment,
        understand::{disabled, understand_typed},
    },
    index::{generation::Generation, rules::Rules},
    store::state::Store,
};
use pages::{Kept, PageLists, PageToken};
use result::ResultQuery;
use widening::Widening;

/// Answers a search.
pub fn search(
    generation: &Generation,
    store: &Store,
    lists: &PageLists,
    request: &v1::SearchRequest,
) -> Result<v1::SearchResponse> {
    search_under(
        generation,
        &generation.rules,
        clock::now_seconds(),
        store,
        lists,
        request,
    )
}

/// Answers a search under some merchandising rules, as they hold at a moment (seconds since 1970).
pub fn search_under(
    generation: &Generation,
    rules: &Rules,
    rules_at: i64,
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
    facets::check(&request.facets)?;
    let disabled = disabled(&request.disabled_rules)?;
    let key = |text: &str| generation.analyzer.fold_key(text);
    let filters = request.filters.clone().unwrap_or_default();
    let fingerprint = pages::fingerprint(request);
    let mut query = ResultQuery {
        generation,
        store,
        gate: Gate::new(&generation.columns, configuration, market).with_filters(&filters, &key)?,
        request,
        mode: recall_mode(generation, request.recall_mode)?,
        sort: sort(request.sort)?,
        treated: treatment(generation, market.region, &user),
        teams: None,
        seed: fingerprint,
    };
    query.teams = query.interleaved()?;

    let mut watch = Stopwatch::default();
    let region = &configuration.regions.get(market.region).code;
    let typed = watch.time("understand", || {
        understand_typed(generation, &request.text, region, &disabled)
    })?;
    let widening = Widening {
        generation,
        region,
        disabled: &disabled,
    };
    let token = PageToken::read(&request.page_token, fingerprint)?;
    let (list, understood) = match &token {
        Some(token) => {
            let list = lists.find(token)?;
            let replaced = list.merchandised.replaced.as_ref();
            let understood =
                replaced.map(|it| it.understood(&generation.analyzer, region, &disabled));
            let mut understood = understood.transpose()?.unwrap_or(typed);
            widening.again(list.widened, &mut understood);
            (list, understood)
        }
        None => {
            let merchandiser = Merchandiser {
                rules,
                region: market.region,
                attributes: &user.attributes,
                now: rules_at,
            };
            let mut asked = watch.time("merchandise", || {
                merchandised::ask(&query, &merchandiser, typed, &disabled)
            })?;
            // What is asked of pools is answered for all pages by the version that makes the list.
            query.gate = query.gate.without(asked.held.hidden()).with_pools(
                ("filters.pools", &filters.pools),
                ("filters.not_pools", &filters.not_pools),
            )?;
            let list = query.answer(&mut asked, &widening, &mut watch)?;
            (lists.keep(list, page_size), asked.understood)
        }
    };
    let page = Page {
        list: &list,
        start: token.as_ref().map_or(0, |token| token.offset),
        size: page_size,
        fingerprint,
    };
    let mut response = page.respond(&query, &understood, &mut watch)?;
    // Nobody mistyped a query that a merchandiser wrote.
    if token.is_none() && list.merchandised.replaced.is_none() {
        response.did_you_mean = watch.time("did_you_mean", || {
            did_you_mean::offer(generation, &understood, &query.gate, &disabled)
        })?;
    }
    response.timings = watch.timings;
    Ok(response)
}

fn sort(asked: i32) -> Result<v1::Sort> {
    v1::Sort::try_from(asked)
        .map_err(|_| SampanError::invalid("sort", format!("unknown order {asked}")))
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

/// A page of a result.
struct Page<'a> {
    list: &'a Kept,
    /// Place of its first hit.
    start: usize,
    /// Hits at most.
    size: usize,
    /// Hash of the request.
    fingerprint: u64,
}

impl Page<'_> {
    fn respond(
        &self,
        query: &ResultQuery<'_>,
        understood: &Understood,
        watch: &mut Stopwatch,
    ) -> Result<v1::SearchResponse> {
        let (generation, list) = (query.generation, self.list);
        let builder = PageBuilder {
            store: query.store,
            columns: &generation.columns,
            configuration: &generation.configuration,
            analyzer: &generation.analyzer,
            gate: &query.gate,
            profile: &list.profile,
            teams: list.teams.as_ref(),
            whole: list.whole,
            understood: Some(understood),
        };
        let (hits, next) = watch.time("page", || self.cut(&builder))?;
        let merchandised = &list.merchandised;
        Ok(v1::SearchResponse {
            hits,
            facets: list.facets.clone(),
            total: list.total,
            total_is_lower_bound: list.total_is_lower_bound,
            next_page_token: next.map_or_else(String::new, |offset| {
                PageToken {
                    list: pages::key(list),
                    fingerprint: self.fingerprint,
                    offset,
                }
                .write()
            }),
            rewrites: merchandised.rewrites(&query.request.text, understood),
            index_version: list.index_version.clone(),
            // The gate was asked again for this page, whatever the list was made under.
            policy_version: generation.columns.policy.version.clone(),
            timings: Vec::new(),
            request_id: format!("{:016x}", pages::key(list)),
            pools_version: list.pools_version.clone(),
            rate_date: generation.configuration.rates.date.clone(),
            removed: list.removed.clone(),
            did_you_mean: Vec::new(),
            exposures: list.exposures.clone(),
            redirect: merchandised.redirect.clone(),
            banners: merchandised.banners.clone(),
            applied_rules: merchandised.applied.clone(),
        })
    }

    /// The hits, and where the next page starts.
    fn cut(&self, builder: &PageBuilder<'_>) -> Result<(Vec<v1::Hit>, Option<usize>)> {
        let list = self.list;
        let mut hits = Vec::with_capacity(self.size);
        let mut place = self.start;
        while place < list.ranked.len() && hits.len() < self.size {
            let ranked = &list.ranked[place];
            let hit = builder.hit(ranked, place)?;
            hits.extend(hit.map(|hit| list.merchandised.mark(hit, ranked.ordinal)));
            place += 1;
        }
        Ok((hits, (place < list.ranked.len()).then_some(place)))
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
