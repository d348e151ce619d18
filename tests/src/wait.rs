//! Waiting for what a node promises to do soon: asking again until a deadline, never sleeping for luck.

use std::time::{Duration, Instant};

/// What the contract allows between an acknowledged write and its being seen.
pub const VISIBLE_WITHIN: Duration = Duration::from_secs(1);
/// What the dictionaries' hot reload may take: the folder is looked at every second, and words are read anew.
pub const RELOADED_WITHIN: Duration = Duration::from_secs(30);
/// Pause between two questions.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// Asks until the answer is `Some`, and gives it.
///
/// # Panics
/// When the deadline passes first; the message says what was waited for.
pub async fn until<T, F: Future<Output = Option<T>>>(
    within: Duration,
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            let took = start.elapsed();
            assert!(took <= within, "{what}: seen only after {took:?}");
            return answer;
        }
        assert!(start.elapsed() <= within, "{what}: not within {within:?}");
        tokio::time::sleep(ASK_EVERY).await;
    }
}

/// As [`until`], for a question that is answered with yes or no.
pub async fn until_true<F: Future<Output = bool>>(
    within: Duration,
    what: &str,
    mut ask: impl FnMut() -> F,
) {
    until(within, what, || {
        let asked = ask();
        async { asked.await.then_some(()) }
    })
    .await;
}
