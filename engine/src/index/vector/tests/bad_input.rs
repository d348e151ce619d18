//! Bad vectors get a typed error and change nothing.

use super::super::{
    DIMENSIONS_MAX, Everything, RESULTS_MAX, VectorError, VectorOptions, VectorWriter,
};
use super::clustered::options;

#[test]
fn each_bad_vector_is_refused_with_what_is_wrong_and_nothing_changes() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    assert!(
        writer
            .publish()
            .search(&[1.0, 2.0], 5, &Everything)
            .unwrap()
            .is_empty()
    );
    writer.upsert(7, &[1.0, 2.0, 2.0]).unwrap();
    let too_long = vec![1.0; DIMENSIONS_MAX + 1];
    let bad: [(&[f32], &str); 7] = [
        (&[], "the vector is empty"),
        (
            &too_long,
            "the vector has 4097 dimensions, more than the limit of 4096",
        ),
        (&[1.0], "the vector has 1 dimensions, the index has 3"),
        (
            &[1.0, f32::NAN, 0.0],
            "component 1 of the vector is NaN, not a finite number",
        ),
        (
            &[1.0, 0.0, f32::INFINITY],
            "component 2 of the vector is inf, not a finite number",
        ),
        (
            &[f32::NEG_INFINITY, 0.0, 1.0],
            "component 0 of the vector is -inf, not a finite number",
        ),
        (
            &[0.0, -0.0, 0.0],
            "the vector has length zero, so it has no direction",
        ),
    ];
    for (vector, message) in bad {
        let error = writer.upsert(7, vector).unwrap_err();
        assert!(error.is_callers_fault());
        assert_eq!(error.to_string(), message);
        let snapshot = writer.publish();
        assert_eq!(
            snapshot
                .search(vector, 5, &Everything)
                .unwrap_err()
                .to_string(),
            message
        );
        assert_eq!(
            snapshot.search(&[1.0, 2.0, 2.0], 5, &Everything).unwrap()[0].ordinal,
            7
        );
    }
}

#[test]
fn the_first_vector_must_also_be_a_good_one() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    writer.upsert(1, &[f32::NAN]).unwrap_err();
    assert_eq!(writer.publish().dimensions(), None);
    writer.upsert(1, &[1.0, 1.0]).unwrap();
    assert_eq!(writer.publish().dimensions(), Some(2));
}

#[test]
fn an_index_of_other_dimensions_is_not_opened() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(100)).unwrap();
    writer.upsert(1, &[1.0, 1.0]).unwrap();
    writer.flush(1).unwrap();
    drop(writer);
    let other = VectorOptions {
        dimensions: Some(3),
        ..options(100)
    };
    let error = VectorWriter::open(directory.path(), other).err().unwrap();
    assert!(
        matches!(
            error,
            VectorError::WrongDimension {
                expected: 2,
                got: 3
            }
        ),
        "{error}"
    );
}

#[test]
fn as_many_dimensions_and_results_as_the_limits_allow_work() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1)).unwrap();
    let mut vector = vec![0.0; DIMENSIONS_MAX];
    for ordinal in 0..3 {
        vector[ordinal as usize] = 1.0 + ordinal as f32;
        writer.upsert(ordinal, &vector).unwrap();
    }
    writer.settle();
    let snapshot = writer.publish();
    let found = snapshot.search(&vector, RESULTS_MAX, &Everything).unwrap();
    let ordinals: Vec<u32> = found.iter().map(|n| n.ordinal).collect();
    assert_eq!(ordinals, [2, 1, 0]);
    let error = snapshot
        .search(&vector, RESULTS_MAX + 1, &Everything)
        .unwrap_err();
    assert!(error.is_callers_fault());
    assert_eq!(
        error.to_string(),
        "10001 results were asked for, more than the limit of 10000"
    );
}

#[test]
fn one_component_vectors_and_huge_components_work() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = VectorWriter::open(directory.path(), options(1)).unwrap();
    for (ordinal, value) in [(0, 3.0e38), (1, -1.0e-38), (2, 1.0)] {
        writer.upsert(ordinal, &[value]).unwrap();
    }
    writer.settle();
    let found = writer.publish().search(&[0.5], 3, &Everything).unwrap();
    let found: Vec<(u32, f32)> = found
        .iter()
        .map(|n| (n.ordinal, n.similarity.round()))
        .collect();
    assert_eq!(found, [(0, 1.0), (2, 1.0), (1, -1.0)]);
}
