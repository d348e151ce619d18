//! Forward decay (Cormode et al., ICDE 2009): later events weigh more, and nothing is ever rescaled. A sum of weights is the
//! same in whatever order its events came.

/// Days in which popularity, and what is known of rates, halve.
const HALF_LIFE_DAYS: f64 = 14.0;
/// 2026-01-01 in seconds since 1970: keeps exponents small for decades.
const REFERENCE_SECONDS: i64 = 1_767_225_600;

/// Weight of an event of a moment, seconds since 1970; above 0 and finite.
pub fn weight(seconds: i64) -> f64 {
    let days = (seconds - REFERENCE_SECONDS) as f64 / 86_400.0;
    (days / HALF_LIFE_DAYS).clamp(-500.0, 500.0).exp2()
}

/// What brings a sum of weights to a moment: an event of that moment counts 1.
pub fn as_of(seconds: i64) -> f64 {
    weight(seconds).recip()
}
