//! The feed is measured in one run with the simple ways, and beats them where there is something to learn.

use std::{fs, path::PathBuf};

use sampan_engine::recommend::{InteractionLog, factors::FactorOptions};
use sampan_tools::{
    evaluate::feed::report::{BY_GROUP, FeedReport, OURS, Protocol, evaluate},
    interactions::{attributes, sequences, ta_feng},
};
use tempfile::TempDir;

fn protocol(repeats: bool) -> Protocol {
    Protocol {
        visits_min: 3,
        repeats,
        dimensions: 16,
        sparse: false,
        seed: 1,
    }
}

fn recall(report: &FeedReport, name: &str) -> f64 {
    let row = report.rows.iter().find(|row| row.name == name);
    row.unwrap_or_else(|| panic!("no row {name}"))
        .figures
        .recall_10
}

/// Customers of 40 streets: each buys milk or tea every week, and walks along the shelf of the street, which starts
/// elsewhere for each.
fn baskets() -> String {
    let mut text = "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PRODUCT_ID\n".to_owned();
    for customer in 0..400 {
        let (street, first) = (customer % 40, customer / 40);
        for week in 0..4 {
            let day = 1 + 7 * week;
            let is_old = customer % 3 == 0;
            let staple = if is_old { "tea" } else { "milk" };
            let age = if is_old { "old" } else { "young" };
            let shelf = (first + week) % 20;
            for product in [staple.to_owned(), format!("{street}-{shelf}")] {
                text.push_str(&format!("1/{day}/2001,c{customer},{age},{product}\n"));
            }
        }
    }
    text
}

#[test]
fn baskets_of_a_made_up_shop_are_foreseen() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log.csv");
    fs::write(&path, baskets()).unwrap();
    let read = ta_feng::read(&path).unwrap();
    let (log, groups) = (read.log, read.age_groups);
    let report = evaluate(&log, None, &groups, &protocol(true), &mut |_, _, _| {});
    assert_eq!((report.shoppers, report.visits), (400, 1_600));
    let ours = recall(&report, OURS);
    // The staple is half of each basket: who knows only that gets one half.
    assert!((recall(&report, "personal top") - 0.5).abs() < 0.05);
    // One in ten walks on to a shelf that nobody is known to have reached.
    assert!(ours > 0.8, "{ours}");
    for floor in ["global top", "personal top", "personal top, then global"] {
        assert!(recall(&report, floor) < ours, "{floor}");
    }
    // Both staples are popular with all; which one is a customer's, the age says.
    let row = |name| report.rows.iter().find(|row| row.name == name).unwrap();
    let first = |name| row(name).figures.ndcg_10;
    assert!(first(BY_GROUP) > first("global top") + 0.05);
    let again = evaluate(&log, None, &groups, &protocol(true), &mut |_, _, _| {});
    assert_eq!(report, again, "one seed, one result");
}

#[test]
fn what_was_taken_is_in_no_list_of_sequences() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("log.txt");
    // The last item of each line was taken before: nobody may find it.
    let lines = (0..50).map(|shopper| {
        let item = |step: usize| (shopper + step) % 20;
        format!(
            "u{shopper} {} {} {} {}\n",
            item(0),
            item(1),
            item(2),
            item(0)
        )
    });
    fs::write(&path, lines.collect::<String>()).unwrap();
    let log = sequences::read(&path).unwrap();
    let report = evaluate(&log, None, &[], &protocol(false), &mut |_, _, _| {});
    for row in &report.rows {
        assert_eq!(row.figures.recall_50, 0.0, "{}", row.name);
    }
}

/// A file of the evaluation data: `SAMPAN_DATA`, or `../shared/data` beside the workspace.
fn public(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("SAMPAN_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let path = root.join("recommend").join(file);
    if !path.exists() {
        println!(
            "skipped: no {} (set SAMPAN_DATA to the evaluation data)",
            path.display()
        );
        return None;
    }
    Some(path)
}

fn measured(
    log: &InteractionLog,
    features: Option<PathBuf>,
    groups: &[String],
    protocol: Protocol,
) -> FeedReport {
    let features = features.map(|path| attributes::read(&path, log).expect("attributes"));
    let protocol = Protocol {
        dimensions: FactorOptions::default().dimensions,
        ..protocol
    };
    evaluate(log, features.as_ref(), groups, &protocol, &mut |_, _, _| {})
}

#[test]
#[ignore = "takes minutes: cargo test --release --workspace --test feed_eval -- --ignored"]
fn the_last_baskets_of_ta_feng_are_found_better_than_by_the_simple_ways() {
    let Some(path) = public("ta_feng.csv.zip") else {
        return;
    };
    let read = ta_feng::read(&path).unwrap();
    let report = measured(&read.log, None, &read.age_groups, protocol(true));
    let ours = recall(&report, OURS);
    assert!(ours >= 0.135, "{ours}");
    let calibration = &report.calibration;
    assert!(calibration.calibrated.error <= 0.04, "{calibration:?}");
    assert!(calibration.calibrated.error <= calibration.scores.error / 2.0);
    for floor in ["global top", "personal top", "personal top, then global"] {
        assert!(recall(&report, floor) < ours, "{floor}");
    }
    let [all, by_group] = ["global top", BY_GROUP].map(|name| {
        let row = report.rows.iter().find(|row| row.name == name).unwrap();
        [row.figures.recall_10, row.of_few_visits.recall_10]
    });
    assert!(by_group[0] > 1.02 * all[0] && by_group[1] > 1.02 * all[1]);
}

#[test]
#[ignore = "takes minutes: cargo test --release --workspace --test feed_eval -- --ignored"]
fn the_last_items_of_beauty_are_found_and_content_serves_sparse_ones() {
    let (Some(path), Some(content)) = (public("beauty.txt"), public("beauty_attributes.json"))
    else {
        return;
    };
    let protocol = Protocol {
        visits_min: 2,
        sparse: true,
        ..protocol(false)
    };
    let log = sequences::read(&path).unwrap();
    let report = measured(&log, Some(content), &[], protocol);
    let ours = report.rows.iter().find(|row| row.name == OURS).unwrap();
    let figures = ours.figures;
    assert!(
        figures.hit_10 >= 0.095 && figures.ndcg_10 >= 0.050,
        "{figures:?}"
    );
    let calibration = &report.calibration;
    assert!(calibration.calibrated.error <= 0.04, "{calibration:?}");
    let sparse = report.sparse.unwrap();
    let (with, without) = (sparse.with_content, sparse.without_content);
    let (ours, theirs) = (
        with.of_sparse_items.recall_50,
        without.of_sparse_items.recall_50,
    );
    assert!(ours >= 2.0 * theirs, "{ours} against {theirs}");
    assert!(with.all.ndcg_10 >= 0.97 * without.all.ndcg_10);
    assert!(with.all.recall_10 >= 0.97 * without.all.recall_10);
}
