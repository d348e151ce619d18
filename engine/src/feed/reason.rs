//! Why a card is in the feed, in the asked script.

use std::{cell::OnceCell, sync::Arc};

use rustc_hash::FxHashMap;

use super::{
    after_queries::{Chosen, after_queries},
    page::CardBuilder,
    popularity::{Popular, Popularity},
};
use crate::{
    base::{Ordinal, clock, ship::ShipMode},
    flow::{
        candidate::Source,
        filter::Verdict,
        page::{PageBuilder, display_title},
        rank::RankedItem,
    },
    index::generation::Generation,
};

/// Characters of a title that a reason quotes.
const QUOTED_CHARACTERS: usize = 12;

/// One line for a shopper; written in Traditional and converted to the asked script.
pub fn reason(cards: &CardBuilder<'_>, ranked: &RankedItem, source: Source) -> String {
    let builder = &cards.hits;
    let configuration = &cards.generation.configuration;
    let market = builder.gate.market();
    let region = &configuration.regions.get(market.region).name;
    let text = match source {
        Source::ItemToItem | Source::Vector => match seen_title(cards, ranked) {
            Some(title) => format!("因為你看過「{title}」"),
            None => "相似商品".to_owned(),
        },
        Source::QueryToItem => match cards.grounds.query(cards, ranked.ordinal) {
            Some(query) => format!("因為你搜尋過「{}」", quoted(builder, &query)),
            None => format!("{region}好物"),
        },
        Source::UserVector => "根據你的喜好".to_owned(),
        Source::Repeat => "又是時候補貨了".to_owned(),
        Source::Popular => match cards.grounds.popular(cards).of_item(ranked.ordinal) {
            Popularity::Segment => "與你相近的顧客熱賣".to_owned(),
            Popularity::Category | Popularity::Region => format!("{region}熱賣"),
            Popularity::AllRegions => "各地熱賣".to_owned(),
        },
        Source::Trend => format!("{region}近日熱賣"),
        Source::New => "新品上架".to_owned(),
        Source::LocalTaste => "本地直送".to_owned(),
        Source::Exploration if is_local(builder, ranked.ordinal) => "本地直送".to_owned(),
        Source::Exploration => "為你發掘".to_owned(),
        Source::Pool => match pool_title(builder, ranked) {
            Some(title) => title.to_owned(),
            None => format!("{region}好物"),
        },
        Source::Lexical | Source::NearWords => "相似商品".to_owned(),
        Source::Browse | Source::Pinned => format!("{region}好物"),
    };
    display_title(builder.analyzer, &text, market.script)
}

fn is_local(builder: &PageBuilder<'_>, ordinal: Ordinal) -> bool {
    let verdict = builder.gate.check(ordinal);
    matches!(verdict, Verdict::Pass(modes) if modes.has(ShipMode::Local))
}

/// The title of the first pool that recalled an item.
fn pool_title<'b>(builder: &'b PageBuilder<'_>, ranked: &RankedItem) -> Option<&'b str> {
    let region = builder.gate.market().region;
    let recalled = builder.profile.pools.iter();
    let recalled = recalled.filter(|(_, its)| its.recall > 0);
    let recalled = recalled.map(|(id, _)| id.as_str());
    let promised = builder.profile.feed.minimum.iter();
    let ids = recalled.chain(promised.map(|its| its.pool.as_str()));
    let mut pools = ids.filter_map(|id| builder.columns.pools.find(region, id));
    let known = pools.find(|known| known.items.contains(ranked.ordinal))?;
    Some(known.pool.title.as_str()).filter(|title| !title.is_empty())
}

/// The title of the seed that links most to an item, cut short. What has been barred since it was seen is not named.
fn seen_title(cards: &CardBuilder<'_>, ranked: &RankedItem) -> Option<String> {
    let builder = &cards.hits;
    let quotable = |(seed, _): &&(Ordinal, f32)| !builder.gate.is_barred(*seed);
    let mut seeds = cards.interests.seeds.iter().filter(quotable);
    let strongest = seeds.clone().next();
    let live = cards.grounds.seed(cards, ranked.ordinal);
    let is_learnt =
        |(seed, _): &&(Ordinal, f32)| is_learnt(cards.generation, *seed, ranked.ordinal);
    let linked = live.or_else(|| seeds.find(is_learnt).map(|(seed, _)| *seed));
    let seed = linked.or(strongest.map(|(seed, _)| *seed))?;
    let row = builder.columns.row(seed)?;
    let item = builder.store.item(&row.id).ok()??.item?;
    Some(quoted(builder, &item.titles.first()?.text))
}

/// A text as far as it is quoted, in the asked script: on its own, for it may be in another than the words around it.
fn quoted(builder: &PageBuilder<'_>, text: &str) -> String {
    let text = display_title(builder.analyzer, text, builder.gate.market().script);
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(QUOTED_CHARACTERS).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// Whether what shoppers did linked an item to another when the model was made.
fn is_learnt(generation: &Generation, seed: Ordinal, ordinal: Ordinal) -> bool {
    let linked = || {
        let served = generation.feed_model.as_deref()?;
        let (seed, item) = (served.item(seed)?, served.item(ordinal)?);
        let mut neighbours = served.model().co_occurrence.of(seed);
        Some(neighbours.any(|(other, _)| other == item))
    };
    linked().unwrap_or(false)
}

/// What reasons go by, each found for all cards at the first that asks.
#[derive(Default)]
pub struct Grounds<'a> {
    /// Which of the shopper's items live behaviour links others to.
    links: OnceCell<FxHashMap<Ordinal, Ordinal>>,
    chosen: OnceCell<FxHashMap<Ordinal, Chosen>>,
    popular: OnceCell<Popular<'a>>,
}

impl<'a> Grounds<'a> {
    /// The strongest of the shopper's items that goes with an item and may be named.
    fn seed(&self, cards: &CardBuilder<'_>, ordinal: Ordinal) -> Option<Ordinal> {
        let find = || {
            let seeds = cards.interests.seeds.iter().map(|(seed, _)| *seed);
            let seeds = seeds.take(cards.hits.profile.feed.seeds);
            let mut links = FxHashMap::default();
            for seed in seeds.filter(|seed| !cards.hits.gate.is_barred(*seed)) {
                for (other, _) in cards.generation.behaviour.neighbours(seed) {
                    links.entry(other).or_insert(seed);
                }
            }
            links
        };
        self.links.get_or_init(find).get(&ordinal).copied()
    }

    /// The shopper's query after which others chose an item most.
    fn query(&self, cards: &CardBuilder<'_>, ordinal: Ordinal) -> Option<Arc<str>> {
        let find = || after_queries(cards.generation, cards.interests, clock::now_seconds());
        let chosen = self.chosen.get_or_init(find).get(&ordinal)?;
        Some(chosen.query.0.clone())
    }

    fn popular(&self, cards: &CardBuilder<'a>) -> &Popular<'a> {
        let find = || Popular::of(cards.generation, cards.interests, clock::now_seconds());
        self.popular.get_or_init(find)
    }
}
