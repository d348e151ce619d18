//! Text to understood query, by the region's analysers.

use std::collections::HashSet;

use sampan_analyzers::{
    Analyzer, CatalogVocabulary,
    plan::{Alternative, Understood},
};

use super::merchandise::FAMILY;
use crate::{
    base::{
        error::{Result, SampanError},
        limits,
    },
    index::generation::Generation,
};

/// The rules that a request switches off.
pub fn disabled(rules: &[String]) -> Result<HashSet<String>> {
    if rules.len() > limits::DISABLED_RULES_MAX {
        let reason = format!("{}; at most {}", rules.len(), limits::DISABLED_RULES_MAX);
        return Err(SampanError::invalid("disabled_rules", reason));
    }
    let ids = sampan_analyzers::RULES.iter().map(|rule| rule.id);
    let ids = ids.chain([FAMILY]);
    let known = |rule: &String| ids.clone().any(|known| known == rule);
    if let Some(place) = rules.iter().position(|rule| !known(rule)) {
        let ids: Vec<&str> = ids.collect();
        let reason = format!("no rule {:?}; one of {}", rules[place], ids.join(", "));
        return Err(SampanError::invalid(
            format!("disabled_rules[{place}]"),
            reason,
        ));
    }
    Ok(rules.iter().cloned().collect())
}

/// Checks the text's length and understands it, by the dictionaries alone.
pub fn understand(
    analyzer: &Analyzer,
    text: &str,
    region: &str,
    disabled: &HashSet<String>,
) -> Result<Understood> {
    understand_with(analyzer, CatalogVocabulary::NONE, (text, region), disabled)
}

/// The same for a query that a shopper typed to this catalogue: its brands and categories are known by their sound, and
/// its Latin words are never taken for sounds; typing mistakes are corrected towards what it holds.
pub fn understand_typed(
    generation: &Generation,
    text: &str,
    region: &str,
    disabled: &HashSet<String>,
) -> Result<Understood> {
    let catalog = CatalogVocabulary {
        sounds: Some(generation.vocabulary.name_sounds()),
        // An index that cannot be read fails the search itself, with its reason.
        is_known_latin: &|run| generation.lexical.has_latin(run).unwrap_or(true),
        spelling: Some(&generation.spelling),
    };
    understand_with(&generation.analyzer, catalog, (text, region), disabled)
}

fn understand_with(
    analyzer: &Analyzer,
    catalog: CatalogVocabulary<'_>,
    (text, region): (&str, &str),
    disabled: &HashSet<String>,
) -> Result<Understood> {
    if text.len() > limits::QUERY_BYTES_MAX {
        let reason = format!("{} bytes; at most {}", text.len(), limits::QUERY_BYTES_MAX);
        return Err(SampanError::invalid("text", reason));
    }
    Ok(analyzer.understand_in(text, region, disabled, catalog))
}

/// Wordings of a query beside the typed one at most.
const WORDINGS_MAX: usize = 16;

/// Ways to word a query, the typed one first, with how well each says what was meant, 0 to 1: without what is no word to match
/// (想買雪櫃: 雪櫃), and with one word said otherwise (冰箱).
pub fn wordings(understood: &Understood) -> Vec<(String, f32)> {
    let mut wordings = vec![(understood.text.clone(), 1.0)];
    let typed = understood
        .units
        .iter()
        .map(|unit| unit.alternatives.first());
    let typed: Vec<&str> = typed.map(|way| way.map_or("", |way| &way.text)).collect();
    let mut add = |text: String, weight: f32| {
        if !text.is_empty() && wordings.iter().all(|(known, _)| *known != text) {
            wordings.push((text, weight));
        }
    };
    add(typed.join(" "), 1.0);
    for (place, unit) in understood.units.iter().enumerate() {
        for way in unit.alternatives.iter().skip(1) {
            let mut words = typed.clone();
            words[place] = &way.text;
            add(words.join(" "), way.weight);
        }
    }
    // What stands for the typed words best comes first, of equals in the order of the words.
    wordings[1..].sort_by(|a, b| b.1.total_cmp(&a.1));
    wordings.truncate(1 + WORDINGS_MAX);
    wordings
}

/// The query in words, for an encoder: what was typed, less what is no word to match; what was typed by its sound as the
/// words that were meant.
pub fn in_words(understood: &Understood) -> String {
    let mut text = String::new();
    for unit in &understood.units {
        let by_sound = |way: &&Alternative| {
            way.edit
                .is_some_and(|edit| understood.edits[edit].rule.starts_with("sound."))
        };
        let ways = &unit.alternatives;
        let Some(way) = ways.iter().find(by_sound).or(ways.first()) else {
            continue;
        };
        let is_latin = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
        if is_latin(text.chars().next_back()) && is_latin(way.text.chars().next()) {
            text.push(' ');
        }
        text.push_str(&way.text);
    }
    text
}
