//! A model's file.

use std::fs;

use tempfile::TempDir;

use super::whole::model;
use crate::recommend::file::{Description, NamedModel};

fn named() -> NamedModel {
    let model = model(true);
    NamedModel {
        description: Description {
            made_by: "a test".into(),
            shoppers: 400,
            visits: 2_000,
            until: 5,
            events: 9_000,
            made: 7,
            repeats: true,
            unobserved: model.factors.weights().0,
            regularisation: model.factors.weights().1,
            weights: Description::weights_of(&model),
            calibration: model.calibration.steps().to_vec(),
        },
        ids: (0..model.items())
            .map(|item| format!("商品-{item}"))
            .collect(),
        model,
    }
}

#[test]
fn what_was_written_is_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("shop.feed");
    let named = named();
    named.write(&path).unwrap();
    // Not assert_eq!: it would print every number.
    assert!(NamedModel::read(&path).unwrap() == named);
}

#[test]
fn an_altered_byte_a_cut_and_a_missing_weight_are_found() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("shop.feed");
    let mut named = named();
    named.write(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    for place in [9, 40, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        let altered = folder.path().join("altered.feed");
        fs::write(&altered, &bytes).unwrap();
        assert!(NamedModel::read(&altered).is_err(), "byte {place}");
    }
    let cut = folder.path().join("cut.feed");
    fs::write(&cut, &whole[..whole.len() - 1]).unwrap();
    assert!(NamedModel::read(&cut).is_err());

    named.description.weights.remove("trend");
    let odd = folder.path().join("odd.feed");
    named.write(&odd).unwrap();
    let error = NamedModel::read(&odd).unwrap_err().to_string();
    assert!(error.contains("trend"), "{error}");
}
