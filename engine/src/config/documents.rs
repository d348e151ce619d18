//! Admin documents: texts (TOML, near words a table) that an operator lays over the dictionary files of the same path.

use std::collections::BTreeMap;

use sampan_analyzers::{DictionaryFiles, EXPANSIONS_FILE};
use sampan_proto::v1::DocumentKind;

use super::{experiments, freight, ranking_model, rules};
use crate::base::{
    error::{Result, SampanError},
    limits,
};

/// A text an operator put in force.
#[derive(Debug, Clone, PartialEq)]
pub struct AdminDocument {
    pub text: String,
    /// Milliseconds since 1970.
    pub updated_ms: i64,
    pub comment: String,
}

/// Admin documents by dictionary path (`hk/ranking.toml`).
pub type AdminDocuments = BTreeMap<String, AdminDocument>;

/// Dictionary path of a document.
pub fn path(kind: DocumentKind, region: &str) -> Result<String> {
    let file = file_name(kind).ok_or_else(|| SampanError::invalid("kind", "is required"))?;
    Ok(format!("{region}/{file}"))
}

/// File name of a kind.
pub fn file_name(kind: DocumentKind) -> Option<&'static str> {
    match kind {
        DocumentKind::Unspecified => None,
        DocumentKind::RankingProfile => Some("ranking.toml"),
        DocumentKind::Restrictions => Some("restrictions.toml"),
        DocumentKind::Pools => Some("pools.toml"),
        DocumentKind::Expansions => Some(EXPANSIONS_FILE),
        DocumentKind::RankingModel => Some(ranking_model::FILE),
        DocumentKind::Experiments => Some(experiments::FILE),
        DocumentKind::Rules => Some(rules::FILE),
        DocumentKind::Freight => Some(freight::FILE),
    }
}

/// Name of a kind in the contract, without what all have in common.
pub fn name(kind: DocumentKind) -> &'static str {
    let name = kind.as_str_name();
    name.strip_prefix("DOCUMENT_KIND_").unwrap_or(name)
}

/// Bytes of a document's text.
pub fn bytes_max(kind: DocumentKind) -> usize {
    match kind {
        DocumentKind::Expansions => limits::EXPANSIONS_BYTES_MAX,
        DocumentKind::RankingModel => limits::RANKING_MODEL_BYTES_MAX,
        _ => limits::DOCUMENT_BYTES_MAX,
    }
}

/// The files with the documents laid over them.
pub fn lay_over(files: &DictionaryFiles, documents: &AdminDocuments) -> DictionaryFiles {
    let mut merged = files.0.clone();
    for (path, document) in documents {
        merged.insert(path.clone(), document.text.clone());
    }
    DictionaryFiles(merged)
}

/// Hash that names a document's text.
pub fn version(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
}
