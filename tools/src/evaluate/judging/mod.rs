//! Making judgements: what is to be judged, what was judged, how far two judges agree, and what clicks say instead.
//!
//! ```text
//! runs ─ pool ─ Pool ─ (a judge) ─ record ─ agreement | qrels
//! events ─ click_model ─ qrels
//! ```

pub mod agreement;
pub mod click_model;
pub mod pool;
pub mod record;
