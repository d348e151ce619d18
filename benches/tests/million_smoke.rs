//! The large measurement, small: it must be true before its figures are read.

use std::path::Path;

use sampan_benches::{
    Outcome,
    million::{self, MillionOptions},
};

const ITEMS: u64 = 2_000;

#[test]
fn a_small_run_finds_every_item_and_fills_every_table() -> Outcome<()> {
    let options = MillionOptions {
        items: ITEMS,
        query_log: None,
        queries: 200,
        passes: 1,
        rate: 300,
        model: None,
        folder: None,
    };
    let run = million::measure(&options, Path::new(env!("CARGO_BIN_EXE_side_by_side")))?;
    let imported = run.imported.as_ref().ok_or("nothing was imported")?;
    assert_eq!(imported.items, ITEMS);
    assert!(imported.visible >= imported.acknowledged);
    assert_eq!(run.status.items, ITEMS);
    assert_eq!(run.status.sequence_visible, run.status.sequence_written);
    assert_eq!(run.peer_items, ITEMS);
    assert_eq!(run.arriving.answered.len(), 200);
    assert!(
        run.disk
            .iter()
            .any(|(part, bytes)| *part == "lexical index" && *bytes > 0)
    );
    assert_eq!(run.one_by_one.best.wall.len(), 200);
    // Every query is the beginning of a title, so only items that Hong Kong cannot buy are missed.
    assert!(
        run.one_by_one.without_hits < 100,
        "{} without hits",
        run.one_by_one.without_hits
    );
    Ok(())
}
