//! The node: store, indexer and the calls that the services make. All calls are synchronous and may come from many
//! threads; queries hold one generation and no lock.

mod shown;

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use arc_swap::ArcSwap;
use sampan_analyzers::Analyzer;
use sampan_proto::v1;

use crate::{
    admin,
    base::{
        Sequence,
        error::{Result, SampanError},
        limits,
        priority::stand_behind_queries,
    },
    catalog::{
        ingest::{BatchOutcome, Ingest},
        validate::text::{countable, identifier},
    },
    config::{Configuration, NodeConfig, documents},
    encode::EncoderSource,
    exposure::ExposureMeter,
    feed,
    flow::treatment::note_exposures,
    index::{
        generation::Generation,
        indexer::{Indexer, IndexerParts, Job},
        shared::Shared,
    },
    search::{self, pages::PageLists, rewrites::RewriteCounters},
    store::{
        log::{EmbeddedLog, WriteLog},
        state::Store,
        versions::{Published, VersionStore},
    },
    suggest,
};

/// How long a snapshot may take before its caller is told to look again.
const SNAPSHOT_TIMEOUT: Duration = Duration::from_secs(600);

/// A running node.
pub struct Node {
    shared: Arc<Shared>,
    lists: PageLists,
    rewrites: RewriteCounters,
    encoder: EncoderSource,
    jobs: Mutex<mpsc::Sender<Job>>,
    indexer: Mutex<Option<JoinHandle<()>>>,
}

impl Node {
    /// Opens the store, brings every index up to it, and starts the indexer.
    pub fn open(config: &NodeConfig) -> Result<Arc<Self>> {
        std::fs::create_dir_all(&config.data_dir).map_err(SampanError::storage)?;
        let store = Store::open(&config.data_dir.join("store"))?;
        let log: Arc<dyn WriteLog> = Arc::new(EmbeddedLog::open(&store)?);
        // The log first: a document that was logged but not applied must be in force.
        let replayed = store.applied()?;
        log.replay(replayed + 1, &mut |sequence, record| {
            store.apply(sequence, &[record])
        })?;
        let files = documents::lay_over(&config.dictionaries.load()?, &store.documents()?);
        let configuration = Arc::new(Configuration::read(Arc::new(files))?);
        let analyzer =
            Analyzer::shared(&configuration.files).map_err(|error| SampanError::Configuration {
                place: "dictionaries".into(),
                reason: error.to_string(),
            })?;
        let versions = VersionStore::local(&config.data_dir.join("versions"))?;
        let encoder = EncoderSource::open(config.model.as_deref());
        let meter = Arc::<ExposureMeter>::default();
        let mut indexer = Indexer::open(IndexerParts {
            store: &store,
            log: log.as_ref(),
            versions: &versions,
            source: config.dictionaries.clone(),
            configuration: configuration.clone(),
            analyzer,
            encoder: encoder.encoder().cloned(),
            folder: config.data_dir.join("index"),
            feed_model: config.feed_model.clone(),
            meter: meter.clone(),
        })?;
        let swapped = Arc::new(ArcSwap::new(configuration));
        let ingest = Ingest::open(log.clone(), store.clone(), swapped.clone())?;
        ingest.set_dimensions(indexer.dimensions());
        let shared = Arc::new(Shared {
            generation: ArcSwap::from_pointee(indexer.generation()?),
            configuration: swapped,
            ingest,
            store,
            log,
            versions,
            source: config.dictionaries.clone(),
            meter,
            editing: Mutex::default(),
        });
        let (jobs, received) = mpsc::channel();
        let handle = std::thread::Builder::new()
            .name("indexer".into())
            .spawn({
                let shared = shared.clone();
                move || {
                    stand_behind_queries();
                    indexer.run(&shared, &received);
                }
            })
            .map_err(SampanError::internal)?;
        Ok(Arc::new(Self {
            shared,
            lists: PageLists::default(),
            rewrites: RewriteCounters::default(),
            encoder,
            jobs: Mutex::new(jobs),
            indexer: Mutex::new(Some(handle)),
        }))
    }

    /// The generation that answers now.
    pub fn generation(&self) -> Arc<Generation> {
        self.shared.generation.load_full()
    }

    /// See [`v1::search_service_server::SearchService::search`].
    pub fn search(&self, request: &v1::SearchRequest) -> Result<v1::SearchResponse> {
        let generation = self.generation();
        let response = search::search(&generation, &self.shared.store, &self.lists, request)?;
        if request.page_token.is_empty() {
            self.rewrites.count(&response.rewrites);
            shown::of_search(&generation, &self.shared.meter, request, &response);
        }
        Ok(response)
    }

    /// Completions.
    pub fn suggest(&self, request: &v1::SuggestRequest) -> Result<v1::SuggestResponse> {
        suggest::suggest(&self.generation(), request)
    }

    /// The feed.
    pub fn feed(&self, request: &v1::GetFeedRequest) -> Result<v1::GetFeedResponse> {
        let generation = self.generation();
        let response = feed::feed(&generation, &self.shared.store, &self.lists, request)?;
        if request.page_token.is_empty() {
            shown::of_feed(&generation, &self.shared.meter, request, &response);
        }
        Ok(response)
    }

    /// What the feed knows of a shopper, and makes of it.
    pub fn inspect_feed(&self, request: &v1::GetFeedRequest) -> Result<v1::InspectFeedResponse> {
        feed::inspect(&self.generation(), &self.shared.store, &self.lists, request)
    }

    /// Items like one item.
    pub fn similar(&self, request: &v1::SimilarItemsRequest) -> Result<v1::SimilarItemsResponse> {
        feed::similar(&self.generation(), &self.shared.store, request)
    }

    /// Adds or replaces items; when it returns the accepted ones are on disk.
    pub fn upsert(&self, items: Vec<v1::Item>) -> Result<BatchOutcome> {
        countable("items", items.len(), limits::BATCH_MAX)?;
        self.shared.ingest.upsert(items)
    }

    /// Deletes items.
    pub fn delete(&self, ids: Vec<String>) -> Result<BatchOutcome> {
        countable("item_ids", ids.len(), limits::DELETE_BATCH_MAX)?;
        self.shared.ingest.delete(ids)
    }

    /// Changes offers.
    pub fn update_offers(&self, updates: Vec<v1::OfferUpdate>) -> Result<BatchOutcome> {
        countable("updates", updates.len(), limits::BATCH_MAX)?;
        self.shared.ingest.update_offers(updates)
    }

    /// Records events.
    pub fn record_events(&self, mut events: Vec<v1::Event>) -> Result<BatchOutcome> {
        countable("events", events.len(), limits::BATCH_MAX)?;
        note_exposures(&self.generation(), &mut events);
        self.shared.ingest.record_events(events)
    }

    /// Erases a user or session.
    pub fn erase_user(&self, request: &v1::EraseUserRequest) -> Result<v1::EraseUserResponse> {
        self.shared.ingest.erase(request)
    }

    /// An item as it was last written.
    pub fn item(&self, id: &str) -> Result<v1::Item> {
        identifier("item_id", id, limits::ITEM_ID_BYTES_MAX)?;
        let found = self.shared.store.item(id)?.and_then(|stored| stored.item);
        found.ok_or_else(|| SampanError::NotFound {
            what: "item",
            id: id.to_owned(),
        })
    }

    /// Admin documents.
    pub fn documents(&self) -> admin::Documents<'_> {
        admin::Documents::new(&self.shared)
    }

    /// Pools with what is in them.
    pub fn pools(&self, request: &v1::ListPoolsRequest) -> Result<v1::ListPoolsResponse> {
        admin::pool_status(&self.generation(), request)
    }

    /// Who was on shoppers' screens.
    pub fn exposure(
        &self,
        request: &v1::ReportExposureRequest,
    ) -> Result<v1::ReportExposureResponse> {
        admin::exposure_report(&self.generation(), &self.shared.store, request)
    }

    /// Whether the rates that ranking goes by are kept.
    pub fn rates(&self, request: &v1::ReportRatesRequest) -> Result<v1::ReportRatesResponse> {
        admin::rate_report(&self.generation(), &self.shared.store, request)
    }

    /// What the node holds.
    pub fn status(&self) -> Result<v1::IndexStatusResponse> {
        let status = admin::status(&self.generation(), &self.shared, self.lists.heap_bytes())?;
        Ok(v1::IndexStatusResponse {
            rules: self.rewrites.status(),
            encoder: Some(admin::encoder_status(&self.encoder)),
            ..status
        })
    }

    /// Publishes the index as a version.
    pub fn snapshot(&self) -> Result<Published> {
        let (answer, answered) = mpsc::channel();
        let sent = lock(&self.jobs).send(Job::Snapshot(answer));
        sent.map_err(|_| SampanError::Unavailable("the node is stopping".into()))?;
        answered
            .recv_timeout(SNAPSHOT_TIMEOUT)
            .map_err(|_| SampanError::Unavailable("the snapshot is not ready yet".into()))?
    }

    /// Waits until search sees a write; false when it does not in time.
    pub fn wait_visible(&self, sequence: Sequence, timeout: Duration) -> bool {
        self.shared.wait_visible(sequence, timeout)
    }

    /// Indexes what was accepted, closes the door and flushes. Calls after it are refused.
    pub fn close(&self) {
        self.shared.ingest.close();
        if let Some(handle) = lock(&self.indexer).take() {
            // A panic of the indexer has been printed; the store is whole, and the next start rebuilds.
            let _ = handle.join();
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
