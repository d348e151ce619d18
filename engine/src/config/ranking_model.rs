//! A learned model in a ranking profile: `<region>/ranking.model.txt`, as LightGBM writes it, and the table `[model]` of
//! `ranking.toml`, which puts it to use.

use std::{collections::BTreeMap, sync::Arc};

use sampan_analyzers::DictionaryFiles;

use super::{place, profile::SIGNAL_NAMES};
use crate::{
    base::{
        error::{Result, SampanError},
        limits::RESULT_WINDOW,
    },
    trees::TreeModel,
};

/// Name of the model's file in a region's folder, or in `common`.
pub const FILE: &str = "ranking.model.txt";

/// The table `[model]`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelTable {
    /// Candidates that the model scores: the best of the weighted sum, which orders the others below them.
    pub candidates: usize,
    /// What the model's raw score is multiplied by; boosts are bounded against the product.
    pub weight: f64,
}

impl Default for ModelTable {
    fn default() -> Self {
        Self {
            candidates: 200,
            weight: 1.0,
        }
    }
}

impl ModelTable {
    /// The key that is out of range, and its range.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        if !(1..=RESULT_WINDOW).contains(&self.candidates) {
            return Some(("candidates", format!("1 to {RESULT_WINDOW}")));
        }
        let usable = self.weight.is_finite() && self.weight > 0.0;
        (!usable).then(|| ("weight", "above 0".to_owned()))
    }
}

/// A model that ranks.
#[derive(Debug, Clone)]
pub struct RankingModel {
    trees: Arc<TreeModel>,
    /// Which signal each feature of the model is.
    signals: Vec<usize>,
    /// Hash of the model's text.
    pub version: blake3::Hash,
    pub table: ModelTable,
}

impl PartialEq for RankingModel {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && self.table == other.table
    }
}

impl RankingModel {
    /// Whether a feature of the model is the signal of this place in the registry.
    pub fn looks_at(&self, signal: usize) -> bool {
        self.signals.contains(&signal)
    }

    /// Raw scores of candidates, each with the value of every signal.
    pub fn scores<'v>(&self, candidates: impl Iterator<Item = &'v [f64]>) -> Vec<f64> {
        let mut rows = Vec::new();
        for values in candidates {
            rows.extend(self.signals.iter().map(|signal| values[*signal]));
        }
        self.trees.scores(&rows)
    }
}

/// All models of the dictionaries, by folder; those too that no profile uses.
#[derive(Debug, Default)]
pub struct RankingModels(BTreeMap<String, RankingModel>);

impl RankingModels {
    /// Reads every model once.
    ///
    /// # Errors
    /// A model cannot be read, or has a feature that is no signal; the error names file and line.
    pub fn read(files: &DictionaryFiles) -> Result<Self> {
        let mut models = BTreeMap::new();
        for (path, text) in &files.0 {
            if let Some((folder, FILE)) = path.rsplit_once('/') {
                models.insert(folder.to_owned(), parse(path, text)?);
            }
        }
        Ok(Self(models))
    }

    /// The model of the last of some folders that has one, to be used as a table says.
    pub fn of(&self, folders: &[&str], table: ModelTable) -> Option<RankingModel> {
        let model = folders
            .iter()
            .rev()
            .find_map(|folder| self.0.get(*folder))?;
        Some(RankingModel {
            table,
            ..model.clone()
        })
    }
}

fn parse(path: &str, text: &str) -> Result<RankingModel> {
    let trees = TreeModel::parse(text).map_err(|error| SampanError::Configuration {
        place: format!("{path}:{}", error.line),
        reason: format!("{}: {}", error.key, error.reason),
    })?;
    let known = |feature: &String| {
        let mut names = SIGNAL_NAMES.iter();
        names.position(|(name, _)| name == feature).ok_or_else(|| {
            let names: Vec<&str> = SIGNAL_NAMES.iter().map(|(name, _)| *name).collect();
            let reason = format!("no signal {feature:?}; one of {}", names.join(", "));
            place::wrong(path, text, "", "feature_names", reason)
        })
    };
    let signals = trees.features().iter().map(known).collect::<Result<_>>()?;
    Ok(RankingModel {
        version: blake3::hash(text.as_bytes()),
        trees: Arc::new(trees),
        signals,
        table: ModelTable::default(),
    })
}
