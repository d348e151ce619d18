//! Following the dictionaries while the node runs: what needs no new index acts at once, the rest when its index is whole.

use std::sync::Arc;

use sampan_analyzers::{Analyzer, DictionaryFiles, product};

use super::Indexer;
use crate::{
    base::error::{Result, SampanError},
    config::{Configuration, documents, experiments, freight, ranking_model, restrictions, rules},
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
        self.reload(shared, None);
        true
    }

    /// Reads dictionaries and admin documents again. What is invalid is refused whole, and the old stays. `dropped`: path of
    /// a document that was withdrawn.
    pub(super) fn reload(&mut self, shared: &Shared, dropped: Option<&str>) {
        if let Err(error) = self.try_reload(shared, dropped) {
            self.warn(format!("dictionaries were not changed: {error}"));
        }
    }

    fn try_reload(&mut self, shared: &Shared, dropped: Option<&str>) -> Result<()> {
        let files = documents::lay_over(&self.source.load()?, &self.store.documents()?);
        restrictions::check_kept(&self.configuration.files, &files, dropped)?;
        let words_changed = files.0.iter().filter(|(path, _)| is_analysis(path)).ne(self
            .configuration
            .files
            .0
            .iter()
            .filter(|(path, _)| is_analysis(path)));
        let configuration = Arc::new(Configuration::read(Arc::new(files))?);
        if configuration.rules != self.configuration.rules {
            rules::check_conflicts(&configuration.rules, &self.analyzer)?;
        }
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
        if facts_changed {
            self.load_columns(&configuration)?;
        }
        let expansions_changed = configuration.expansions != self.configuration.expansions;
        self.configuration = configuration.clone();
        shared.configuration.store(configuration);
        self.configure_exposure();
        self.apply_policy(&[], true);
        if facts_changed {
            self.take_popularity();
        }
        if words_changed || expansions_changed {
            self.prepare_near_words();
        }
        self.vocabulary_stale |= words_changed || facts_changed;
        tracing::info!(
            policy = self.configuration.restrictions.version,
            "dictionaries were read again"
        );
        Ok(())
    }

    /// Says what rules contradict each other at a start: only a dictionary that has changed meanwhile can bring that about,
    /// and a shop must open. The first of them wins.
    pub(super) fn warn_of_conflicts(&mut self) {
        if let Err(error) = rules::check_conflicts(&self.configuration.rules, &self.analyzer) {
            self.warn(format!("the first of two rules wins: {error}"));
        }
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
        && !path.ends_with(rules::FILE)
        && !path.ends_with("rates.toml")
        && !path.ends_with("expansions.tsv")
        && !path.ends_with(ranking_model::FILE)
        && !path.ends_with(experiments::FILE)
        && !path.ends_with(freight::FILE)
}
