//! Ranked items to what a shopper sees: titles with highlights, the offer, badges, explanations. The gate has its last
//! word here.

use std::{ops::Range, sync::Arc};

use sampan_analyzers::{Analyzer, plan::Understood};
use sampan_proto::v1;

use super::{
    filter::{Gate, Verdict},
    interleave::Team,
    matched::{TextTerms, item_texts},
    rank::{Part, RankedItem},
    request::{Market, TitleScript},
    treatment::Teams,
};
use crate::{
    base::{
        clock,
        error::Result,
        limits,
        money::CurrencyIndex,
        ship::{ModeSet, ShipMode},
    },
    config::{Configuration, profile::RankingProfile},
    index::columns::{Columns, OfferRow, Row, is_new, selected_by},
    store::state::Store,
};

/// Stock below which the card says so.
const LOW_STOCK_BELOW: u32 = 10;

/// What a page is built from.
pub struct PageBuilder<'a> {
    pub store: &'a Store,
    pub columns: &'a Columns,
    pub configuration: &'a Configuration,
    pub analyzer: &'a Analyzer,
    pub gate: &'a Gate<'a>,
    pub profile: &'a RankingProfile,
    /// Of an interleaved result, what ranked each team.
    pub teams: Option<&'a Teams>,
    /// Whether an item that matched has the whole query.
    pub whole: bool,
    /// The query, for highlights and explanations; none in a feed.
    pub understood: Option<&'a Understood>,
}

impl PageBuilder<'_> {
    /// The hit of a ranked item; of its folded offers the best that may still be shown. `None` when none may.
    pub fn hit(&self, ranked: &RankedItem, position: usize) -> Result<Option<v1::Hit>> {
        let mut offers = std::iter::once(ranked).chain(ranked.others.iter());
        let mut hit = None;
        while hit.is_none()
            && let Some(offer) = offers.next()
        {
            hit = self.offer_hit(offer, position)?;
        }
        if let Some(hit) = &mut hit {
            let shown = |offer: &&RankedItem| self.gate.allows(offer.ordinal);
            let others: Vec<&RankedItem> = offers.filter(shown).collect();
            hit.more_offers = others.len() as u32;
            let listed = others.iter().take(limits::MORE_OFFERS_LISTED_MAX);
            hit.more_item_ids = listed
                .filter_map(|offer| self.columns.row(offer.ordinal))
                .map(|row| row.id.to_string())
                .collect();
        }
        Ok(hit)
    }

    fn offer_hit(&self, ranked: &RankedItem, position: usize) -> Result<Option<v1::Hit>> {
        let Verdict::Pass(modes) = self.gate.check(ranked.ordinal) else {
            return Ok(None);
        };
        let market = self.gate.market();
        let Some(row) = self.columns.row(ranked.ordinal) else {
            return Ok(None);
        };
        let (Some(offer), Some(stored)) = (row.offer(market.region), self.store.item(&row.id)?)
        else {
            return Ok(None);
        };
        // The store may be ahead of the snapshot: what was written since has not been judged yet.
        let is_judged = |item: &v1::Item| {
            stored.ordinal == ranked.ordinal && selected_by(item) == row.selected_by
        };
        let Some(item) = stored.item.filter(is_judged) else {
            return Ok(None);
        };
        let (title, highlights) = self.best_title(&item.titles);
        let created = item.created.as_ref().map_or(0, |time| time.seconds);
        Ok(Some(v1::Hit {
            display_title: display_title(self.analyzer, &title, market.script),
            title,
            highlights: highlights.iter().map(byte_range).collect(),
            offer: Some(self.offer(row, offer, modes, market)),
            badges: badges(offer, modes, created)
                .into_iter()
                .map(i32::from)
                .collect(),
            score: ranked.score,
            explanation: self.explanation(ranked, &item),
            item_id: item.id,
            brand: item.brand,
            image_url: item.image_url,
            category_path: item.category_path,
            seller: item.seller,
            partial_match: !(self.whole && ranked.full_match),
            position: position as u32,
            more_offers: 0,
            more_item_ids: Vec::new(),
            team: self
                .team(ranked)
                .map_or_else(String::new, |(arm, _)| arm.clone()),
            pinned_by: String::new(),
        }))
    }

    /// The arm that brought an item to an interleaved result, and its profile.
    fn team(&self, ranked: &RankedItem) -> Option<&(String, Arc<RankingProfile>)> {
        let [first, second] = self.teams?;
        Some(match ranked.team? {
            Team::First => first,
            Team::Second => second,
        })
    }

    /// The title that has most of the query, in the typed words rather than in others; the first one when equal.
    fn best_title(&self, titles: &[v1::Title]) -> (String, Vec<Range<usize>>) {
        let Some((first, others)) = titles.split_first() else {
            return Default::default();
        };
        let Some(query) = self.understood else {
            return (first.text.clone(), Vec::new());
        };
        let marked = |title: &v1::Title| self.analyzer.highlight(&title.text, query);
        if others.is_empty() {
            return (first.text.clone(), marked(first));
        }
        let mut best: Option<(_, &v1::Title, Vec<Range<usize>>)> = None;
        for title in titles {
            let terms = TextTerms::of(self.analyzer, [title.text.as_str()]);
            let marked = marked(title);
            let bytes: usize = marked.iter().map(ExactSizeIterator::len).sum();
            let worth = (terms.units_met(query), bytes);
            if best.as_ref().is_none_or(|(most, _, _)| worth > *most) {
                best = Some((worth, title, marked));
            }
        }
        best.map_or_else(Default::default, |(_, title, marked)| {
            (title.text.clone(), marked)
        })
    }

    fn offer(
        &self,
        row: &Row,
        offer: &OfferRow,
        modes: ModeSet,
        market: Market,
    ) -> v1::DisplayOffer {
        let money = |minor: i64, currency: CurrencyIndex| v1::Money {
            minor,
            currency: self.configuration.rates.get(currency).code.clone(),
        };
        let shown = |minor| money(minor, market.currency);
        let costs = self.gate.costs();
        let freight = costs.freight(row, offer, modes);
        let by_mode = modes.iter().map(|mode| {
            let known = costs.freight_by(mode, row, offer);
            v1::ModeFreight {
                mode: mode.to_proto().into(),
                freight: known.map(|known| shown(known.minor)),
                row: known
                    .and_then(|known| known.row)
                    .map_or_else(String::new, |row| row.id.clone()),
            }
        });
        v1::DisplayOffer {
            price: Some(money(offer.price_minor, offer.currency)),
            display_price: Some(shown(costs.price(offer))),
            display_freight: freight.map(|freight| shown(freight.minor)),
            display_landed: costs.landed(row, offer, modes).map(shown),
            stock: offer.stock,
            ship_modes: modes.iter().map(|mode| mode.to_proto().into()).collect(),
            delivery_days: offer.delivery_days.map(u32::from),
            local_return: offer.local_return,
            region: self.configuration.regions.get(offer.region).code.clone(),
            freight_mode: freight
                .map_or(v1::ShipMode::Unspecified, |freight| freight.mode.to_proto())
                .into(),
            freight_by_mode: by_mode.collect(),
        }
    }

    fn explanation(&self, ranked: &RankedItem, item: &v1::Item) -> Option<v1::Explanation> {
        let profile = self
            .team(ranked)
            .map_or(self.profile, |(_, profile)| profile);
        let parts = ranked.scoring.as_ref()?.parts(profile);
        let rewrites = self.understood.map_or_else(Vec::new, |query| {
            TextTerms::of(self.analyzer, item_texts(item)).rules_met_through(query)
        });
        Some(v1::Explanation {
            parts: parts.map(score_part).collect(),
            sources: ranked
                .sources
                .iter()
                .map(|source| source.name().to_owned())
                .collect(),
            rewrites,
            profile: profile.name.clone(),
            quota: ranked.scoring.as_ref().and_then(|scoring| {
                let lift = scoring.lift.as_ref()?;
                Some(v1::QuotaLift {
                    pool: lift.pool.clone(),
                    rank_without: lift.from,
                })
            }),
        })
    }
}

/// An addend as the contract writes it.
pub fn score_part(part: Part) -> v1::ScorePart {
    v1::ScorePart {
        signal: part.name.to_owned(),
        value: part.value,
        weight: part.weight,
        contribution: part.contribution(),
        rank_without: part.rank_without,
        parts: Vec::new(),
    }
}

/// A text in the asked script.
pub fn display_title(analyzer: &Analyzer, text: &str, script: TitleScript) -> String {
    match script {
        TitleScript::Original => text.to_owned(),
        TitleScript::In(script) => analyzer.display(text, script),
    }
}

/// A range of bytes as the contract writes it.
pub fn byte_range(range: &Range<usize>) -> v1::ByteRange {
    v1::ByteRange {
        start: range.start as u32,
        end: range.end as u32,
    }
}

fn badges(offer: &OfferRow, modes: ModeSet, created: i64) -> Vec<v1::Badge> {
    let mut badges: Vec<v1::Badge> = modes
        .iter()
        .map(|mode| match mode {
            ShipMode::DirectMail => v1::Badge::DirectMail,
            ShipMode::FreeShipping => v1::Badge::FreeShipping,
            ShipMode::Consolidated => v1::Badge::Consolidated,
            ShipMode::Local => v1::Badge::Local,
        })
        .collect();
    if is_new(created, clock::now_seconds()) {
        badges.push(v1::Badge::New);
    }
    match offer.stock {
        Some(0) => badges.push(v1::Badge::SoldOut),
        Some(stock) if stock < LOW_STOCK_BELOW => badges.push(v1::Badge::LowStock),
        _ => {}
    }
    if offer.local_return {
        badges.push(v1::Badge::LocalReturn);
    }
    badges
}
