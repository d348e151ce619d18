//! Items like an item of the index.

use roaring::RoaringBitmap;

use super::super::{Everything, RESULTS_MAX, VectorError, VectorWriter};
use super::clustered::{Clustered, all_below, options};

const ROWS: u32 = 2_000;

#[test]
fn similar_items_are_the_nearest_eligible_above_the_threshold_without_the_item() {
    let data = Clustered::new(ROWS as usize, 24, 40, 31);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1_500)).unwrap();
    data.fill(&mut writer);
    writer.settle();
    // The last hundred lie in the tail.
    for ordinal in ROWS - 100..ROWS {
        writer
            .upsert(ordinal, &data.vectors[ordinal as usize])
            .unwrap();
    }
    let snapshot = writer.publish();
    let odd: RoaringBitmap = all_below(ROWS).into_iter().filter(|o| o % 2 == 1).collect();
    for ordinal in [0, 17, 901, ROWS - 1] {
        let vector = &data.vectors[ordinal as usize];
        for similarity_min in [-1.0, 0.6, 0.9] {
            let found = snapshot.similar(ordinal, 10, similarity_min, &odd).unwrap();
            let mut exact: Vec<f32> = odd
                .iter()
                .filter(|&other| other != ordinal)
                .map(|other| data.cosine(vector, other))
                .filter(|&cosine| cosine >= similarity_min)
                .collect();
            exact.sort_unstable_by(|a, b| b.total_cmp(a));
            exact.truncate(10);
            assert_eq!(found.len(), exact.len(), "{ordinal} above {similarity_min}");
            for (near, exact) in found.iter().zip(exact) {
                assert!(near.ordinal % 2 == 1 && near.ordinal != ordinal);
                assert!((near.similarity - exact).abs() < 1e-3);
            }
        }
    }
    assert!(
        snapshot
            .similar(ROWS, 10, -1.0, &Everything)
            .unwrap()
            .is_empty()
    );
    assert!(
        snapshot
            .similar(0, 0, -1.0, &Everything)
            .unwrap()
            .is_empty()
    );
    let all = snapshot.similar(0, RESULTS_MAX, -1.0, &Everything).unwrap();
    assert_eq!(all.len(), ROWS as usize - 1);
    let error = snapshot
        .similar(0, RESULTS_MAX + 1, -1.0, &Everything)
        .unwrap_err();
    assert!(
        matches!(error, VectorError::TooManyResults { .. }),
        "{error}"
    );
}

/// The same product from many sellers: all but the item itself, and nothing else.
#[test]
fn copies_of_an_item_are_found_by_a_threshold_near_one() {
    let data = Clustered::new(400, 24, 40, 32);
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(300)).unwrap();
    data.fill(&mut writer);
    (1_000..1_040).for_each(|copy| writer.upsert(copy, &data.vectors[5]).unwrap());
    for settled in [false, true] {
        if settled {
            writer.settle();
        }
        let found = writer
            .publish()
            .similar(1_007, 100, 0.999, &Everything)
            .unwrap();
        let mut ordinals: Vec<u32> = found.iter().map(|near| near.ordinal).collect();
        ordinals.sort_unstable();
        let copies = (1_000..1_040).filter(|&copy| copy != 1_007);
        assert!(ordinals.into_iter().eq([5].into_iter().chain(copies)));
    }
}
