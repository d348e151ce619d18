//! The thread that freezes and merges while the writer goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::error::VectorError;
use super::freeze::{FrozenInput, Linking, freeze};
use super::segment::Segment;

/// What a build ended with: a segment, nothing because no row was alive, or an error.
pub(super) type Built = Result<Option<Segment>, VectorError>;

/// One build at a time, so that the memory of one is all that is ever used.
pub(super) struct Background {
    pool: ThreadPool,
    sender: Sender<Built>,
    receiver: Receiver<Built>,
    busy: bool,
}

impl Background {
    pub fn new(threads: usize) -> Result<Self, VectorError> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
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
        })
    }

    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Starts a build; the caller has made sure that none is running.
    pub fn start(
        &mut self,
        input: FrozenInput,
        dimensions: usize,
        linking: Linking,
        path: PathBuf,
    ) {
        self.busy = true;
        let sender = self.sender.clone();
        self.pool.spawn(move || {
            let rows = input.len();
            let work = AssertUnwindSafe(|| freeze(&input, dimensions, linking, &path));
            let built = catch_unwind(work).unwrap_or_else(|panic| {
                Err(VectorError::Build {
                    rows,
                    reason: reason(&*panic).to_owned(),
                })
            });
            // The writer may have been dropped meanwhile; then nobody waits for the answer.
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

fn reason(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic without a message")
}
