//! What is popular: in the categories that the shopper likes, then in the region, then, where nothing is known of the region,
//! everywhere.

use rustc_hash::FxHashMap;

use super::{Asking, FeedSource};
use crate::{
    base::{Ordinal, error::Result},
    flow::candidate::{Candidate, Source},
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Popular,
    recall,
};

/// What popularity counts for beside links to the shopper's own items: less than one.
const SHARE_BESIDE_LINKS: f32 = 0.3;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let region = asking
        .generation
        .behaviour
        .popular(&asking.interests.region);
    let elsewhere;
    let popular: &[(Ordinal, f64)] = match region.is_empty() {
        true => {
            elsewhere = everywhere(asking);
            &elsewhere
        }
        false => region,
    };
    let most = popular.first().map_or(1.0, |(_, weight)| *weight);
    let share = match asking.seeds.is_empty() {
        true => 1.0,
        false => SHARE_BESIDE_LINKS,
    };
    let columns = &asking.generation.columns;
    let likes = |ordinal| asking.taste.category(columns.hot(ordinal).category) > 0.0;
    let allowed = popular
        .iter()
        .copied()
        .filter(|(ordinal, _)| asking.gate.allows(*ordinal));
    let (liked, others): (Vec<_>, Vec<_>) = allowed.partition(|(ordinal, _)| likes(*ordinal));
    // Half for what the shopper likes; the rest is the region's, which others may like for the same reasons.
    let liked = liked.into_iter().take(limit / 2);
    let candidates = liked.chain(others).take(limit);
    let candidates = candidates.map(|(ordinal, weight)| Candidate {
        behaviour: share * (weight / most) as f32,
        ..Candidate::new(ordinal, Source::Popular)
    });
    Ok(candidates.collect())
}

/// What is popular in all regions together.
fn everywhere(asking: &Asking<'_>) -> Vec<(Ordinal, f64)> {
    let mut weights: FxHashMap<Ordinal, f64> = FxHashMap::default();
    for (_, region) in asking.generation.configuration.regions.iter() {
        for (ordinal, weight) in asking.generation.behaviour.popular(&region.code) {
            *weights.entry(*ordinal).or_default() += weight;
        }
    }
    let mut popular: Vec<(Ordinal, f64)> = weights.into_iter().collect();
    popular.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    popular
}
