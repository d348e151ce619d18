//! A shopper who asks without a pause, over every path and page by page, and has every answer judged.

use std::{collections::HashSet, time::Instant};

use super::{
    Course, Dice,
    door::Door,
    history::{Between, History},
    judge::{Circumstances, Judge, is_named},
    requests::{EXCLUDES, SHARED, Visit, any_visit},
};
use sampan_proto::v1::{self, FacetKind, ShipMode};
use sampan_tests::{
    items::now_seconds,
    oracle::{Market, mode_name},
};

pub struct Shopper<'a> {
    pub door: Door,
    pub history: &'a History,
    pub course: &'a Course,
    pub dice: Dice,
    pub judge: Judge,
}

/// A request that is being answered.
struct Asked {
    /// All writes up to this were seen before it.
    seen: u64,
    second: i64,
}

/// What an answer says of itself.
struct Said<'s> {
    index_version: &'s str,
    policy_version: &'s str,
    /// Whether it was made for this request, and not kept from a page before.
    is_fresh: bool,
}

/// What the pages of one list have in common, and what they have shown.
struct Pages {
    index_version: String,
    pools_version: String,
    request_id: String,
    total: u64,
    facets: Vec<v1::Facet>,
    shown: HashSet<String>,
    next_place: u32,
    policies: HashSet<String>,
}

impl<'a> Shopper<'a> {
    /// Asks until the course is over.
    pub fn shop(mut self) {
        let visits = any_visit();
        while self.course.goes_on() {
            self.course.keep_pace();
            let (market, visit) = self.dice.draw(&visits);
            let faults = match &visit {
                Visit::Search(request) => self.search(market, *request.clone()),
                Visit::Suggest(request) => self.suggest(market, request),
                Visit::Feed(request) => self.feed(market, request.clone()),
                Visit::Similar(request) => self.similar(market, request),
            };
            if !faults.is_empty() {
                let faults = faults.join("\n");
                self.course.report(format!("{faults}\n  {visit:?}"));
            }
        }
    }

    fn search(&mut self, market: Market<'static>, mut request: v1::SearchRequest) -> Vec<String> {
        let filters = request.filters.clone().unwrap_or_default();
        // A text that all items have is answered with all of them.
        let is_for_all = ["", SHARED].contains(&&*request.text)
            && filters.pools.is_empty()
            && filters.not_pools.is_empty()
            && market.region != EXCLUDES;
        let (mut faults, mut pages, mut owed) = (Vec::new(), None, Vec::new());
        loop {
            let asked = self.asked();
            let answer = self.door.search(&request);
            self.course.answered("search");
            let page = match answer {
                Ok(page) => page,
                Err(error) => return vec![error],
            };
            let said = Said {
                index_version: &page.index_version,
                policy_version: &page.policy_version,
                is_fresh: pages.is_none(),
            };
            let Some(around) = self.around(market, &said, &asked) else {
                return vec![format!("policy {} was never put", page.policy_version)];
            };
            if pages.is_none() {
                let judge = &mut self.judge;
                faults.extend(counts(judge, &page, &filters, &around, is_for_all));
            }
            if is_for_all && !request.fold_products {
                let must = self.judge.must_show(&filters, &around);
                match pages {
                    None => owed = must,
                    Some(_) => owed.retain(|item| must.contains(item)),
                }
            }
            let first = pages.get_or_insert_with(|| Pages::of(&page));
            faults.extend(first.mixed(&page));
            faults.extend(self.hits(&page.hits, &filters, &around));
            if page.next_page_token.is_empty() {
                break;
            }
            if !self.course.goes_on() {
                return faults;
            }
            request.page_token = page.next_page_token;
        }
        if let Some(pages) = pages.filter(|pages| pages.policies.len() == 1) {
            let missing = owed.iter().filter(|(id, _)| !pages.shown.contains(id));
            faults.extend(missing.map(|(id, _)| format!("{id} is to be shown and is on no page")));
        }
        faults
    }

    fn feed(&mut self, market: Market<'static>, mut request: v1::GetFeedRequest) -> Vec<String> {
        let filters = v1::Filters {
            category_path: request.category_path.clone(),
            ..Default::default()
        };
        let (mut faults, mut pages) = (Vec::new(), None);
        loop {
            let asked = self.asked();
            let answer = self.door.feed(&request);
            self.course.answered("feed");
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => return vec![error],
            };
            let said = Said {
                index_version: &answer.index_version,
                policy_version: &answer.policy_version,
                is_fresh: pages.is_none(),
            };
            let Some(around) = self.around(market, &said, &asked) else {
                return vec![format!("policy {} was never put", answer.policy_version)];
            };
            // A page of cards is a page of hits.
            let page = v1::SearchResponse {
                hits: answer
                    .cards
                    .into_iter()
                    .filter_map(|card| card.hit)
                    .collect(),
                index_version: answer.index_version,
                pools_version: answer.pools_version,
                policy_version: answer.policy_version,
                request_id: answer.request_id,
                ..Default::default()
            };
            faults.extend(pages.get_or_insert_with(|| Pages::of(&page)).mixed(&page));
            faults.extend(self.hits(&page.hits, &filters, &around));
            if answer.next_page_token.is_empty() || !self.course.goes_on() {
                return faults;
            }
            request.page_token = answer.next_page_token;
        }
    }

    fn similar(
        &mut self,
        market: Market<'static>,
        request: &v1::SimilarItemsRequest,
    ) -> Vec<String> {
        let asked = self.asked();
        let answer = self.door.similar(request);
        self.course.answered("similar items");
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let come = self.history.between(asked.seen, Instant::now());
                let versions = come.versions(&request.item_id);
                // The item may have been deleted, or never have been there.
                let is_gone = versions.iter().any(|version| version.item.is_none());
                return if is_gone { vec![] } else { vec![error] };
            }
        };
        let said = Said {
            index_version: &answer.index_version,
            policy_version: &answer.policy_version,
            is_fresh: true,
        };
        let Some(around) = self.around(market, &said, &asked) else {
            return vec![format!("policy {} was never put", answer.policy_version)];
        };
        let hits = answer.cards.into_iter().filter_map(|card| card.hit);
        let hits: Vec<v1::Hit> = hits.collect();
        let mut faults = self.hits(&hits, &v1::Filters::default(), &around);
        if hits.iter().any(|hit| hit.item_id == request.item_id) {
            faults.push("an item is similar to itself".to_owned());
        }
        faults
    }

    fn suggest(&mut self, market: Market<'static>, request: &v1::SuggestRequest) -> Vec<String> {
        let asked = self.asked();
        let answer = self.door.suggest(request);
        self.course.answered("suggest");
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return vec![error],
        };
        let said = Said {
            index_version: &answer.index_version,
            policy_version: &answer.policy_version,
            is_fresh: true,
        };
        let Some(around) = self.around(market, &said, &asked) else {
            return vec![format!("policy {} was never put", answer.policy_version)];
        };
        let mut faults = Vec::new();
        for suggestion in &answer.suggestions {
            let is_behind = |item: &v1::Item, _: &[ShipMode]| is_named(item, suggestion);
            let bounds = self
                .judge
                .count(&v1::Filters::default(), &around, &is_behind);
            if suggestion.items == 0 || suggestion.items > bounds.most {
                let (text, items) = (&suggestion.text, suggestion.items);
                faults.push(format!("{text} is suggested for {items} items: {bounds:?}"));
            }
        }
        faults
    }

    fn hits(
        &mut self,
        hits: &[v1::Hit],
        filters: &v1::Filters,
        around: &Circumstances<'_>,
    ) -> Vec<String> {
        self.course.judged(hits);
        let mut faults = Vec::new();
        for hit in hits {
            faults.extend(self.judge.fault(hit, filters, around));
            let behind = hit.more_item_ids.iter();
            let barred = behind.filter(|id| !self.judge.may_show(id, around));
            faults.extend(barred.map(|id| format!("{id} behind {} is barred", hit.item_id)));
        }
        if !faults.is_empty() {
            let (market, seconds) = (around.market, &around.seconds);
            faults.push(format!("in {market:?} at {seconds:?}"));
        }
        faults
    }

    fn asked(&self) -> Asked {
        Asked {
            seen: self.door.seen(),
            second: now_seconds(),
        }
    }

    /// Under what an answer that has just come was made; `None` when its policy was never put.
    fn around(
        &self,
        market: Market<'static>,
        said: &Said<'_>,
        asked: &Asked,
    ) -> Option<Circumstances<'a>> {
        let (come, second) = (Instant::now(), now_seconds());
        let policy = self.history.policy(said.policy_version)?;
        // The index version of a fresh answer begins with the last write that it saw.
        let sequence = said.index_version.split('-').next();
        let sequence = sequence.filter(|_| said.is_fresh);
        let seen = sequence.and_then(|text| text.parse().ok());
        let items: Between<'_> = self.history.between(seen.unwrap_or(asked.seen), come);
        Some(Circumstances {
            market,
            policy,
            seconds: asked.second..=second,
            items,
        })
    }
}

impl Pages {
    fn of(page: &v1::SearchResponse) -> Self {
        Self {
            index_version: page.index_version.clone(),
            pools_version: page.pools_version.clone(),
            request_id: page.request_id.clone(),
            total: page.total,
            facets: page.facets.clone(),
            shown: HashSet::new(),
            next_place: 0,
            policies: HashSet::new(),
        }
    }

    /// Takes the next page; tells what of it is of another list than the pages before.
    fn mixed(&mut self, page: &v1::SearchResponse) -> Vec<String> {
        let mut faults = Vec::new();
        let is_same = page.index_version == self.index_version
            && page.pools_version == self.pools_version
            && page.request_id == self.request_id
            && page.total == self.total
            && page.facets == self.facets;
        if !is_same {
            let (one, other) = (&self.index_version, &page.index_version);
            faults.push(format!("a page of {other} after one of {one}"));
        }
        self.policies.insert(page.policy_version.clone());
        for hit in &page.hits {
            if hit.position < self.next_place {
                faults.push(format!("place {} comes late", hit.position));
            }
            self.next_place = hit.position + 1;
            for id in hit.more_item_ids.iter().chain([&hit.item_id]) {
                if !self.shown.insert(id.clone()) {
                    faults.push(format!("{id} comes twice"));
                }
            }
        }
        faults
    }
}

/// What is wrong with the counts of a first page.
fn counts(
    judge: &mut Judge,
    page: &v1::SearchResponse,
    filters: &v1::Filters,
    around: &Circumstances<'_>,
    is_for_all: bool,
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check =
        |what: String, count: u64, is_counted: &dyn Fn(&v1::Item, &[ShipMode]) -> bool| {
            let mut bounds = judge.count(filters, around, is_counted);
            if !is_for_all {
                bounds.least = 0;
            }
            if !bounds.hold(count) {
                faults.push(format!("{what}: {count}, and it is {bounds:?}"));
            }
        };
    check("total".to_owned(), page.total, &|_, _| true);
    for facet in &page.facets {
        for bucket in &facet.buckets {
            let (value, prices) = (
                &bucket.value,
                (bucket.price_min_minor, bucket.price_max_minor),
            );
            let is_in = |item: &v1::Item, ways: &[ShipMode]| match facet.kind() {
                FacetKind::Category => format!("{} > ", item.category_path.join(" > "))
                    .starts_with(&format!("{value} > ")),
                FacetKind::Brand => item.brand == *value,
                FacetKind::Tag => item.tags.contains(value),
                FacetKind::ShipMode => ways.iter().any(|mode| mode_name(*mode) == value),
                FacetKind::LandedPrice => unreachable!("it is not drawn"),
                FacetKind::Price | FacetKind::Unspecified => {
                    let offers = item.offers.iter();
                    let mut here = offers.filter(|offer| offer.region == around.market.region);
                    let minor = here.find_map(|offer| Some(offer.price.as_ref()?.minor));
                    minor >= prices.0 && minor <= prices.1
                }
            };
            check(format!("{:?} {value}", facet.kind()), bucket.count, &is_in);
        }
    }
    faults
}
