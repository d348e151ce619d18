//! Counts of what the matching items are like.

use rustc_hash::FxHashMap;
use sampan_proto::v1;

use crate::{
    base::{
        Ordinal,
        error::{Result, SampanError},
        limits,
        ship::ShipMode,
    },
    flow::filter::{Gate, Verdict},
    index::{
        columns::{CATEGORY_SEPARATOR, NameId},
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// Checks the facets asked for.
pub fn check(asked: &[i32]) -> Result<()> {
    for (place, kind) in asked.iter().enumerate() {
        let known = v1::FacetKind::try_from(*kind).unwrap_or_default();
        if known == v1::FacetKind::Unspecified {
            let reason = "must be CATEGORY, BRAND, SHIP_MODE, PRICE, TAG or LANDED_PRICE";
            return Err(SampanError::invalid(format!("facets[{place}]"), reason));
        }
        if asked[..place].contains(kind) {
            return Err(SampanError::invalid(
                format!("facets[{place}]"),
                "asked for twice",
            ));
        }
    }
    Ok(())
}

/// Running counts.
#[derive(Default)]
struct Counts {
    categories: FxHashMap<NameId, u64>,
    brands: FxHashMap<NameId, u64>,
    tags: FxHashMap<NameId, u64>,
    modes: [u64; 4],
    prices: Vec<i64>,
    landed: Vec<i64>,
    /// Items whose freight is unknown.
    not_landed: u64,
    /// Whether landed prices are asked for: they are the dearest to gather.
    lands: bool,
    items: usize,
}

/// The facets of the matching items, in the order asked.
pub fn count(
    generation: &Generation,
    query: &LexicalQuery<'_>,
    level: MatchLevel,
    gate: &Gate<'_>,
    asked: &[i32],
) -> Result<Vec<v1::Facet>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut counts = Counts {
        lands: asked.contains(&v1::FacetKind::LandedPrice.into()),
        ..Counts::default()
    };
    let mut take = |ordinal| counts.take(generation, gate, ordinal);
    if query.is_empty() {
        let _ = generation.columns.ordinals().all(&mut take);
    } else {
        generation.lexical.matching(query, level).each(&mut take)?;
    }
    let names = &generation.columns.names;
    let facets = asked.iter().filter_map(|kind| {
        let kind = v1::FacetKind::try_from(*kind).ok()?;
        let buckets = match kind {
            v1::FacetKind::Unspecified => return None,
            v1::FacetKind::Category => by_path(&counts.categories, |id| names.categories.text(id)),
            v1::FacetKind::Brand => by_count(&counts.brands, |id| names.brands.text(id)),
            v1::FacetKind::Tag => by_count(&counts.tags, |id| names.tags.text(id)),
            v1::FacetKind::ShipMode => by_mode(counts.modes),
            v1::FacetKind::Price => by_price(&mut counts.prices),
            v1::FacetKind::LandedPrice => by_landed_price(&mut counts.landed, counts.not_landed),
        };
        Some(v1::Facet {
            kind: kind.into(),
            buckets,
        })
    });
    Ok(facets.collect())
}

impl Counts {
    /// Counts an item; false when enough have been looked at.
    fn take(&mut self, generation: &Generation, gate: &Gate<'_>, ordinal: Ordinal) -> bool {
        let Verdict::Pass(modes) = gate.check(ordinal) else {
            return true;
        };
        let hot = generation.columns.hot(ordinal);
        *self.categories.entry(hot.category).or_default() += 1;
        *self.brands.entry(hot.brand).or_default() += 1;
        for mode in modes.iter() {
            self.modes[mode as usize] += 1;
        }
        if let Some(row) = generation.columns.row(ordinal) {
            for tag in &row.tags {
                *self.tags.entry(*tag).or_default() += 1;
            }
            if let Some(offer) = row.offer(gate.market().region) {
                self.prices.push(gate.costs().price(offer));
                if self.lands {
                    match gate.costs().landed(row, offer, modes) {
                        Some(sum) => self.landed.push(sum),
                        None => self.not_landed += 1,
                    }
                }
            }
        }
        self.items += 1;
        self.items < limits::FACET_ITEMS_MAX
    }
}

fn bucket(value: &str, count: u64) -> v1::FacetBucket {
    v1::FacetBucket {
        value: value.to_owned(),
        count,
        ..Default::default()
    }
}

fn most_first(mut buckets: Vec<v1::FacetBucket>) -> Vec<v1::FacetBucket> {
    buckets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    buckets.truncate(limits::FACET_BUCKETS_MAX);
    buckets
}

fn by_count<'n>(
    counts: &FxHashMap<NameId, u64>,
    text: impl Fn(NameId) -> &'n std::sync::Arc<str>,
) -> Vec<v1::FacetBucket> {
    let named = counts.iter().filter(|(id, _)| **id != 0);
    most_first(named.map(|(id, count)| bucket(text(*id), *count)).collect())
}

/// Every level of a path counts the items below it.
fn by_path<'n>(
    counts: &FxHashMap<NameId, u64>,
    text: impl Fn(NameId) -> &'n std::sync::Arc<str>,
) -> Vec<v1::FacetBucket> {
    let mut levels: FxHashMap<&str, u64> = FxHashMap::default();
    for (id, count) in counts.iter().filter(|(id, _)| **id != 0) {
        let path: &str = text(*id);
        let ends = path.match_indices(CATEGORY_SEPARATOR).map(|(at, _)| at);
        for end in ends.chain([path.len()]) {
            *levels.entry(&path[..end]).or_default() += count;
        }
    }
    most_first(
        levels
            .into_iter()
            .map(|(path, count)| bucket(path, count))
            .collect(),
    )
}

fn by_mode(counts: [u64; 4]) -> Vec<v1::FacetBucket> {
    let counted = ShipMode::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0);
    most_first(
        counted
            .map(|(mode, count)| bucket(mode.name(), count))
            .collect(),
    )
}

/// Buckets of about equal count; equal prices share one.
fn by_price(prices: &mut [i64]) -> Vec<v1::FacetBucket> {
    prices.sort_unstable();
    let mut buckets = Vec::new();
    let mut start = 0;
    for rank in 1..=limits::PRICE_BUCKETS {
        let mut end = prices.len() * rank / limits::PRICE_BUCKETS;
        while end < prices.len() && end > start && prices[end] == prices[end - 1] {
            end += 1;
        }
        if end <= start {
            continue;
        }
        let (low, high) = (prices[start], prices[end - 1]);
        buckets.push(v1::FacetBucket {
            value: format!("{low}-{high}"),
            count: (end - start) as u64,
            price_min_minor: Some(low),
            price_max_minor: Some(high),
        });
        start = end;
    }
    buckets
}

/// As [`by_price`], and a last bucket of what is unknown.
fn by_landed_price(landed: &mut [i64], unknown: u64) -> Vec<v1::FacetBucket> {
    let mut buckets = by_price(landed);
    buckets.extend((unknown > 0).then(|| bucket("unknown", unknown)));
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_buckets_hold_every_price_once_and_do_not_overlap() {
        let mut prices: Vec<i64> = (0..95).map(|n| n / 7 * 100).collect();
        let buckets = by_price(&mut prices);
        assert_eq!(buckets.iter().map(|b| b.count).sum::<u64>(), 95);
        for pair in buckets.windows(2) {
            assert!(pair[0].price_max_minor < pair[1].price_min_minor);
        }
        assert!(by_price(&mut []).is_empty());
        assert_eq!(by_price(&mut [5, 5, 5]).len(), 1);
    }
}
