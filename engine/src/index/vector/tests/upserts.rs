//! What was written is found, what was replaced or deleted is not, before and after builds.

use std::collections::BTreeMap;

use super::super::{Everything, VectorWriter};
use super::clustered::{Clustered, Random, cosine, options};

/// The single best item for each of the first vectors is that vector itself.
#[test]
fn every_row_finds_itself_in_the_tail_and_in_segments() {
    let data = Clustered::new(3_000, 24, 60, 3);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_000)).unwrap();
    data.fill(&mut writer);
    for settled in [false, true] {
        if settled {
            writer.settle();
        }
        let snapshot = writer.publish();
        assert_eq!(snapshot.len(), 3_000);
        for (ordinal, vector) in (0u32..).zip(&data.vectors).step_by(7) {
            let found = snapshot.search(vector, 1, &Everything).unwrap();
            assert_eq!(found[0].ordinal, ordinal, "settled {settled}");
            let held = snapshot.vector(ordinal).unwrap();
            assert!(cosine(&held, vector) > 0.999_99);
        }
        assert_eq!(snapshot.vector(3_000), None);
    }
}

#[test]
fn a_published_snapshot_never_changes() {
    let data = Clustered::new(600, 8, 10, 5);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    data.fill(&mut writer);
    writer.settle();
    writer.upsert(600, &data.queries[0]).unwrap();
    let before = writer.publish();
    (0..601).for_each(|ordinal| writer.delete(ordinal));
    writer.upsert(0, &data.queries[1]).unwrap();
    let after = writer.publish();
    assert_eq!((before.len(), after.len()), (601, 1));
    assert_eq!(
        before.search(&data.queries[0], 1, &Everything).unwrap()[0].ordinal,
        600
    );
    assert_eq!(
        after
            .search(&data.queries[0], 10, &Everything)
            .unwrap()
            .len(),
        1
    );
}

/// Random upserts, replacements and deletes, with builds ending at any moment, against a map.
#[test]
fn any_order_of_writes_and_builds_ends_in_the_same_items() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(300)).unwrap();
    let mut model: BTreeMap<u32, Vec<f32>> = BTreeMap::new();
    let mut random = Random::new(99);
    for step in 0..12_000 {
        let ordinal = random.below(2_000) as u32;
        if random.below(4) == 0 {
            writer.delete(ordinal);
            model.remove(&ordinal);
        } else {
            let vector = random.vector(12);
            writer.upsert(ordinal, &vector).unwrap();
            model.insert(ordinal, vector);
        }
        if step % 100 == 0 {
            assert_eq!(writer.publish().len(), model.len(), "step {step}");
        }
        if step % 3_000 == 0 {
            writer.flush(step).unwrap();
        }
    }
    for settled in [false, true] {
        if settled {
            writer.settle();
        }
        assert!(writer.ordinals().iter().eq(model.keys().copied()));
        let snapshot = writer.publish();
        let found = snapshot.search(&[1.0; 12], 2_000, &Everything).unwrap();
        let mut ordinals: Vec<u32> = found.iter().map(|n| n.ordinal).collect();
        ordinals.sort_unstable();
        assert!(
            ordinals.iter().copied().eq(model.keys().copied()),
            "settled {settled}"
        );
        for (ordinal, vector) in &model {
            let found = snapshot.search(vector, 1, &Everything).unwrap()[0];
            assert_eq!(found.ordinal, *ordinal);
            assert!(found.similarity > 0.999_9);
        }
    }
}

#[test]
fn equal_vectors_are_one_node_and_all_of_them_are_found() {
    assert_copies_are_found(100_000);
}

#[test]
#[ignore = "slow: a million copies"]
fn a_million_equal_vectors_are_one_node_and_all_of_them_are_found() {
    assert_copies_are_found(1_000_000);
}

fn assert_copies_are_found(copies: u32) {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(copies as usize / 4)).unwrap();
    let data = Clustered::new(300, 16, 20, 8);
    let copy = &data.queries[0];
    (0..copies).for_each(|ordinal| writer.upsert(ordinal, copy).unwrap());
    for (ordinal, vector) in (copies..).zip(&data.vectors) {
        writer.upsert(ordinal, vector).unwrap();
    }
    for settled in [false, true] {
        if settled {
            writer.settle();
        }
        let snapshot = writer.publish();
        let found = snapshot.search(copy, 50, &Everything).unwrap();
        assert_eq!(found.len(), 50);
        assert!(
            found
                .iter()
                .all(|n| n.ordinal < copies && n.similarity > 0.999)
        );
        let rare: roaring::RoaringBitmap = [17, copies / 2, copies + 5].into_iter().collect();
        let found = snapshot.search(&data.vectors[5], 10, &rare).unwrap();
        assert_eq!((found.len(), found[0].ordinal), (3, copies + 5));
    }
    (0..copies - 1).for_each(|ordinal| writer.delete(ordinal));
    let found = writer.publish().search(copy, 10, &Everything).unwrap();
    assert_eq!((found.len(), found[0].ordinal), (10, copies - 1));
}
