//! Following the dictionaries while the node runs: what needs no new index acts at once, the rest when its index is whole.

use std::sync::Arc;

use sampan_analyzers::{Analyzer, DictionaryFiles, product};

use super::Indexer;
use crate::{
    base::error::{Result, SampanError},
    config::{Configuration, documents, experiments, freight, ranking_model},
    index::{rebuild::Rebuild, shared::Shared},
};

impl Indexer {
    /// Looks at the dictionary folder; answers whether anything changed.
    pub(super) fn watch(&mut self, shared: &Shared) -> bool {
        let stamp = self.source.stamp();
        if stamp == self.stamp {
            return false;
        }
        self.stamp = stamp;
        self.reload(shared);
        true
    }

    /// Reads dictionaries and admin documents again. What is invalid is refused whole, and the old stays.
    pub(super) fn reload(&mut self, shared: &Shared) {
        if let Err(error) = self.try_reload(shared) {
            self.warn(format!("dictionaries were not changed: {error}"));
        }
    }

    fn try_reload(&mut self, shared: &Shared) -> Result<()> {
        let files = documents::lay_over(&self.source.load()?, &self.store.documents()?);
        let words_changed = files.0.iter().filter(|(path, _)| is_analysis(path)).ne(self
            .configuration
            .files
            .0
            .iter()
            .filter(|(path, _)| is_analysis(path)));
        let configuration = Arc::new(Configuration::read(Arc::new(files))?);
        if words_changed {
            let analyzer = Analyzer::shared(&configuration.files).map_err(|error| {
                SampanError::Configuration {
                    place: "dictionaries".into(),
                    reason: error.to_string(),
                }
            })?;
            self.take_analyzer(analyzer)?;
        }
        let of_products = |files: &DictionaryFiles| files.get(product::FILE).map(ToOwned::to_owned);
        let facts_changed = configuration.regions != self.configuration.regions
            || configuration.rates != self.configuration.rates
            || of_products(&configuration.files) != of_products(&self.configuration.files);
        self.configuration = configuration.clone();
        shared.configuration.store(configuration);
        self.configure_exposure();
        self.prepare_near_words();
        if facts_changed {
            self.load_columns()?;
        } else {
            self.apply_policy(&[], true);
        }
        self.vocabulary_stale = true;
        tracing::info!(
            policy = self.configuration.policy_version,
            "dictionaries were read again"
        );
        Ok(())
    }

    /// Analyses with it at once when the index stays right for it; else when an index for it is made.
    fn take_analyzer(&mut self, analyzer: Arc<Analyzer>) -> Result<()> {
        // What was being made was for words that have changed again.
        self.rebuild = None;
        if analyzer.index_version() == self.analyzer.index_version() {
            self.lexical.set_analyzer(analyzer.clone());
            self.analyzer = analyzer;
            return Ok(());
        }
        tracing::info!("an index for the changed dictionaries is being made");
        let (store, folder) = (&self.store, &self.lexical_folder);
        self.rebuild = Some(Rebuild::start(store, folder, analyzer, self.sequence)?);
        Ok(())
    }

    /// Puts a finished index, and the analyser that it was made with, in place of the old; answers whether it did.
    pub(super) fn adopt_rebuilt(&mut self, shared: &Shared) -> bool {
        let Some(rebuild) = self.rebuild.take_if(|rebuild| rebuild.is_done()) else {
            return false;
        };
        let analyzer = rebuild.analyzer().clone();
        match rebuild.finish(shared.log.as_ref(), self.sequence) {
            Ok(lexical) => {
                self.lexical = lexical;
                self.lexical.remove_others();
                self.analyzer = analyzer;
                self.prepare_near_words();
                self.vocabulary_stale = true;
                tracing::info!("the index for the changed dictionaries is in use");
            }
            Err(error) => self.warn(format!(
                "the index for the changed dictionaries could not be made, the old ones stay: {error}"
            )),
        }
        true
    }
}

/// Files that say how text is analysed; the others are read by the configuration alone.
fn is_analysis(path: &str) -> bool {
    !path.ends_with("ranking.toml")
        && !path.ends_with("restrictions.toml")
        && !path.ends_with("pools.toml")
        && !path.ends_with("rates.toml")
        && !path.ends_with("expansions.tsv")
        && !path.ends_with(ranking_model::FILE)
        && !path.ends_with(experiments::FILE)
        && !path.ends_with(freight::FILE)
}
