//! What the shopper may have meant: only what finds something here, under the same filters.

use std::collections::HashSet;

use sampan_analyzers::plan::Understood;
use sampan_proto::v1;

use super::rewrite;
use crate::{
    base::error::Result,
    flow::{filter::Gate, understand::understand},
    index::{
        generation::Generation,
        lexical::{LexicalQuery, MatchLevel},
    },
};

/// The query's corrections that match an eligible item as a whole, likeliest first.
pub fn offer(
    generation: &Generation,
    understood: &Understood,
    gate: &Gate<'_>,
    disabled: &HashSet<String>,
) -> Result<Vec<v1::DidYouMean>> {
    let regions = &generation.configuration.regions;
    let region = &regions.get(gate.market().region).code;
    let mut offered = Vec::new();
    for correction in &understood.corrections {
        let meant = understand(&generation.analyzer, &correction.text, region, disabled)?;
        if finds_something(generation, &meant, gate)? {
            offered.push(v1::DidYouMean {
                text: correction.text.clone(),
                edits: correction.edits.iter().map(rewrite).collect(),
                applied: correction.applied,
            });
        }
    }
    Ok(offered)
}

fn finds_something(generation: &Generation, meant: &Understood, gate: &Gate<'_>) -> Result<bool> {
    let query = LexicalQuery::new(meant);
    if query.units().is_empty() {
        return Ok(false);
    }
    let mut found = false;
    generation
        .lexical
        .matching(&query, MatchLevel::All)
        .each(&mut |ordinal| {
            found = gate.allows(ordinal);
            !found
        })?;
    Ok(found)
}
