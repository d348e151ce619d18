//! The index over a model's vectors, and links to a catalogue.

use std::sync::Arc;

use tempfile::TempDir;

use super::{LearntModel, Origin, ServedModel, Wanted};
use crate::{
    index::{
        columns::Columns,
        vector::{VectorOptions, VectorWriter},
    },
    recommend::{
        FeedModel, InteractionLog, Neighbours,
        calibration::Calibration,
        factors::{FactorOptions, Factors, dot, seeded::even},
        file::NamedModel,
        model::by_events,
        repeat::RepeatHabits,
        source::SOURCES,
    },
};

const DIMENSIONS: usize = 8;

/// A model of items whose vectors are drawn and of different lengths.
fn learnt(items: usize) -> LearntModel {
    let options = FactorOptions {
        dimensions: DIMENSIONS,
        ..FactorOptions::default()
    };
    let vectors = (0..items * DIMENSIONS).map(|place| {
        let item = place / DIMENSIONS;
        (0.1 + (item % 7) as f32) * even(3, place as u64)
    });
    let events: Vec<f32> = (0..items).map(|item| (item % 5) as f32).collect();
    let empty = || Neighbours::from_rows(vec![Vec::new(); items]);
    let model = FeedModel {
        co_occurrence: empty(),
        swing: empty(),
        factors: Factors::new(vectors.collect(), &options),
        popular: by_events(&events),
        events,
        habits: RepeatHabits {
            rates: vec![0.0; items],
            interval_days: vec![1.0; items],
        },
        repeats: true,
        weights: [1.0; SOURCES],
        calibration: Calibration::default(),
    };
    let log = InteractionLog {
        items: (0..items).map(|item| format!("i-{item}")).collect(),
        ..InteractionLog::default()
    };
    let named = NamedModel::of(model, log, "a test", 1);
    let folder = TempDir::new().unwrap();
    LearntModel::new(named, Origin::File, folder.path()).unwrap()
}

#[test]
fn what_is_found_is_about_what_the_greatest_products_are() {
    for items in [3, 12_000] {
        let learnt = learnt(items);
        let (mut found, mut wanted) = (0, 0);
        for shopper in 0..20 {
            let shopper: Vec<f32> = (0..DIMENSIONS as u64)
                .map(|place| even(100 + shopper, place))
                .collect();
            let allows = |item: u32| item.is_multiple_of(3);
            let near = learnt.nearest(&shopper, 50, &allows).unwrap();
            assert!(near.iter().all(|item| allows(*item)));
            let mut best: Vec<u32> = (0..items as u32).filter(|item| allows(*item)).collect();
            let score = |item: &u32| dot(&shopper, learnt.model().factors.vector(*item));
            best.sort_by(|a, b| score(b).total_cmp(&score(a)));
            best.truncate(50);
            wanted += best.len();
            found += best.iter().filter(|item| near.contains(item)).count();
        }
        assert!(found as f64 >= 0.95 * wanted as f64, "{found} of {wanted}");
    }
    assert!(
        learnt(3)
            .nearest(&[0.0; DIMENSIONS], 9, &|_| true)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_catalogue_without_the_models_items_is_linked_to_nothing() {
    let folder = TempDir::new().unwrap();
    let mut writer = VectorWriter::open(folder.path(), VectorOptions::default()).unwrap();
    let vectors = writer.publish();
    let served = ServedModel::link(Arc::new(learnt(5)), &Columns::default(), &vectors);
    assert_eq!(
        (served.linked(), served.item(0), served.ordinal(0)),
        (0, None, None)
    );
    let wish = served.wish(vec![1.0; DIMENSIONS], &vectors);
    assert_eq!(
        served.wanted(&wish, &vectors, &[0, 7]),
        [Wanted::default(); 2]
    );
    assert!(wish.direction().is_none() && !served.has_content());
}
