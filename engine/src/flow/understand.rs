//! Text to understood query, by the region's analysers.

use std::collections::HashSet;

use sampan_analyzers::{Analyzer, plan::Understood};

use crate::base::{
    error::{Result, SampanError},
    limits,
};

/// The rules that a request switches off.
pub fn disabled(rules: &[String]) -> Result<HashSet<String>> {
    if rules.len() > limits::DISABLED_RULES_MAX {
        let reason = format!("{}; at most {}", rules.len(), limits::DISABLED_RULES_MAX);
        return Err(SampanError::invalid("disabled_rules", reason));
    }
    let known = |rule: &String| sampan_analyzers::RULES.iter().any(|known| known.id == rule);
    if let Some(place) = rules.iter().position(|rule| !known(rule)) {
        let ids: Vec<&str> = sampan_analyzers::RULES.iter().map(|rule| rule.id).collect();
        let reason = format!("no rule {:?}; one of {}", rules[place], ids.join(", "));
        return Err(SampanError::invalid(
            format!("disabled_rules[{place}]"),
            reason,
        ));
    }
    Ok(rules.iter().cloned().collect())
}

/// Checks the text's length and understands it.
pub fn understand(
    analyzer: &Analyzer,
    text: &str,
    region: &str,
    disabled: &HashSet<String>,
) -> Result<Understood> {
    if text.len() > limits::QUERY_BYTES_MAX {
        let reason = format!("{} bytes; at most {}", text.len(), limits::QUERY_BYTES_MAX);
        return Err(SampanError::invalid("text", reason));
    }
    Ok(analyzer.understand(text, region, disabled))
}
