//! The words of generated items: concepts from the dictionaries, the rest from `words.toml`.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use sampan_analyzers::{Analyzer, Direction};
use serde::Deserialize;

const WORDS: &str = include_str!("words.toml");

/// One list in every wording.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wordings {
    pub cn: Vec<String>,
    pub hk: Vec<String>,
    pub tw: Vec<String>,
    pub en: Vec<String>,
}

/// What the size of an article is stated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SizeKind {
    Volume,
    Weight,
    Count,
    Dimension,
    Garment,
    Model,
}

/// A department of the shop.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub kind: SizeKind,
    /// Lowest and highest usual price, HKD.
    pub price: (f64, f64),
    /// A tag, and the share of the goods that carry it, percent.
    #[serde(default)]
    pub tag: Option<(String, u32)>,
}

/// `words.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub brand_characters: String,
    pub brand_syllables: Vec<String>,
    pub adjectives: Wordings,
    pub audiences: Wordings,
    pub seasons: Wordings,
    pub colours: Wordings,
    departments: BTreeMap<String, Department>,
}

/// One thing for sale, in the words of each region.
#[derive(Debug)]
pub struct Thing {
    pub department: String,
    pub category_path: Vec<String>,
    pub goods: Department,
    pub cn: Vec<String>,
    pub hk: Vec<String>,
    pub tw: Vec<String>,
    pub en: Vec<String>,
}

/// Everything that titles are made of.
#[derive(Debug)]
pub struct Vocabulary {
    pub words: Words,
    pub things: Vec<Thing>,
}

impl Vocabulary {
    /// Takes the concepts that every wording has a word for and whose department is known.
    ///
    /// # Errors
    /// `words.toml` is wrong, or no concept is left.
    pub fn new(analyzer: &Analyzer) -> anyhow::Result<Self> {
        let words: Words = toml::from_str(WORDS).context("tools/src/generate/words.toml")?;
        let mut things = Vec::new();
        for concept in analyzer.concepts().iter() {
            let department = concept.category.split('/').next().unwrap_or_default();
            let Some(goods) = words.departments.get(department) else {
                continue;
            };
            let of = |vocabulary: &str| -> Vec<String> {
                let terms = concept.terms.iter().filter(|term| {
                    term.vocabulary == vocabulary && term.direction == Direction::Both
                });
                terms.map(|term| term.text.clone()).collect()
            };
            let thing = Thing {
                department: department.to_owned(),
                category_path: concept.category.split('/').map(str::to_owned).collect(),
                goods: goods.clone(),
                cn: of("cn"),
                hk: of("hk"),
                tw: of("tw"),
                en: of("en"),
            };
            if ![&thing.cn, &thing.hk, &thing.tw, &thing.en]
                .iter()
                .any(|terms| terms.is_empty())
            {
                things.push(thing);
            }
        }
        ensure!(
            !things.is_empty(),
            "no concept of the dictionaries has words in every region"
        );
        Ok(Self { words, things })
    }
}
