//! Text to understood query, by the region's analysers.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, CatalogVocabulary, plan::Understood};

use crate::{
    base::{
        error::{Result, SampanError},
        limits,
    },
    index::generation::Generation,
};

/// Checks what a shopper typed and understands it, by what the catalogue holds, too.
pub fn understand(
    generation: &Generation,
    text: &str,
    region: &str,
    disabled: &[String],
) -> Result<Understood> {
    let spelling = &generation.spelling;
    let catalog = CatalogVocabulary {
        sounds: None,
        is_known_latin: &|word| spelling.has_latin(word),
        spelling: Some(spelling),
    };
    let disabled = rules(text, disabled)?;
    Ok(generation
        .analyzer
        .understand_in(text, region, &disabled, catalog))
}

/// Understands a text that has no typing mistakes: a title, a past query, a correction.
pub fn understand_written(
    analyzer: &Analyzer,
    text: &str,
    region: &str,
    disabled: &[String],
) -> Result<Understood> {
    let disabled = rules(text, disabled)?;
    Ok(analyzer.understand(text, region, &disabled))
}

/// Checks the text's length, and the rules to leave out.
fn rules(text: &str, disabled: &[String]) -> Result<HashSet<String>> {
    if text.len() > limits::QUERY_BYTES_MAX {
        let reason = format!("{} bytes; at most {}", text.len(), limits::QUERY_BYTES_MAX);
        return Err(SampanError::invalid("text", reason));
    }
    if disabled.len() > limits::DISABLED_RULES_MAX {
        let reason = format!("{}; at most {}", disabled.len(), limits::DISABLED_RULES_MAX);
        return Err(SampanError::invalid("disabled_rules", reason));
    }
    let known = |rule: &String| sampan_analyzers::RULES.iter().any(|known| known.id == rule);
    if let Some(place) = disabled.iter().position(|rule| !known(rule)) {
        let ids: Vec<&str> = sampan_analyzers::RULES.iter().map(|rule| rule.id).collect();
        let reason = format!("no rule {:?}; one of {}", disabled[place], ids.join(", "));
        return Err(SampanError::invalid(
            format!("disabled_rules[{place}]"),
            reason,
        ));
    }
    Ok(disabled.iter().cloned().collect())
}
