//! Items like what the shopper looked at last, by what they are: near in the encoder's space, or in their words.

use std::collections::HashSet;

use sampan_proto::v1;

use super::{Asking, FeedSource, best};
use crate::{
    base::{Ordinal, error::Result, limits},
    flow::{
        candidate::{Candidate, Source},
        filter::Gate,
        recall,
        request::Market,
        understand::understand,
    },
    index::{
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

pub const SOURCE: FeedSource = FeedSource {
    source: Source::Vector,
    recall,
};

/// Strongest recent items whose neighbours are looked for: each is a search of its own.
const LOOKED_FROM: usize = 3;

fn recall(asking: &Asking<'_>, limit: usize) -> Result<Vec<Candidate>> {
    let seeds: Vec<_> = asking.seeds.iter().take(LOOKED_FROM).copied().collect();
    let each = limit.div_ceil(seeds.len().max(1));
    let found = near(asking.generation, &seeds, asking.gate, each)?;
    Ok(best(found, limit, |candidate| candidate.vector))
}

/// The nearest items of each seed.
pub fn near(
    generation: &Generation,
    seeds: &[(Ordinal, f32)],
    gate: &Gate<'_>,
    each: usize,
) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for (seed, _) in seeds {
        let vectors = &generation.vectors;
        found.extend(recall::similar(vectors, *seed, each, gate)?);
    }
    Ok(found)
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
