//! A region's identity, as its `region.toml` states it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::DictionaryError;

/// Script that a region's shoppers read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayScript {
    /// Traditional with Hong Kong's glyphs.
    HongKong,
    /// Traditional with Taiwan's glyphs.
    Taiwan,
    /// Traditional as OpenCC has it.
    Traditional,
    Simplified,
}

/// `dictionaries/<code>/region.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Region {
    /// Names to show: `zh` and `en` at least.
    pub name: BTreeMap<String, String>,
    /// ISO 4217.
    pub currency: String,
    pub script: DisplayScript,
    /// BCP 47.
    pub language: String,
    /// Columns of the concept tables that the region's shoppers speak, nearest first.
    pub vocabulary: Vec<String>,
    /// Ways to type, the most usual first: `jyutping`, `pinyin`, `zhuyin`, `zhuyin_keys`, `cangjie`, `quick`. Others are
    /// understood too.
    #[serde(default)]
    pub typing: Vec<String>,
}

impl Region {
    pub fn parse(file: &str, text: &str) -> Result<Self, DictionaryError> {
        toml::from_str(text).map_err(|error| DictionaryError {
            file: file.to_owned(),
            line: error
                .span()
                .map_or(0, |span| text[..span.start].lines().count().max(1)),
            column: "region".to_owned(),
            reason: error.message().to_owned(),
        })
    }
}
