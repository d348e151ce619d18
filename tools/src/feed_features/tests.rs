//! Features go out and come back.

use std::fs;

use sampan_engine::recommend::{
    FeedModel, Neighbours,
    calibration::{Calibration, Outcome},
    factors::{FactorOptions, Factors},
    file::{Description, NamedModel},
    model::by_events,
    repeat::RepeatHabits,
    source::SOURCES,
};
use tempfile::TempDir;

use super::{read::read, write::write, *};

fn model() -> NamedModel {
    let options = FactorOptions {
        dimensions: 2,
        ..FactorOptions::default()
    };
    let events = vec![3.0, 9.5, 0.0];
    let model = FeedModel {
        co_occurrence: Neighbours::from_rows(vec![
            vec![(1, 0.5), (2, 0.25)],
            vec![(0, 1.5)],
            vec![],
        ]),
        swing: Neighbours::from_rows(vec![vec![], vec![(2, 0.125)], vec![]]),
        factors: Factors::new(vec![0.1, -0.2, 0.3, 0.4, -0.5, 0.6], &options),
        popular: by_events(&events),
        events,
        habits: RepeatHabits {
            rates: vec![0.1, 0.2, 0.3],
            interval_days: vec![7.0, 14.0, 30.0],
        },
        repeats: true,
        weights: [0.3; SOURCES],
        calibration: Calibration::from_steps(vec![
            Outcome {
                predicted: 0.1,
                observed: 0.125,
            },
            Outcome {
                predicted: 0.5,
                observed: 0.25,
            },
        ])
        .unwrap(),
    };
    NamedModel {
        description: Description {
            made_by: "a test".into(),
            shoppers: 2,
            visits: 5,
            until: 1,
            events: 12,
            made: 2,
            repeats: true,
            unobserved: options.unobserved,
            regularisation: options.regularisation,
            weights: Description::weights_of(&model),
            calibration: model.calibration.steps().to_vec(),
        },
        ids: ["奶粉", "tea", "a,b"].map(str::to_owned).to_vec(),
        model,
    }
}

fn written() -> (TempDir, NamedModel) {
    let (folder, model) = (TempDir::new().unwrap(), model());
    write(folder.path(), &model).unwrap();
    (folder, model)
}

#[test]
fn what_was_written_is_read() {
    let (folder, model) = written();
    assert_eq!(read(folder.path()).unwrap(), model);
}

#[test]
fn a_neighbour_that_is_no_item_is_named_with_its_row() {
    let (folder, mut fewer) = written();
    fewer.ids[2] = "other".into();
    let other = TempDir::new().unwrap();
    write(other.path(), &fewer).unwrap();
    fs::copy(
        other.path().join(ITEMS_FILE),
        folder.path().join(ITEMS_FILE),
    )
    .unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("row 2: neighbour_id") && error.contains("a,b"),
        "{error}"
    );
}

#[test]
fn two_items_of_one_id_and_a_missing_weight_are_named() {
    let (folder, mut twice) = written();
    twice.ids[2] = "tea".into();
    write(folder.path(), &twice).unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("row 3: item_id"), "{error}");

    let (folder, mut without) = written();
    without.description.weights.remove("due");
    write(folder.path(), &without).unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains(MODEL_FILE) && error.contains("due"),
        "{error}"
    );
}

#[test]
fn what_is_no_parquet_is_refused() {
    let (folder, _) = written();
    fs::write(folder.path().join(ITEMS_FILE), "not parquet").unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(error.contains(ITEMS_FILE), "{error}");
}
