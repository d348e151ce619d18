//! Later pages of a result: the ranked list is kept for a while, so that a page and its later pages come from one
//! generation. The gate is asked again for each page, so what has been barred since is left out.

use std::{
    hash::{Hash as _, Hasher as _},
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
};

use prost::Message as _;
use quick_cache::{Weighter, sync::Cache};
use rustc_hash::FxHashMap;
use sampan_analyzers::memory::vec_bytes;

use sampan_proto::v1;

use super::{merchandised::Merchandised, widening::Widened};
use crate::{
    base::{
        Ordinal, clock,
        error::{Result, SampanError},
        limits,
    },
    config::profile::RankingProfile,
    flow::{affinity::Affinities, rank::RankedItem, treatment::Teams},
};

/// A whole result.
#[derive(Debug, Default)]
pub struct ResultList {
    pub ranked: Vec<RankedItem>,
    pub total: u64,
    pub total_is_lower_bound: bool,
    pub facets: Vec<v1::Facet>,
    pub removed: Vec<v1::RemovedByPolicy>,
    /// True when the items counted have the whole query, false when none has and they have part of it.
    pub whole: bool,
    /// How far the query was widened.
    pub widened: Widened,
    /// What merchandising rules did.
    pub merchandised: Merchandised,
    pub index_version: String,
    pub pools_version: String,
    /// What ranked it: later pages explain by the same weights.
    pub profile: Arc<RankingProfile>,
    /// Of an interleaved result the arms and their profiles, by team.
    pub teams: Option<Teams>,
    /// What a feed says of itself beside its list.
    pub feed: FeedNotes,
    /// Experiments that the shopper was in.
    pub exposures: Vec<v1::Exposure>,
}

/// What a feed says of itself beside its list.
#[derive(Debug, Default)]
pub struct FeedNotes {
    /// Of the items that chance put in their places: the probability of it.
    pub propensities: FxHashMap<Ordinal, f64>,
    /// What the model makes of its candidates; nothing without one.
    pub affinities: Affinities,
    pub degraded: Vec<v1::Degradation>,
    /// Whose popular goods it took; "" for none.
    pub popular_by: &'static str,
    /// Where the time of making it went.
    pub timings: Vec<v1::StageTiming>,
}

/// A result with the number it is asked for by.
#[derive(Debug)]
pub struct Kept {
    key: u64,
    made: i64,
    /// About what it takes in memory.
    bytes: u64,
    list: ResultList,
}

impl std::ops::Deref for Kept {
    type Target = ResultList;

    fn deref(&self) -> &ResultList {
        &self.list
    }
}

/// Weighs lists by what they take in memory.
#[derive(Clone)]
struct ByBytes;

impl Weighter<u64, Arc<Kept>> for ByBytes {
    fn weight(&self, _: &u64, kept: &Arc<Kept>) -> u64 {
        kept.bytes
    }
}

/// Bytes of an item in a list.
fn bytes(item: &RankedItem) -> usize {
    let scoring = item.scoring.as_ref().map_or(0, |scoring| {
        size_of_val(&**scoring)
            + size_of_val(&*scoring.values)
            + scoring.ranks_without.capacity() * size_of::<(usize, u32)>()
    });
    size_of::<RankedItem>() + scoring + item.others.iter().map(bytes).sum::<usize>()
}

/// Results kept for their later pages.
pub struct PageLists {
    lists: Cache<u64, Arc<Kept>, ByBytes>,
    next: AtomicU64,
}

impl Default for PageLists {
    fn default() -> Self {
        Self::of_at_most(limits::PAGE_LISTS_BYTES_MAX)
    }
}

impl PageLists {
    fn of_at_most(bytes: u64) -> Self {
        /// Lists that there is room for at once.
        const LISTS: usize = 20_000;
        Self {
            lists: Cache::with_weighter(LISTS, bytes, ByBytes),
            // Numbers of an earlier process must not meet ours.
            next: AtomicU64::new(clock::now_millis() as u64),
        }
    }

    /// Numbers a result, and keeps it when there is more than one page of it.
    pub fn keep(&self, list: ResultList, page_size: usize) -> Arc<Kept> {
        let mut hash = rustc_hash::FxHasher::default();
        self.next.fetch_add(1, Ordering::Relaxed).hash(&mut hash);
        let kept = Arc::new(Kept {
            key: hash.finish(),
            made: clock::now_seconds(),
            bytes: (size_of::<Kept>() + list.ranked.iter().map(bytes).sum::<usize>()) as u64
                + list.feed.affinities.heap_bytes(),
            list,
        });
        if kept.ranked.len() > page_size {
            self.lists.insert(kept.key, kept.clone());
        }
        kept
    }

    /// Bytes of the results that are kept: of their items, which is nearly all of them.
    pub fn heap_bytes(&self) -> u64 {
        let lists = self.lists.iter();
        lists
            .map(|(_, kept)| {
                let folded = kept.ranked.iter().map(|item| size_of_val(&*item.others));
                vec_bytes(&kept.ranked) + folded.sum::<usize>() as u64
            })
            .sum()
    }

    /// The result of a token.
    pub fn find(&self, token: &PageToken) -> Result<Arc<Kept>> {
        let fresh =
            |kept: &Arc<Kept>| clock::now_seconds() - kept.made <= limits::PAGE_TOKEN_SECONDS;
        self.lists.get(&token.list).filter(fresh).ok_or_else(|| {
            SampanError::Stale(format!(
                "page_token: its result is no longer kept (at most {} s); start again from the first page",
                limits::PAGE_TOKEN_SECONDS
            ))
        })
    }
}

/// Number of a kept result.
pub fn key(kept: &Kept) -> u64 {
    kept.key
}

/// What a page token says: result, request, place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageToken {
    pub list: u64,
    /// Hash of the request it belongs to.
    pub fingerprint: u64,
    pub offset: usize,
}

impl PageToken {
    /// The token as text.
    pub fn write(&self) -> String {
        format!(
            "{:016x}{:016x}{:x}",
            self.list, self.fingerprint, self.offset
        )
    }

    /// Reads a token; "" is the first page. A token of another request is refused.
    pub fn read(text: &str, fingerprint: u64) -> Result<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |reason: &str| SampanError::invalid("page_token", reason);
        let sane = text.len() <= limits::PAGE_TOKEN_BYTES_MAX && text.is_ascii() && text.len() > 32;
        if !sane {
            return Err(wrong("is no token of this node"));
        }
        let number = |part: &str| {
            u64::from_str_radix(part, 16).map_err(|_| wrong("is no token of this node"))
        };
        let token = Self {
            list: number(&text[..16])?,
            fingerprint: number(&text[16..32])?,
            offset: number(&text[32..])? as usize,
        };
        if token.fingerprint != fingerprint {
            return Err(wrong(
                "belongs to another request: only page_size may change between pages",
            ));
        }
        Ok(Some(token))
    }
}

/// Hash of all of a request that must stay the same between pages.
pub fn fingerprint(request: &v1::SearchRequest) -> u64 {
    let same = v1::SearchRequest {
        page_token: String::new(),
        page_size: 0,
        user: None,
        ..request.clone()
    };
    let user = request
        .user
        .as_ref()
        .map_or("", |user| user.user_id.as_str());
    fingerprint_of(&same.encode_to_vec(), user)
}

/// Hash of encoded request and user.
pub fn fingerprint_of(encoded: &[u8], user: &str) -> u64 {
    let mut hash = rustc_hash::FxHasher::default();
    encoded.hash(&mut hash);
    user.hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::candidate::{Source, Sources};

    #[test]
    fn a_token_reads_back_and_only_for_its_request() {
        let token = PageToken {
            list: 7,
            fingerprint: 9,
            offset: 40,
        };
        assert_eq!(
            PageToken::read(&token.write(), 9).expect("its own"),
            Some(token)
        );
        assert!(PageToken::read(&token.write(), 10).is_err());
        for broken in [
            "x",
            "éééééééééééééééééééééééé",
            &"f".repeat(65),
            &"g".repeat(40),
        ] {
            assert!(PageToken::read(broken, 9).is_err(), "{broken}");
        }
    }

    #[test]
    fn lists_that_would_take_too_much_memory_give_way() {
        let item = |ordinal| RankedItem {
            ordinal,
            score: 0.0,
            boosted: 0.0,
            sources: Sources::of(Source::New),
            full_match: false,
            scoring: None,
            others: Box::default(),
            team: None,
        };
        let list = || ResultList {
            ranked: (0..500).map(item).collect(),
            ..ResultList::default()
        };
        let each = PageLists::default().keep(list(), 20).bytes;
        assert!((20_000..60_000).contains(&each), "{each}");
        let kept = |lists: usize| {
            let room = PageLists::of_at_most(100 * each);
            for _ in 0..lists {
                room.keep(list(), 20);
            }
            assert!(room.lists.weight() <= 100 * each);
            room.lists.len()
        };
        // Room is parted: a part may be full before the others.
        assert_eq!(kept(20), 20);
        assert!((50..=100).contains(&kept(2_000)));
    }

    #[test]
    fn a_result_that_was_not_kept_is_stale() {
        let lists = PageLists::default();
        let kept = lists.keep(ResultList::default(), 20);
        let token = PageToken {
            list: kept.key,
            fingerprint: 0,
            offset: 0,
        };
        assert!(matches!(lists.find(&token), Err(SampanError::Stale(_))));
    }
}
