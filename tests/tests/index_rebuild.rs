//! Indexes are views of the store: lost, damaged or published, they come back as they were.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, query},
    items::item_everywhere,
    node::{NodeFolder, TestNode},
};

use crate::restart::{tell_everything, what_is_seen};

async fn told_node() -> (NodeFolder, Vec<String>, Vec<String>) {
    let node = TestNode::start();
    let clients = node.clients().await;
    tell_everything(&clients).await;
    let seen = what_is_seen(&clients).await;
    let segments = segments(&clients).await;
    (node.stop().await, seen, segments)
}

async fn segments(clients: &Clients) -> Vec<String> {
    let rows = clients.status().await.segments;
    rows.into_iter().map(|row| row.id).collect()
}

fn index(folder: &NodeFolder) -> PathBuf {
    folder.data().join("index")
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn lost_indexes_are_built_again_from_the_store() {
    let (folder, seen, before) = told_node().await;
    fs::remove_dir_all(index(&folder)).expect("the indexes were there");
    let node = folder.start();
    let clients = node.clients().await;
    assert_eq!(what_is_seen(&clients).await, seen);
    assert_ne!(segments(&clients).await, before, "these are new");
}

#[tokio::test]
async fn each_damaged_index_file_is_noticed_and_made_good() {
    let (mut folder, seen, _) = told_node().await;
    let names: Vec<PathBuf> = files(&index(&folder))
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".lock"))
        .filter(|path| fs::metadata(path).is_ok_and(|facts| facts.len() > 0))
        .collect();
    let kinds: Vec<&Path> = names.iter().filter_map(|path| path.parent()).collect();
    for room in ["lexical", "vector"] {
        assert!(
            kinds
                .iter()
                .any(|kind| kind.iter().any(|part| part == room)),
            "no file of {room}: {names:?}"
        );
    }
    // Every other start meets the files that the one before made.
    for round in 0..4 {
        let damaged = files(&index(&folder))
            .into_iter()
            .filter(|path| fs::metadata(path).is_ok_and(|facts| facts.len() > 8))
            .skip(round)
            .step_by(4);
        for path in damaged {
            let mut content = fs::read(&path).expect("it can be read");
            let middle = content.len() / 2;
            content[middle] ^= 0x5a;
            fs::write(&path, content).expect("it can be written");
        }
        let node = folder.start();
        assert_eq!(
            what_is_seen(&node.clients().await).await,
            seen,
            "round {round}"
        );
        folder = node.stop().await;
    }
}

#[tokio::test]
async fn a_cut_index_file_is_noticed_and_made_good() {
    let (folder, seen, _) = told_node().await;
    for path in files(&index(&folder)) {
        let content = fs::read(&path).expect("it can be read");
        fs::write(&path, &content[..content.len() / 2]).expect("it can be written");
    }
    let node = folder.start();
    assert_eq!(what_is_seen(&node.clients().await).await, seen);
}

#[tokio::test]
async fn a_node_without_indexes_starts_from_the_published_version() {
    let node = TestNode::start();
    let clients = node.clients().await;
    tell_everything(&clients).await;
    let mut admin = clients.admin.clone();
    let snapshot = admin.snapshot(v1::SnapshotRequest {}).await;
    let snapshot = snapshot.expect("it is published").into_inner();
    assert!(snapshot.files > 0 && snapshot.bytes > 0);
    assert_eq!(clients.status().await.snapshot_version, snapshot.version);
    let published = segments(&clients).await;
    let again = admin.snapshot(v1::SnapshotRequest {}).await;
    let again = again.expect("it is published").into_inner();
    assert!(
        again.bytes_written < snapshot.bytes,
        "what is there is not written again"
    );

    // Written after the version: must be there too.
    clients
        .stock(vec![item_everywhere("late", "竹籃", &["hk"])])
        .await;
    clients.try_delete(&["i-20"]).await.expect("deleted");
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let seen = what_is_seen(&clients).await;
    let folder = node.stop().await;
    fs::remove_dir_all(index(&folder)).expect("the indexes were there");
    let node = folder.start();
    let clients = node.clients().await;
    assert_eq!(what_is_seen(&clients).await, seen);
    assert_eq!(clients.search(query("竹籃", "hk")).await.total, 1);
    let now = segments(&clients).await;
    assert!(
        published.iter().all(|id| now.contains(id)),
        "{published:?} in {now:?}"
    );
}

#[tokio::test]
async fn a_damaged_version_is_not_started_from() {
    let node = TestNode::start();
    let clients = node.clients().await;
    tell_everything(&clients).await;
    let mut admin = clients.admin.clone();
    admin
        .snapshot(v1::SnapshotRequest {})
        .await
        .expect("it is published");
    let seen = what_is_seen(&clients).await;
    let folder = node.stop().await;
    fs::remove_dir_all(index(&folder)).expect("the indexes were there");
    for path in files(&folder.data().join("versions")) {
        let mut content = fs::read(&path).expect("it can be read");
        let middle = content.len() / 2;
        content[middle] ^= 0x5a;
        fs::write(&path, content).expect("it can be written");
    }
    let node = folder.start();
    assert_eq!(what_is_seen(&node.clients().await).await, seen);
}
