//! The thread that freezes and merges while the writer goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::error::VectorError;
use super::freeze::{FrozenInput, Linking, freeze};
use super::segment::Segment;
use crate::base::priority::stand_behind_queries;

/// What a build ended with: the number of each file with its segment; none for a part without live
/// rows.
pub(super) type Built = Result<Vec<(u64, Segment)>, VectorError>;

/// A build to run. Its parts are built one after another, so that the memory of one is all it takes.
pub(super) struct BuildOrder {
    pub dimensions: usize,
    /// Candidates that are kept while the neighbours of a node are looked for.
    pub beam_width: usize,
    pub parts: Vec<BuildPart>,
}

/// Rows that become one segment.
pub(super) struct BuildPart {
    pub input: FrozenInput,
    /// Number of the file, and where it goes.
    pub file: u64,
    pub path: PathBuf,
}

impl BuildOrder {
    fn run(self, cancelled: &AtomicBool) -> Built {
        let mut built = Vec::with_capacity(self.parts.len());
        for BuildPart { input, file, path } in self.parts {
            let linking = Linking::Graph(self.beam_width, cancelled);
            let segment = freeze(&input, self.dimensions, linking, &path)?;
            built.extend(segment.map(|segment| (file, segment)));
        }
        Ok(built)
    }
}

/// One build at a time, so that the memory of one is all that is ever used.
pub(super) struct Background {
    pool: ThreadPool,
    sender: Sender<Built>,
    receiver: Receiver<Built>,
    busy: bool,
    /// Tells the running build to stop.
    cancelled: Arc<AtomicBool>,
}

impl Background {
    pub fn new(threads: usize) -> Result<Self, VectorError> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .start_handler(|_| stand_behind_queries())
            .thread_name(|number| format!("vector-build-{number}"))
            .panic_handler(|panic| tracing::error!(reason = reason(&*panic), "vector build"))
            .build()
            .map_err(|error| VectorError::Threads(error.to_string()))?;
        let (sender, receiver) = channel();
        Ok(Self {
            pool,
            sender,
            receiver,
            busy: false,
            cancelled: Arc::default(),
        })
    }

    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Starts a build; the caller has made sure that none is running.
    pub fn start(&mut self, order: BuildOrder) {
        self.busy = true;
        let (sender, cancelled) = (self.sender.clone(), self.cancelled.clone());
        self.pool.spawn(move || {
            let rows = order.parts.iter().map(|part| part.input.len()).sum();
            let work = AssertUnwindSafe(|| order.run(&cancelled));
            let built = catch_unwind(work).unwrap_or_else(|panic| {
                Err(VectorError::Build {
                    rows,
                    reason: reason(&*panic).to_owned(),
                })
            });
            // The receiver is gone only when nobody waits for the answer any more.
            let _ = sender.send(built);
        });
    }

    /// The outcome of the build, if it has ended.
    pub fn finished(&mut self) -> Option<Built> {
        let built = self.receiver.try_recv().ok();
        self.busy &= built.is_none();
        built
    }

    /// Waits for the build, if one is running.
    pub fn wait(&mut self) -> Option<Built> {
        if !self.busy {
            return None;
        }
        self.busy = false;
        self.receiver.recv().ok()
    }
}

impl Drop for Background {
    /// Ends the running build and waits for that: it must not write into the directory once someone
    /// else may have opened it.
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.wait();
    }
}

fn reason(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic without a message")
}
