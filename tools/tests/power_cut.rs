//! What the program has acknowledged is there after it was killed in the middle of its work.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sampan_proto::v1::{self, EventKind};
use sampan_tests::{
    clients::{Clients, query},
    items::{event, item},
    process::NodeProcess,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sampan");
/// Times that the program is killed, each in another moment of its work.
const KILLS: u64 = 5;
/// Acknowledged batches after which the program is killed, at the least.
const BATCHES_BEFORE_KILL: u64 = 12;
const ITEMS_A_BATCH: u64 = 20;

fn batch(round: u64, number: u64) -> Vec<v1::Item> {
    let one = |place| {
        item(
            &format!("i-{round}-{number}-{place}"),
            &format!("貨品 第{round}輪"),
        )
    };
    (0..ITEMS_A_BATCH).map(one).collect()
}

/// Writes batch after batch until the program is gone; `acknowledged` counts those that it answered.
async fn write(clients: Clients, round: u64, acknowledged: Arc<AtomicU64>) {
    for number in 0.. {
        let items = batch(round, number);
        let click = event(EventKind::Click, "ann", &items[0].id);
        let gone = items[1].id.clone();
        let written = async {
            clients.try_upsert(vec![items]).await?;
            clients.try_record(vec![click]).await?;
            clients.try_delete(&[&gone]).await
        };
        if written.await.is_err() {
            return;
        }
        acknowledged.store(number + 1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn every_acknowledged_write_outlives_a_kill() {
    let data = tempfile::tempdir().expect("a folder");
    let mut acknowledged_in_round = Vec::new();
    for round in 0..KILLS {
        let node = NodeProcess::serve(Path::new(PROGRAM), data.path(), None);
        let acknowledged = Arc::new(AtomicU64::new(0));
        let writing = tokio::spawn(write(node.clients().await, round, acknowledged.clone()));
        while acknowledged.load(Ordering::SeqCst) < BATCHES_BEFORE_KILL + round {
            assert!(!writing.is_finished(), "the program refused a write");
            tokio::task::yield_now().await;
        }
        node.kill();
        writing.await.expect("the writer ends with the program");
        acknowledged_in_round.push(acknowledged.load(Ordering::SeqCst));
    }
    let node = NodeProcess::serve(Path::new(PROGRAM), data.path(), None);
    let clients = node.clients().await;
    let mut acknowledged = 0;
    for (round, batches) in (0..).zip(acknowledged_in_round) {
        acknowledged += batches;
        for number in 0..batches {
            let items = batch(round, number);
            for (place, item) in items.iter().enumerate() {
                let kept = clients.try_get_item(&item.id).await;
                assert_eq!(kept.is_ok(), place != 1, "{}: {kept:?}", item.id);
            }
        }
        let request = v1::SearchRequest {
            sort: v1::Sort::Newest.into(),
            ..query(&format!("第{round}輪"), "hk")
        };
        let found = clients.search(request).await.total;
        let least = batches * (ITEMS_A_BATCH - 1);
        // The batch that was under way may be there too, in whole.
        assert!(
            (least..=least + ITEMS_A_BATCH).contains(&found),
            "{found} of {least}"
        );
    }
    let status = clients.status().await;
    assert!(
        status.events >= acknowledged,
        "{} of {acknowledged}",
        status.events
    );
    assert_eq!(status.sequence_written, status.sequence_visible);
    assert_eq!(status.warnings, Vec::<String>::new());
}
