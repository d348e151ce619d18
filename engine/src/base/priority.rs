//! Which thread goes first when there are more than cores: queries before what is done for later.

use std::{panic::resume_unwind, thread};

use super::error::{Result, SampanError};

/// Steps that background work stands behind queries (`nice`): on a busy core it gets about a tenth of a query's time.
#[cfg(target_os = "linux")]
const NICER: i32 = 10;

/// Puts the calling thread behind those that answer queries, for as long as it lives. To be called by threads that nobody
/// waits for within milliseconds; the priority of a thread that the runtime uses again could not be raised again.
pub fn stand_behind_queries() {
    #[cfg(target_os = "linux")]
    {
        // Linux keeps a priority for each thread and takes its number where POSIX speaks of processes (setpriority(2)).
        let thread = rustix::thread::gettid();
        if let Err(error) = rustix::process::setpriority_process(Some(thread), NICER) {
            tracing::warn!("background work is not put behind queries: {error}");
        }
    }
}

/// Does work on a thread of its own that stands behind queries, and waits for it.
pub fn behind_queries<T: Send>(name: &str, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn_scoped(scope, || {
            stand_behind_queries();
            work()
        });
        let done = thread.map_err(SampanError::internal)?.join();
        done.unwrap_or_else(|panic| resume_unwind(panic))
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_calling_thread_stands_back() {
        let priority = || {
            let thread = rustix::thread::gettid();
            rustix::process::getpriority_process(Some(thread)).expect("a priority")
        };
        let before = priority();
        let behind = std::thread::spawn(move || {
            stand_behind_queries();
            priority()
        });
        assert_eq!(behind.join().expect("it ends"), before.max(NICER));
        assert_eq!(priority(), before);
    }
}
