//! Making models in the background: neither writes nor queries wait for it.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime},
};

use super::{LearntModel, Origin, ServedModel};
use crate::{
    base::{
        clock,
        error::{Result, SampanError},
        limits::{FEED_TRAINING_EVENTS_MAX, FEED_TRAINING_EVENTS_MIN, FEED_TRAINING_EVERY_SECONDS},
        priority::stand_behind_queries,
    },
    behaviour::VISIT_PAUSE_SECONDS,
    index::{columns::Columns, vector::VectorSnapshot},
    recommend::{
        Gatherer,
        file::NamedModel,
        training::{TrainingOptions, train},
    },
    store::state::Store,
};

/// Work is followed by a rest of so many times its duration: it takes a tenth of a core at most.
const REST_TIMES: u32 = 9;
/// Shortest rest.
const REST_MIN: Duration = Duration::from_secs(1);
/// New events that training waits for, as a share of those that the last one had: fewer change little.
const NEW_EVENTS_SHARE: f64 = 0.1;
/// Numbers a vector of a model that the node makes itself.
const DIMENSIONS: usize = 64;
/// The model that the node made last, to start with.
const TRAINED_FILE: &str = "trained.feed";

/// What models are made from, and linked to.
pub struct TrainingInput {
    pub store: Store,
    pub columns: Columns,
    pub vectors: Arc<VectorSnapshot>,
    /// Events so far that say something of taste.
    pub events: u64,
}

/// What is to be done.
enum Task {
    /// One of the node's own only when it was made after that moment, in seconds since 1970.
    Read(PathBuf, Origin, i64),
    Train(Store),
    Link(Arc<ServedModel>),
}

/// Work under way.
struct Running {
    started: Instant,
    thread: JoinHandle<Result<ServedModel>>,
    /// Ends when nothing is read from the store any more.
    reads: mpsc::Receiver<()>,
}

/// Reads, trains and links in the background, one thing at a time. Dropped, it gives up.
pub struct FeedTrainer {
    /// Scratch, and the model that the node made.
    folder: PathBuf,
    /// The file that was named; the node then trains nothing itself.
    file: Option<PathBuf>,
    stamp: Option<(SystemTime, u64)>,
    running: Option<Running>,
    rests_until: Option<Instant>,
    trained_at: Option<Instant>,
    trained_events: u64,
    links_stale: bool,
    given_up: Arc<AtomicBool>,
    /// Whether something was erased since the last training began.
    erased: Arc<AtomicBool>,
    served: Option<Arc<ServedModel>>,
    problem: String,
}

impl FeedTrainer {
    /// `folder`: scratch; `file`: a model that somebody else made.
    pub fn new(folder: PathBuf, file: Option<PathBuf>) -> Self {
        Self {
            folder,
            file,
            stamp: None,
            running: None,
            rests_until: None,
            trained_at: None,
            trained_events: 0,
            links_stale: false,
            given_up: Arc::default(),
            erased: Arc::default(),
            served: None,
            problem: String::new(),
        }
    }

    /// To be called when items came or went.
    pub fn note_catalogue(&mut self) {
        self.links_stale = true;
    }

    /// To be called when events that say something of taste were erased. What the node learnt from them is no longer kept for
    /// the next start, and learnt anew without them.
    ///
    /// # Errors
    /// The file of the node's own model cannot be removed.
    pub fn note_erasure(&mut self) -> Result<()> {
        if self.file.is_some() {
            return Ok(());
        }
        self.erased.store(true, Ordering::SeqCst);
        remove_file(&self.folder.join(TRAINED_FILE))
    }

    /// The model that answers.
    pub fn served(&self) -> Option<&Arc<ServedModel>> {
        self.served.as_ref()
    }

    /// Why the last model cannot be used; "" when it can.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Begins what is due, if anything is; `input` is only asked for then.
    pub fn advance(&mut self, events: u64, input: impl FnOnce() -> TrainingInput) -> Result<()> {
        if self.holds_erased() && events < FEED_TRAINING_EVENTS_MIN {
            // Too little is left to learn anew from.
            self.served = None;
            self.trained_events = 0;
        }
        let is_resting = self.rests_until.is_some_and(|until| Instant::now() < until);
        if self.running.is_some() || is_resting {
            return Ok(());
        }
        let Some(due) = self.due(events) else {
            return Ok(());
        };
        let input = input();
        let task = match due {
            Due::Read(path, origin) => Task::Read(path, origin, input.store.erased_at()?),
            Due::Train => {
                self.trained_at = Some(Instant::now());
                self.trained_events = input.events;
                self.erased = Arc::default();
                Task::Train(input.store)
            }
            Due::Link(served) => Task::Link(served),
        };
        self.links_stale = false;
        let (reading, reads) = mpsc::channel();
        let work = Work {
            folder: self.folder.clone(),
            columns: input.columns,
            vectors: input.vectors,
            given_up: self.given_up.clone(),
            erased: self.erased.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("feed-model".into())
            .spawn(move || {
                stand_behind_queries();
                work.run(task, reading)
            })
            .map_err(SampanError::internal)?;
        self.running = Some(Running {
            started: Instant::now(),
            thread,
            reads,
        });
        Ok(())
    }

    /// What is due.
    fn due(&mut self, events: u64) -> Option<Due> {
        let changed = self.changed_file();
        if let Some(path) = changed {
            let origin = self.file.as_ref().map_or(Origin::Node, |_| Origin::File);
            return Some(Due::Read(path, origin));
        }
        if self.file.is_none() && self.is_training_due(events) {
            return Some(Due::Train);
        }
        let served = self.served.as_ref().filter(|_| self.links_stale);
        served.cloned().map(Due::Link)
    }

    /// A file that is to be read: the one that was named, when it changed; at the start the node's own.
    fn changed_file(&mut self) -> Option<PathBuf> {
        let own = || self.folder.join(TRAINED_FILE);
        let path = self.file.clone().unwrap_or_else(own);
        let stamp = match std::fs::metadata(&path) {
            Ok(found) => found.modified().ok().map(|time| (time, found.len())),
            Err(error) => {
                if self.file.is_some() && self.served.is_none() {
                    self.problem = format!("{}: {error}", path.display());
                }
                None
            }
        };
        let is_new = stamp.is_some() && stamp != self.stamp;
        let is_wanted = is_new && (self.file.is_some() || self.served.is_none());
        self.stamp = stamp;
        is_wanted.then_some(path)
    }

    fn is_training_due(&self, events: u64) -> bool {
        let pause = Duration::from_secs(FEED_TRAINING_EVERY_SECONDS);
        let has_rested = self.trained_at.is_none_or(|at| at.elapsed() >= pause);
        let new = events.saturating_sub(self.trained_events);
        let share = NEW_EVENTS_SHARE * self.trained_events as f64;
        self.holds_erased() || has_rested && new >= FEED_TRAINING_EVENTS_MIN && new as f64 >= share
    }

    /// Whether the model that answers may have been learnt from what was then erased.
    fn holds_erased(&self) -> bool {
        self.served.is_some() && self.erased.load(Ordering::SeqCst)
    }

    /// Whether work ended well since it was last asked, once some has ended.
    pub fn finished(&mut self) -> Option<Result<()>> {
        let running = self
            .running
            .take_if(|running| running.thread.is_finished())?;
        let took = running.started.elapsed();
        self.rests_until = Some(Instant::now() + (took * REST_TIMES).max(REST_MIN));
        let panicked = |_| Err(SampanError::internal("making a feed model panicked"));
        let made = running.thread.join().unwrap_or_else(panicked).map(Arc::new);
        match &made {
            Ok(served) => {
                self.problem = String::new();
                let learnt = served.learnt();
                if learnt.origin == Origin::Node && self.trained_events == 0 {
                    // Read at the start: what has come since counts as new.
                    self.trained_events = learnt.named.description.events;
                }
                tracing::info!(origin = learnt.origin.name(), ?took, "feed model");
                self.served = Some(served.clone());
            }
            Err(error) => self.problem = error.to_string(),
        }
        Some(made.map(|_| ()))
    }
}

/// What [`FeedTrainer::advance`] is to begin.
enum Due {
    Read(PathBuf, Origin),
    Train,
    Link(Arc<ServedModel>),
}

impl Drop for FeedTrainer {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
        if let Some(running) = self.running.take() {
            // The thread may work on, for nobody; but not read from a store that is being closed.
            let _ = running.reads.recv();
        }
    }
}

/// What a task works with.
struct Work {
    folder: PathBuf,
    columns: Columns,
    vectors: Arc<VectorSnapshot>,
    given_up: Arc<AtomicBool>,
    /// Whether something was erased since the work began.
    erased: Arc<AtomicBool>,
}

impl Work {
    fn run(self, task: Task, reading: mpsc::Sender<()>) -> Result<ServedModel> {
        let scratch = self.folder.join("vectors");
        let learnt = match task {
            Task::Link(served) => {
                drop(reading);
                return Ok(served.relink(&self.columns, &self.vectors));
            }
            Task::Read(path, origin, erased_at) => {
                drop(reading);
                let named = NamedModel::read(&path);
                let named = named.map_err(|error| SampanError::Configuration {
                    place: "feed model".into(),
                    reason: error.to_string(),
                })?;
                // The node may have stopped between an erasure and the end of this file.
                if origin == Origin::Node && named.description.made <= erased_at {
                    remove_file(&path)?;
                    let reason =
                        "events that the model was learnt from were erased: it is learnt again";
                    return Err(SampanError::Unavailable(reason.into()));
                }
                Arc::new(LearntModel::new(named, origin, &scratch)?)
            }
            Task::Train(store) => {
                let named = self.train(store, reading)?;
                Arc::new(LearntModel::new(named, Origin::Node, &scratch)?)
            }
        };
        Ok(ServedModel::link(learnt, &self.columns, &self.vectors))
    }

    /// Learns from the latest events, on one thread, and keeps the model for the next start.
    fn train(&self, store: Store, reading: mpsc::Sender<()>) -> Result<NamedModel> {
        let begun = clock::now_seconds();
        let mut gatherer = Gatherer::new(VISIT_PAUSE_SECONDS);
        let read = store.latest_events(FEED_TRAINING_EVENTS_MAX, &mut |event| {
            // A node that is stopped waits for this.
            if self.is_given_up() {
                return Err(given_up());
            }
            gatherer.add_event(&event);
            Ok(())
        });
        drop(store);
        drop(reading);
        read?;
        let log = gatherer.finish();
        let mut options = TrainingOptions::default();
        options.factors.dimensions = DIMENSIONS;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let pool = pool.start_handler(|_| stand_behind_queries()).build();
        let pool = pool.map_err(SampanError::internal)?;
        let items = log.items.len();
        let model =
            pool.install(|| train(&log.histories, items, None, &options, &mut |_, _, _| {}));
        if self.is_given_up() {
            return Err(given_up());
        }
        let made_by = concat!("sampan ", env!("CARGO_PKG_VERSION"));
        let named = NamedModel::of(model, log, made_by, begun);
        std::fs::create_dir_all(&self.folder).map_err(SampanError::storage)?;
        let path = self.folder.join(TRAINED_FILE);
        named.write(&path).map_err(SampanError::storage)?;
        if self.erased.load(Ordering::SeqCst) {
            remove_file(&path)?;
        }
        Ok(named)
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}

fn remove_file(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(SampanError::storage(error)),
        _ => Ok(()),
    }
}

fn given_up() -> SampanError {
    SampanError::Unavailable("training was given up".into())
}
