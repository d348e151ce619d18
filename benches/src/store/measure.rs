//! Times and sizes of one database with one batch size.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use prost::Message as _;
use sampan_analyzers::{Analyzer, DictionaryFiles};

use super::{Contender, crash};
use crate::{Outcome, latency::Latencies, million::items};

/// Reads that are timed, of [`READS_A_PAGE`] items each.
const PAGES: usize = 5_000;
/// Items a page of results shows.
const READS_A_PAGE: usize = 20;

/// What one database did.
pub struct Figures {
    pub items: usize,
    pub writing: Duration,
    pub batches: Latencies,
    pub reads: Latencies,
    pub disk_bytes: u64,
    pub reopened: Duration,
}

/// Keys and encoded items, in an order that has nothing to do with the keys'.
pub fn rows(count: usize) -> Outcome<Vec<(String, Vec<u8>)>> {
    let analyzer = Analyzer::build(&DictionaryFiles::embedded())?;
    let items = items::generate(&analyzer, count as u64)?;
    let mut rows: Vec<_> = items
        .into_iter()
        .map(|item| (item.id.clone(), item.encode_to_vec()))
        .collect();
    let mut places = pseudo_random(count);
    for place in (1..rows.len()).rev() {
        // Fisher and Yates' shuffle.
        let other = places.next().unwrap_or_default() % (place + 1);
        rows.swap(place, other);
    }
    Ok(rows)
}

pub fn measure(
    contender: Contender,
    rows: &[(String, Vec<u8>)],
    batch: usize,
    folder: &Path,
) -> Outcome<Figures> {
    let (written, killed) = (folder.join("written"), folder.join("killed"));
    fs::create_dir(&written)?;
    fs::create_dir(&killed)?;
    let mut engine = contender.open(&written)?;
    let mut batches = Latencies::new()?;
    let start = Instant::now();
    for (place, part) in rows.chunks(batch).enumerate() {
        let start = Instant::now();
        engine.write((place * batch) as u64 + 1, part)?;
        batches.add(start.elapsed())?;
    }
    let writing = start.elapsed();
    let mut reads = Latencies::new()?;
    let mut places = pseudo_random(rows.len());
    for _ in 0..PAGES {
        let start = Instant::now();
        for place in places.by_ref().take(READS_A_PAGE) {
            let (key, value) = &rows[place];
            if engine.read(key)?.as_ref() != Some(value) {
                return Err(format!("{key}: not what was written").into());
            }
        }
        reads.add(start.elapsed())?;
    }
    drop(engine);
    Ok(Figures {
        items: rows.len(),
        writing,
        batches,
        reads,
        disk_bytes: bytes_below(&written)?,
        reopened: crash::reopen_after_kill(contender, &killed, rows.len(), batch)?,
    })
}

/// Places below `end`, the same on every run (a linear congruential generator; Knuth's MMIX constants).
fn pseudo_random(end: usize) -> impl Iterator<Item = usize> {
    let mut state = 1_u64;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % end
    })
}

/// Bytes that a folder's files take on disk (a preallocated file counts by what it really holds).
pub fn bytes_below(folder: &Path) -> Outcome<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let facts = entry.metadata()?;
        bytes += if facts.is_dir() {
            bytes_below(&entry.path())?
        } else {
            facts.blocks() * 512
        };
    }
    Ok(bytes)
}
