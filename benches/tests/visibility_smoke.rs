//! The measurement of changes, small: it must be true before its figures are read.

use sampan_benches::{
    Outcome,
    visibility::{self, VisibilityOptions},
};

const CHANGES: usize = 3;

#[test]
fn a_small_run_sees_every_change_and_leaves_the_node_as_it_was() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let options = VisibilityOptions {
        items: 2_000,
        rate: 100,
        changes: CHANGES,
        rounds: 2,
        quiet_seconds: 1,
        pause_ms: 10,
        query_log: None,
        queries: 200,
        folder: Some(folder.path().to_owned()),
        json: Some(folder.path().join("figures.json")),
    };
    let table = visibility::run(&options)?;
    assert!(table.contains("restriction of a category"), "{table}");
    let figures: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("figures.json"))?)?;
    let changes = figures["changes"].as_array().ok_or("no changes")?;
    for change in changes {
        // What bars, gathers or hides is put and withdrawn.
        let twice = change["change"].as_str().is_some_and(|name| {
            ["restriction", "pool", "rule"]
                .iter()
                .any(|kind| name.contains(kind))
        });
        let expected = 2 * CHANGES * if twice { 2 } else { 1 };
        assert_eq!(change["seen"]["count"], expected, "{change}");
        assert!(change["seen"]["p50_ms"].as_f64() > Some(0.0), "{change}");
    }
    assert!(figures["queries_alone"]["count"].as_u64() >= Some(150));
    // A second run over the kept folder finds the items that the first one imported, and nothing else.
    visibility::run(&options)?;
    Ok(())
}
