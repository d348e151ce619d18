//! The node's clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;

/// Seconds since 1970-01-01 UTC.
pub fn now_seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs() as i64)
}

/// Milliseconds since 1970-01-01 UTC.
pub fn now_millis() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as i64)
}
