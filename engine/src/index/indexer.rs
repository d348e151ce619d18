//! The one thread that turns writes into generations: takes what the door let in, updates each index, commits, swaps.

mod dictionaries;
mod events;
mod expansions;
mod experiments;
mod feed_model;
mod pools;
mod segments;
mod spelling;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant, SystemTime},
};

use sampan_analyzers::{Analyzer, SpellVocabulary};

use self::events::GoodsCache;
use super::{
    columns::ColumnsWriter,
    expansion::ExpansionMiner,
    feed_model::{FeedTrainer, TrendCounter},
    generation::{Generation, WriterBytes},
    item_vectors::ItemVectors,
    lexical::LexicalWriter,
    near_words::NearWords,
    rebuild::{self, Rebuild},
    rules::Rules,
    shared::Shared,
    spelling::SpellingCounter,
};
use crate::{
    base::{Ordinal, Sequence, clock, error::Result, limits},
    behaviour::BehaviourWriter,
    config::{Configuration, DictionarySource},
    encode::Encoder,
    exposure::{Controller, ExposureMeter},
    index::vocabulary::Vocabulary,
    store::{
        log::WriteLog,
        records::{Change, LogRecord},
        state::Store,
        versions::{Published, VersionStore},
    },
};

/// Longest time that writes are gathered under a flood before a generation is published.
const PUBLISH_AT_LATEST: Duration = Duration::from_millis(500);
/// How often the dictionary folder is looked at.
const WATCH_EVERY: Duration = Duration::from_secs(1);
/// How often what can be suggested is gathered anew, when something changed.
const VOCABULARY_EVERY: Duration = Duration::from_secs(2);
/// New arrivals kept.
const NEWEST_KEPT: usize = 10_000;
/// Records the log keeps behind the committed index, so that an index that a crash set back can catch up.
const LOG_KEPT: u64 = 100_000;
/// How often the log is cut.
const TRUNCATE_EVERY: Duration = Duration::from_secs(60);

/// Everything that only the indexer writes.
pub struct Indexer {
    store: Store,
    source: DictionarySource,
    stamp: Option<Vec<(PathBuf, SystemTime, u64)>>,
    configuration: Arc<Configuration>,
    analyzer: Arc<Analyzer>,
    /// Folder of the inverted indexes.
    lexical_folder: PathBuf,
    lexical: LexicalWriter,
    /// The inverted index for changed dictionaries, until it takes the other's place.
    rebuild: Option<Rebuild>,
    columns: ColumnsWriter,
    vectors: ItemVectors,
    behaviour: BehaviourWriter,
    goods: GoodsCache,
    vocabulary: Arc<Vocabulary>,
    spelling: Arc<SpellVocabulary>,
    spelling_counter: SpellingCounter,
    spelling_stale: bool,
    near_words: Arc<NearWords>,
    expansion_miner: ExpansionMiner,
    expansions_stale: bool,
    feed_trainer: FeedTrainer,
    trend_counter: TrendCounter,
    /// Events that say something of taste.
    taste_events: u64,
    rules: Option<Arc<Rules>>,
    newest: Arc<[Ordinal]>,
    vocabulary_stale: bool,
    number: u64,
    sequence: Sequence,
    /// Generations that queries may still hold. Let go of here, for that may free much memory, and no shopper should wait
    /// for it.
    retired: Vec<Arc<Generation>>,
    /// Whether events came since pools last looked at what is popular, and when that was.
    popularity_stale: bool,
    popularity_taken: Instant,
    exposure: Controller,
    meter: Arc<ExposureMeter>,
    warnings: Vec<String>,
}

/// What a start needs.
pub struct IndexerParts<'a> {
    pub store: &'a Store,
    pub log: &'a dyn WriteLog,
    pub versions: &'a VersionStore,
    pub source: DictionarySource,
    pub configuration: Arc<Configuration>,
    pub analyzer: Arc<Analyzer>,
    /// The built-in encoder, when the node has one.
    pub encoder: Option<Arc<Encoder>>,
    pub folder: PathBuf,
    /// A feed model that was made elsewhere; the node makes its own without one.
    pub feed_model: Option<PathBuf>,
    /// What answers show.
    pub meter: Arc<ExposureMeter>,
}

impl Indexer {
    /// Opens the indexes and brings them up to the store's state.
    pub fn open(parts: IndexerParts<'_>) -> Result<Self> {
        let lexical_folder = parts.folder.join("lexical");
        let analysis = parts.analyzer.index_version();
        rebuild::restore_when_missing(parts.versions, &lexical_folder.join(analysis), analysis);
        let lexical = LexicalWriter::open(&lexical_folder, parts.analyzer.clone())?;
        lexical.remove_others();
        let vectors = ItemVectors::open(&parts.folder.join("vector"), parts.encoder, || {
            query_words(&parts.analyzer)
        })?;
        let mut indexer = Self {
            store: parts.store.clone(),
            stamp: parts.source.stamp(),
            source: parts.source.clone(),
            configuration: parts.configuration.clone(),
            analyzer: parts.analyzer.clone(),
            warnings: vectors.warnings(),
            lexical_folder,
            lexical,
            rebuild: None,
            columns: ColumnsWriter::default(),
            vectors,
            behaviour: BehaviourWriter::default(),
            goods: GoodsCache::default(),
            vocabulary: Arc::default(),
            spelling: Arc::default(),
            spelling_counter: SpellingCounter::default(),
            spelling_stale: true,
            near_words: Arc::default(),
            expansion_miner: ExpansionMiner::new(parts.folder.join("expansions")),
            expansions_stale: true,
            feed_trainer: FeedTrainer::new(parts.folder.join("feed"), parts.feed_model),
            trend_counter: TrendCounter::default(),
            taste_events: 0,
            rules: None,
            newest: Arc::default(),
            vocabulary_stale: true,
            number: 0,
            sequence: parts.store.applied()?,
            retired: Vec::new(),
            popularity_stale: false,
            popularity_taken: Instant::now(),
            exposure: Controller::default(),
            meter: parts.meter,
        };
        indexer.configure_exposure();
        indexer.warn_of_conflicts();
        indexer.load_columns(&parts.configuration)?;
        indexer.apply_policy(&[], true);
        indexer.take_popularity();
        indexer.catch_up_vectors(parts.log)?;
        indexer.load_behaviour()?;
        indexer.catch_up(parts.log)?;
        indexer.gather_vocabulary();
        indexer.prepare_near_words();
        Ok(indexer)
    }

    /// Gathers what can be suggested anew.
    fn gather_vocabulary(&mut self) {
        self.vocabulary_stale = false;
        self.spelling_stale = true;
        self.expansions_stale = true;
        self.newest = self.columns.newest(NEWEST_KEPT).into();
        self.vocabulary = Arc::new(Vocabulary::build(
            &self.columns.snapshot(),
            &self.behaviour.snapshot(),
            &self.configuration,
            &self.analyzer,
            &self.vocabulary,
        ));
    }

    /// A generation of everything so far.
    pub fn generation(&mut self) -> Result<Generation> {
        self.number += 1;
        let columns = self.columns.publish(clock::now_seconds());
        let behaviour = Arc::new(self.behaviour.snapshot());
        let rules = &self.configuration.rules;
        let rules = Rules::current(self.rules.as_ref(), rules, &self.analyzer, &columns.names);
        self.rules = Some(rules.clone());
        Ok(Generation {
            number: self.number,
            sequence: self.sequence,
            configuration: self.configuration.clone(),
            profiles: self.exposure.profiles(),
            steering: self.exposure.steering(),
            analyzer: self.analyzer.clone(),
            lexical: self.lexical.snapshot()?,
            columns,
            vectors: self.vectors.publish(),
            encoder: self.vectors.encoder().cloned(),
            vectors_waiting: self.vectors.waiting(),
            stopped: self.stopped_experiments(&behaviour),
            behaviour,
            newest: self.newest.clone(),
            vocabulary: self.vocabulary.clone(),
            spelling: self.spelling.clone(),
            near_words: self.near_words.clone(),
            feed_model: self.feed_trainer.served().cloned(),
            feed_model_problem: self.feed_trainer.problem().into(),
            trends: self.trend_counter.trends(),
            rules,
            rebuilding: self.rebuild.is_some(),
            settled: !self.vocabulary_stale
                && !self.spelling_stale
                && !self.spelling_counter.is_counting(),
            writers: WriterBytes {
                popularity: self.behaviour.popularity_bytes(),
                queries: self.behaviour.queries_bytes(),
                trends: self.trend_counter.heap_bytes(),
            },
            warnings: self.warnings.clone().into(),
        })
    }

    /// Numbers that a client's vector has, once an item came with one.
    pub fn dimensions(&self) -> Option<usize> {
        self.vectors.client_dimensions()
    }

    /// Works until the door is closed and everything is indexed.
    pub fn run(mut self, shared: &Shared, jobs: &std::sync::mpsc::Receiver<Job>) {
        self.warm_up();
        let mut watched = Instant::now();
        let mut written = Instant::now();
        let mut gathered = Instant::now();
        let mut truncated = Instant::now();
        let pause = Duration::from_millis(limits::PUBLISH_EVERY_MS);
        while let Some(first) = shared.ingest.take(pause) {
            self.retired
                .retain(|generation| Arc::strong_count(generation) > 1);
            let mut changed = !first.is_empty();
            if changed {
                written = Instant::now();
            }
            if let Err(error) = self.take_in(first, shared, &mut changed) {
                self.warn(format!("indexing: {error}"));
            }
            if watched.elapsed() >= WATCH_EVERY {
                watched = Instant::now();
                changed |= self.exposure.step(&self.meter, clock::now_seconds());
                changed |= self.watch(shared);
                self.behaviour.sweep(clock::now_seconds());
                changed |= self.look_after_segments(written.elapsed());
            }
            changed |= self.adopt_rebuilt(shared);
            // What was written is not kept back by what only follows from it.
            if std::mem::take(&mut changed) {
                self.publish(shared);
            }
            if self.vocabulary_stale && gathered.elapsed() >= VOCABULARY_EVERY {
                gathered = Instant::now();
                self.gather_vocabulary();
                changed = true;
            }
            changed |= self.follow_popularity();
            changed |= self.count_spelling();
            changed |= self.mine_expansions();
            changed |= self.follow_feed_model();
            changed |= self.take_encoded();
            if changed {
                self.publish(shared);
            }
            // An index under construction still has to read what is written meanwhile.
            if self.rebuild.is_none() && truncated.elapsed() >= TRUNCATE_EVERY {
                truncated = Instant::now();
                let keep_from = self.lexical.committed().saturating_sub(LOG_KEPT);
                if let Err(error) = shared.log.truncate_before(keep_from) {
                    self.warn(format!("cutting the log: {error}"));
                }
                // Encoding takes longer than writing files: what was encoded should outlast a crash.
                if let Err(error) = self.vectors.flush(self.sequence) {
                    self.warn(format!("flushing vectors: {error}"));
                }
            }
            while let Ok(job) = jobs.try_recv() {
                self.work(job, shared);
            }
        }
        if let Err(error) = self.flush() {
            self.warn(format!("closing: {error}"));
        }
    }
}

/// Something an operator asked the indexer for.
pub enum Job {
    /// Publish the index as a version.
    Snapshot(std::sync::mpsc::Sender<Result<Published>>),
}

/// Taking writes in.
impl Indexer {
    /// Applies a batch, and what follows it at once, up to [`PUBLISH_AT_LATEST`]; then commits.
    fn take_in(
        &mut self,
        mut batch: Vec<(Sequence, LogRecord)>,
        shared: &Shared,
        changed: &mut bool,
    ) -> Result<()> {
        let start = Instant::now();
        let mut text_changed = false;
        while !batch.is_empty() {
            *changed = true;
            text_changed |= self.apply(std::mem::take(&mut batch), shared)?;
            if start.elapsed() < PUBLISH_AT_LATEST {
                batch = shared.ingest.take(Duration::ZERO).unwrap_or_default();
            }
        }
        if text_changed {
            self.lexical.commit(self.sequence)?;
        }
        let now = clock::now_seconds();
        if self.columns.has_turned(now) {
            self.apply_policy(&[], true);
            *changed = true;
        }
        *changed |= self.columns.pools_turned(now);
        Ok(())
    }

    /// Applies records in order; answers whether the inverted index changed.
    fn apply(&mut self, batch: Vec<(Sequence, LogRecord)>, shared: &Shared) -> Result<bool> {
        let mut touched: Vec<Ordinal> = Vec::new();
        let text_changed = self.apply_records(batch, &mut touched, shared);
        // Also after a failure: an item that has not been judged must not be published.
        self.apply_policy(&touched, false);
        text_changed
    }

    fn apply_records(
        &mut self,
        batch: Vec<(Sequence, LogRecord)>,
        touched: &mut Vec<Ordinal>,
        shared: &Shared,
    ) -> Result<bool> {
        let mut text_changed = false;
        for (sequence, record) in batch {
            match record.change {
                Some(Change::Upsert(stored)) => {
                    if let Some(item) = &stored.item {
                        self.goods.forget(&item.id);
                        self.lexical.upsert(stored.ordinal, item)?;
                        self.set_columns(stored.ordinal, item);
                        self.set_vector(stored.ordinal, item);
                        touched.push(stored.ordinal);
                    }
                    text_changed = true;
                    self.vocabulary_stale = true;
                    self.feed_trainer.note_catalogue();
                }
                Some(Change::Offers(stored)) => {
                    if let Some(item) = &stored.item {
                        self.set_columns(stored.ordinal, item);
                        touched.push(stored.ordinal);
                    }
                }
                Some(Change::Delete(gone)) => {
                    self.goods.forget(&gone.item_id);
                    self.lexical.delete(gone.ordinal);
                    self.columns.remove(gone.ordinal);
                    touched.push(gone.ordinal);
                    self.vectors.delete(gone.ordinal);
                    text_changed = true;
                    self.vocabulary_stale = true;
                    self.feed_trainer.note_catalogue();
                }
                Some(Change::Event(event)) => {
                    self.observe(&event)?;
                }
                Some(Change::Erasure(_)) => {
                    if let Some(erased) = shared.ingest.take_erased(sequence) {
                        self.erase(&erased)?;
                    }
                }
                Some(Change::Document(document)) => {
                    self.reload(shared, document.withdrawn.then_some(&*document.path));
                }
                None => {}
            }
            self.sequence = sequence;
        }
        Ok(text_changed)
    }

    /// To be called when the profiles are others.
    fn configure_exposure(&mut self) {
        self.exposure
            .configure(&self.configuration.profiles, &self.meter);
    }

    fn set_columns(&mut self, ordinal: Ordinal, item: &sampan_proto::v1::Item) {
        self.columns
            .set(ordinal, item, &self.configuration, &self.analyzer);
    }

    fn set_vector(&mut self, ordinal: Ordinal, item: &sampan_proto::v1::Item) {
        if let Err(error) = self.vectors.set(ordinal, item) {
            self.warn(format!("vector of item {:?}: {error}", item.id));
        }
    }

    /// Takes vectors that were made, and has more made.
    fn take_encoded(&mut self) -> bool {
        let (columns, store) = (self.columns.snapshot(), &self.store);
        let item = |ordinal| {
            let row = columns.row(ordinal)?;
            store.item(&row.id).ok().flatten()?.item
        };
        self.vectors.advance(&item).unwrap_or_else(|error| {
            self.warn(format!("encoding items: {error}"));
            false
        })
    }

    fn apply_policy(&mut self, touched: &[Ordinal], everything: bool) {
        let analyzer = self.analyzer.clone();
        let key = |text: &str| analyzer.fold_key(text);
        let now = clock::now_seconds();
        self.columns
            .apply_policy(&self.configuration, touched, everything, now, &key);
        self.columns
            .apply_pools(&self.configuration, touched, everything, &key);
    }

    /// OpenCC opens a configuration at its first use; no shopper should wait for that.
    fn warm_up(&self) {
        for (_, region) in self.configuration.regions.iter() {
            for sample in ["学", "學"] {
                self.analyzer.display(sample, region.script);
            }
        }
    }

    fn publish(&mut self, shared: &Shared) {
        match self.generation() {
            Ok(generation) => {
                let before = shared.generation.swap(Arc::new(generation));
                self.retired.push(before);
            }
            Err(error) => self.warn(format!("publishing: {error}")),
        }
    }

    fn warn(&mut self, warning: String) {
        /// Warnings kept for the status: the last so many.
        const WARNINGS_MAX: usize = 20;
        tracing::warn!("{warning}");
        self.warnings.push(warning);
        let surplus = self.warnings.len().saturating_sub(WARNINGS_MAX);
        self.warnings.drain(..surplus);
    }
}

/// Starting and ending.
impl Indexer {
    /// All columns, from the store and not judged yet; and vectors that the vector index has lost. After a failure the
    /// columns are as before.
    fn load_columns(&mut self, configuration: &Configuration) -> Result<()> {
        let mut held = self.vectors.ordinals();
        let store = self.store.clone();
        let analyzer = self.analyzer.clone();
        let mut columns = ColumnsWriter::default();
        store.each_item(&mut |stored| {
            if let Some(item) = &stored.item {
                columns.set(stored.ordinal, item, configuration, &analyzer);
                // The first vector of a client puts those of the encoder aside.
                let is_first = !item.vector.is_empty() && self.vectors.encoder().is_some();
                if is_first || !held.contains(stored.ordinal) {
                    self.set_vector(stored.ordinal, item);
                }
                if is_first {
                    held = self.vectors.ordinals();
                }
            }
            Ok(())
        })?;
        let snapshot = columns.snapshot();
        for gone in held
            .iter()
            .filter(|ordinal| snapshot.row(*ordinal).is_none())
        {
            self.vectors.delete(gone);
        }
        self.columns = columns;
        Ok(())
    }

    /// Vectors of what was written after they were last flushed.
    fn catch_up_vectors(&mut self, log: &dyn WriteLog) -> Result<()> {
        let flushed = self.vectors.flushed_sequence();
        if flushed >= self.sequence || self.vectors.ordinals().is_empty() {
            return Ok(());
        }
        if log.first()? <= flushed + 1 {
            return log.replay(flushed + 1, &mut |_, record| {
                match &record.change {
                    Some(Change::Upsert(stored)) => {
                        if let Some(item) = &stored.item {
                            self.set_vector(stored.ordinal, item);
                        }
                    }
                    Some(Change::Delete(gone)) => self.vectors.delete(gone.ordinal),
                    _ => {}
                }
                Ok(())
            });
        }
        self.store.clone().each_item(&mut |stored| {
            if let Some(item) = &stored.item {
                self.set_vector(stored.ordinal, item);
            }
            Ok(())
        })
    }

    /// Indexes what the inverted index lacks: from the log when it reaches back far enough, else everything.
    fn catch_up(&mut self, log: &dyn WriteLog) -> Result<()> {
        let committed = self.lexical.committed();
        if committed == self.sequence && (committed > 0 || self.columns.snapshot().is_empty()) {
            return Ok(());
        }
        let store = self.store.clone();
        if committed > 0 && committed < self.sequence && log.first()? <= committed + 1 {
            log.replay(committed + 1, &mut |_, record| {
                rebuild::apply(&mut self.lexical, record)
            })?;
        } else {
            tracing::info!("the lexical index is built from the store");
            rebuild::index_all(&store, &mut self.lexical, &AtomicBool::new(false))?;
        }
        self.lexical.commit(self.sequence)
    }

    fn flush(&mut self) -> Result<()> {
        if self.lexical.committed() != self.sequence {
            self.lexical.commit(self.sequence)?;
        }
        self.vectors.flush(self.sequence)
    }

    fn work(&mut self, job: Job, shared: &Shared) {
        let Job::Snapshot(answer) = job;
        let published = self.flush().and_then(|()| {
            let files = self.lexical.files()?;
            let analysis = self.analyzer.index_version();
            shared
                .versions
                .publish(self.lexical.folder(), &files, self.sequence, analysis)
        });
        // The asker may have gone; the version is published all the same.
        let _ = answer.send(published);
    }
}

/// Names of goods, as shoppers type them.
fn query_words(analyzer: &Analyzer) -> Vec<String> {
    let concepts = analyzer.concepts().iter();
    let terms = concepts.filter_map(|concept| concept.terms.first());
    terms.map(|term| term.canonical.clone()).collect()
}
