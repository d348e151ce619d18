//! Merchandising rules on a search: which hold, which query is answered, and what later pages must know of it.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, plan::Understood};
use sampan_proto::v1;

use super::{result::ResultQuery, rewrite};
use crate::{
    base::{Ordinal, error::Result},
    config::rules::QueryKeys,
    flow::{
        merchandise::{FAMILY, Held, Intent, Merchandiser},
        page::byte_range,
        understand::understand,
    },
};

/// What rules did to a result, the same on all its pages.
#[derive(Debug, Default)]
pub struct Merchandised {
    pub replaced: Option<Replaced>,
    pub redirect: String,
    pub banners: Vec<v1::Banner>,
    pub applied: Vec<v1::AppliedRule>,
    /// Items in their places, each with the id of its rule.
    pub pinned: Vec<(Ordinal, String)>,
}

impl Merchandised {
    /// Says on a hit which rule pinned it, and that it matched through a replaced query: every hit did.
    pub fn mark(&self, mut hit: v1::Hit, ordinal: Ordinal) -> v1::Hit {
        let pin = self.pinned.iter().find(|(pinned, _)| *pinned == ordinal);
        hit.pinned_by = pin.map_or_else(String::new, |(_, rule)| rule.clone());
        if let (Some(replaced), Some(explanation)) = (&self.replaced, &mut hit.explanation) {
            explanation.rewrites.push(replaced.rule.clone());
            explanation.rewrites.sort();
        }
        hit
    }

    /// The edits of a query as the contract writes them; ranges are of the text as typed.
    pub fn rewrites(&self, typed: &str, understood: &Understood) -> Vec<v1::Rewrite> {
        let edits = understood.edits.iter().map(rewrite);
        let Some(replaced) = &self.replaced else {
            return edits.collect();
        };
        // What was edited after it stands nowhere in the typed text; all of that was replaced.
        let source = Some(byte_range(&(0..typed.len())));
        let replacement = v1::Rewrite {
            rule: replaced.rule.clone(),
            source,
            target: replaced.text.clone(),
            weight: 1.0,
            region: String::new(),
        };
        let edits = edits.map(|edit| v1::Rewrite { source, ..edit });
        [replacement].into_iter().chain(edits).collect()
    }
}

/// The query that is answered in place of the typed one.
#[derive(Debug, Clone, PartialEq)]
pub struct Replaced {
    /// `merchandising.` and the id of the rule.
    pub rule: String,
    pub text: String,
}

impl Replaced {
    /// The new query, understood. A merchandiser wrote it: it is no shopper's, who mistypes or types by sound.
    pub fn understood(
        &self,
        analyzer: &Analyzer,
        region: &str,
        disabled: &HashSet<String>,
    ) -> Result<Understood> {
        understand(analyzer, &self.text, region, disabled)
    }
}

/// The rules that hold, and the query that they leave to answer.
pub struct Asked<'r> {
    pub held: Held<'r>,
    pub replaced: Option<Replaced>,
    pub understood: Understood,
}

/// Finds the rules that hold for a query by its words, replaces it when one says so, and then finds those of the new words,
/// and of what category it is about.
pub fn ask<'r>(
    query: &ResultQuery<'_>,
    merchandiser: &Merchandiser<'r, '_>,
    typed: Understood,
    disabled: &HashSet<String>,
) -> Result<Asked<'r>> {
    let generation = query.generation;
    let mut asked = Asked {
        held: Held::new(merchandiser.rules, std::iter::empty()),
        replaced: None,
        understood: typed,
    };
    if disabled.contains(FAMILY) {
        return Ok(asked);
    }
    let analyzer = &generation.analyzer;
    let keys = |understood: &Understood| QueryKeys::of(analyzer, understood);
    asked.held = merchandiser.by_words(&keys(&asked.understood));
    if let Some((rule, text)) = asked.held.replacement() {
        let region = &generation
            .configuration
            .regions
            .get(merchandiser.region)
            .code;
        let replaced = Replaced {
            rule,
            text: text.to_owned(),
        };
        asked.understood = replaced.understood(analyzer, region, disabled)?;
        asked.replaced = Some(replaced);
        let of_new_words = merchandiser.by_words(&keys(&asked.understood));
        asked.held = asked.held.and(&of_new_words);
    }
    if merchandiser.asks_for_category() {
        let within = query.request.filters.as_ref();
        let intent = match within.map(|filters| &*filters.category_path) {
            Some(path @ [_, ..]) => Intent::within(path, &|level| analyzer.fold_key(level)),
            _ => Intent::of_query(generation, &asked.understood, &query.gate)?,
        };
        asked.held = asked.held.and(&merchandiser.by_category(&intent));
    }
    Ok(asked)
}
