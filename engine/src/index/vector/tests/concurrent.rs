//! Searches go on while the writer writes, builds and flushes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::{Everything, VectorSnapshot, VectorWriter};
use super::clustered::{Random, options};

const DIMENSIONS: usize = 16;
const RUN: Duration = Duration::from_secs(4);
/// Ordinals below it are never deleted.
const LASTING: u32 = 500;

fn vector_of(ordinal: u32) -> Vec<f32> {
    Random::new(u64::from(ordinal) + 1).vector(DIMENSIONS)
}

/// Items come and go in batches; a search must never see one that was gone from the published
/// version, and must always see those below [`LASTING`].
#[test]
fn no_item_is_lost_and_no_deleted_item_returned_while_writing() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(700)).unwrap();
    (0..LASTING).for_each(|ordinal| writer.upsert(ordinal, &vector_of(ordinal)).unwrap());
    let published: Mutex<Arc<VectorSnapshot>> = Mutex::new(writer.publish());
    // Ordinals from LASTING up to this one are deleted in every snapshot published from now on.
    let (stop, gone_below, searches) = (
        AtomicBool::new(false),
        AtomicU64::new(u64::from(LASTING)),
        AtomicU64::new(0),
    );
    std::thread::scope(|scope| {
        for seed in 1..=2 {
            let (published, stop, gone_below, searches) =
                (&published, &stop, &gone_below, &searches);
            scope.spawn(move || {
                let mut random = Random::new(seed);
                while !stop.load(Ordering::Acquire) {
                    let gone = gone_below.load(Ordering::Acquire) as u32;
                    let snapshot = published.lock().unwrap().clone();
                    let wanted = random.below(u64::from(LASTING)) as u32;
                    let found = snapshot
                        .search(&vector_of(wanted), 20, &Everything)
                        .unwrap();
                    assert_eq!(found[0].ordinal, wanted);
                    assert_eq!(found.len(), 20);
                    assert!(found.iter().all(|n| !(LASTING..gone).contains(&n.ordinal)));
                    searches.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let (started, mut next) = (Instant::now(), LASTING);
        while started.elapsed() < RUN {
            let first = next;
            for _ in 0..400 {
                writer.upsert(next, &vector_of(next)).unwrap();
                next += 1;
            }
            *published.lock().unwrap() = writer.publish();
            (first..next).for_each(|ordinal| writer.delete(ordinal));
            let replaced = first % LASTING;
            writer.upsert(replaced, &vector_of(replaced)).unwrap();
            *published.lock().unwrap() = writer.publish();
            gone_below.store(u64::from(next), Ordering::Release);
            if first % 10_000 < 400 {
                writer.flush(u64::from(first)).unwrap();
            }
        }
        stop.store(true, Ordering::Release);
    });
    writer.settle();
    assert!(writer.warnings().is_empty(), "{:?}", writer.warnings());
    assert!(writer.ordinals().iter().eq(0..LASTING));
    assert!(searches.into_inner() > 100);
}
