//! Searches find what an exact search finds, with and without filters.

use std::sync::{Arc, LazyLock};

use roaring::RoaringBitmap;

use super::super::{
    Eligibility, EligibleOrdinals, Everything, Neighbour, RESULTS_MAX, VectorSnapshot, VectorWriter,
};
use super::clustered::{Clustered, Random, all_below, options};

const ROWS: usize = 30_000;
const K: usize = 10;

struct Fixture {
    data: Clustered,
    snapshot: Arc<VectorSnapshot>,
    _directory: tempfile::TempDir,
}

/// One segment of 30,000 rows that several tests search.
static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| {
    let data = Clustered::new(ROWS, 32, 300, 11);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(4_096)).unwrap();
    data.fill(&mut writer);
    writer.settle();
    let snapshot = writer.publish();
    assert_eq!((snapshot.segments(), snapshot.len()), (1, ROWS));
    Fixture {
        data,
        snapshot,
        _directory: directory,
    }
});

/// Mean part of the exact best ten that a search with this filter finds.
fn recall(eligible: &RoaringBitmap, filter: &dyn Eligibility) -> f64 {
    let Fixture { data, snapshot, .. } = &*FIXTURE;
    let mut hits = 0;
    for query in &data.queries {
        let found = snapshot.search(query, K, filter).unwrap();
        assert_eq!(found.len(), K);
        assert!(
            found
                .iter()
                .all(|neighbour| eligible.contains(neighbour.ordinal))
        );
        assert!(found.is_sorted_by(|a, b| a.similarity >= b.similarity));
        let kth = data.kth_cosine(query, K, eligible) - 1e-5;
        hits += found
            .iter()
            .filter(|n| data.cosine(query, n.ordinal) >= kth)
            .count();
        for neighbour in found {
            let exact = data.cosine(query, neighbour.ordinal);
            assert!((exact - neighbour.similarity).abs() < 1e-4);
        }
    }
    hits as f64 / (K * data.queries.len()) as f64
}

fn random_share(one_in: u64) -> RoaringBitmap {
    let mut random = Random::new(one_in);
    (0..ROWS as u32)
        .filter(|_| random.below(1_000) < 1_000 / one_in)
        .collect()
}

#[test]
fn a_search_without_filter_finds_the_nearest() {
    let found = recall(&all_below(ROWS as u32), &Everything);
    assert!(found >= 0.99, "{found}");
}

#[test]
fn filtered_searches_find_the_nearest_of_the_eligible() {
    for one_in in [2, 3, 10, 100, 1_000] {
        let eligible = random_share(one_in);
        let found = recall(&eligible, &eligible);
        assert!(found >= 0.99, "one in {one_in}: {found}");
    }
}

/// Other segments have taken over most ordinals, as happens when items are updated.
#[test]
fn filters_on_scattered_ordinals_find_the_nearest_of_the_eligible() {
    const APART: u32 = 16;
    let data = Clustered::new(6_000, 32, 60, 15);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(5_000)).unwrap();
    for (row, vector) in (0u32..).zip(&data.vectors) {
        writer.upsert(row * APART, vector).unwrap();
    }
    writer.settle();
    let snapshot = writer.publish();
    assert_eq!(snapshot.segments(), 1);
    let mut random = Random::new(3);
    let eligible: RoaringBitmap = (0..6_000 * APART)
        .filter(|_| random.below(4) == 0)
        .collect();
    let rows: RoaringBitmap = (0..6_000)
        .filter(|row| eligible.contains(row * APART))
        .collect();
    let mut hits = 0;
    for query in &data.queries {
        let kth = data.kth_cosine(query, K, &rows) - 1e-5;
        let found = snapshot.search(query, K, &eligible).unwrap();
        assert!(found.iter().all(|near| eligible.contains(near.ordinal)));
        let near = |near: &&Neighbour| data.cosine(query, near.ordinal / APART) >= kth;
        hits += found.iter().filter(near).count();
    }
    assert!(hits >= 990, "{hits} of 1,000");
}

/// A filter that only answers questions.
struct Silent<'a>(&'a RoaringBitmap);

impl Eligibility for Silent<'_> {
    fn allows(&self, ordinal: u32) -> bool {
        self.0.contains(ordinal)
    }
}

#[test]
fn filters_with_words_find_the_same() {
    for one_in in [2, 3, 10] {
        let eligible = random_share(one_in);
        let found = recall(&eligible, &EligibleOrdinals::new(eligible.clone()));
        assert!(found >= 0.99, "one in {one_in}: {found}");
    }
}

#[test]
fn filters_without_a_bitmap_find_the_same() {
    for one_in in [2, 3, 100, 1_000] {
        let eligible = random_share(one_in);
        let found = recall(&eligible, &Silent(&eligible));
        assert!(found >= 0.99, "one in {one_in}: {found}");
    }
}

#[test]
fn a_filter_far_from_the_query_still_finds_the_nearest_of_the_eligible() {
    let data = &FIXTURE.data;
    // Eligible is what lies in the half-space away from the first query, or close to that.
    let away: RoaringBitmap = (0..ROWS as u32)
        .filter(|&o| data.cosine(&data.queries[0], o) < 0.02)
        .collect();
    assert!(away.len() > 12_000, "{}", away.len());
    let found = recall(&away, &away);
    assert!(found >= 0.97, "{found}");
}

#[test]
fn no_more_is_returned_than_is_eligible() {
    let Fixture { data, snapshot, .. } = &*FIXTURE;
    let few: RoaringBitmap = [5, 77, 29_999, 4_000_000].into_iter().collect();
    let query = &data.queries[0];
    let mut found: Vec<u32> = snapshot
        .search(query, K, &few)
        .unwrap()
        .iter()
        .map(|n| n.ordinal)
        .collect();
    found.sort_unstable();
    assert_eq!(found, [5, 77, 29_999]);
    assert!(
        snapshot
            .search(query, K, &RoaringBitmap::new())
            .unwrap()
            .is_empty()
    );
    assert!(snapshot.search(query, 0, &Everything).unwrap().is_empty());
    assert_eq!(
        snapshot
            .search(query, RESULTS_MAX, &Everything)
            .unwrap()
            .len(),
        RESULTS_MAX
    );
    assert_eq!(snapshot.search(query, 500, &Everything).unwrap().len(), 500);
}

/// Rows arrive in small builds and merges, a third is replaced and a tenth deleted on the way.
#[test]
fn merges_and_deletes_do_not_wear_the_graph_out() {
    let mut data = Clustered::new(16_000, 32, 160, 12);
    let replacements = Clustered::new(16_000, 32, 160, 12 + 1).vectors;
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    for ordinal in 0..16_000u32 {
        writer
            .upsert(ordinal, &data.vectors[ordinal as usize])
            .unwrap();
        let earlier = ordinal / 2;
        if ordinal % 3 == 0 {
            data.vectors[earlier as usize] = replacements[earlier as usize].clone();
            writer
                .upsert(earlier, &data.vectors[earlier as usize])
                .unwrap();
        }
        if ordinal % 10 == 0 {
            writer.delete(earlier);
        }
        if ordinal % 500 == 0 {
            writer.publish();
            // Builds end in the same order in every run.
            writer.settle();
        }
    }
    writer.settle();
    let (held, snapshot) = (writer.ordinals(), writer.publish());
    assert!(
        snapshot.segments() <= 4 && held.len() < 15_000,
        "{}",
        held.len()
    );
    let mut hits = 0;
    for query in &data.queries {
        let kth = data.kth_cosine(query, K, &held) - 1e-5;
        let found = snapshot.search(query, K, &Everything).unwrap();
        assert!(
            found
                .iter()
                .all(|neighbour| held.contains(neighbour.ordinal))
        );
        hits += found
            .iter()
            .filter(|n| data.cosine(query, n.ordinal) >= kth)
            .count();
    }
    assert!(hits >= 990, "{hits} of 1,000");
}
