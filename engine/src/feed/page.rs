//! One page of cards.

use sampan_proto::v1;

use super::reason::{self, Grounds};
use crate::{
    base::error::Result,
    config::profile::RankingProfile,
    flow::{
        affinity::Affinities,
        candidate::Source,
        filter::Gate,
        interests::Interests,
        page::{PageBuilder, score_part},
        rank::{RankedItem, signals::feed_affinity},
    },
    index::generation::Generation,
    store::state::Store,
};

/// Builds cards for one shopper.
pub struct CardBuilder<'a> {
    pub hits: PageBuilder<'a>,
    pub generation: &'a Generation,
    pub interests: &'a Interests,
    pub grounds: Grounds<'a>,
}

impl<'a> CardBuilder<'a> {
    pub fn new(
        generation: &'a Generation,
        store: &'a Store,
        gate: &'a Gate<'a>,
        profile: &'a RankingProfile,
        interests: &'a Interests,
    ) -> Self {
        Self {
            hits: PageBuilder {
                store,
                columns: &generation.columns,
                configuration: &generation.configuration,
                analyzer: &generation.analyzer,
                gate,
                profile,
                teams: None,
                whole: true,
                understood: None,
            },
            generation,
            interests,
            grounds: Grounds::default(),
        }
    }

    /// The card of a ranked item; none when it may not be shown any more. `chance`: the probability of its place, of a card
    /// that chance put there. `affinities`: those of the list.
    pub fn card(
        &self,
        ranked: &RankedItem,
        place: usize,
        chance: Option<f64>,
        affinities: &Affinities,
    ) -> Result<Option<v1::Card>> {
        let source = match chance {
            Some(_) => Source::Exploration,
            None => main_source(ranked),
        };
        let Some(mut hit) = self.hits.hit(ranked, place)? else {
            return Ok(None);
        };
        let explained = hit.explanation.iter_mut().flat_map(|its| &mut its.parts);
        for part in explained.filter(|part| part.signal == feed_affinity::SIGNAL.name) {
            let parts = affinities.parts(ranked.ordinal);
            part.parts = parts.into_iter().map(score_part).collect();
        }
        let probability = affinities.probabilities.get(&ranked.ordinal);
        Ok(Some(v1::Card {
            reason: reason::reason(self, ranked, source),
            source: source.name().to_owned(),
            propensity: chance.unwrap_or(1.0),
            probability: probability.copied().map(f64::from),
            hit: Some(hit),
        }))
    }
}

/// The first source that brought an item that no chance put in its place; the catalogue when no other did.
pub fn main_source(ranked: &RankedItem) -> Source {
    let mut sources = ranked.sources.iter();
    let known = sources.find(|source| !matches!(source, Source::Browse | Source::Exploration));
    known.unwrap_or(Source::Browse)
}

/// Sources by the number of cards they brought.
pub fn by_cards(cards: &[v1::Card]) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for card in cards {
        match counts.iter_mut().find(|(source, _)| *source == card.source) {
            Some((_, count)) => *count += 1,
            None => counts.push((card.source.clone(), 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(source, _)| source).collect()
}
