//! A node that is asked to stop stops, whoever is still connected, and starts only where it can keep its promises.

use std::time::{Duration, Instant};

use sampan_tests::{
    clients::{Clients, query},
    dictionaries::DictionaryCopy,
    items::item,
    node::{NodeFolder, TestNode},
};
use tokio::runtime::Builder;

/// Time for the calls in flight, and some for closing the store.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_client_that_does_not_answer_keeps_no_node_from_stopping() {
    let node = TestNode::start();
    node.clients().await.stock(vec![item("cup", "杯")]).await;
    // A client that asks once; then nothing runs that could answer the node's good-bye.
    let address = node.address().to_owned();
    let frozen = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let clients = runtime.block_on(async {
            let clients = Clients::connect(&address).await;
            assert_eq!(clients.search(query("杯", "hk")).await.total, 1);
            clients
        });
        (runtime, clients)
    });
    let (frozen, clients) = frozen.join().expect("it asks");
    let start = Instant::now();
    let folder = tokio::time::timeout(STOPS_WITHIN, node.stop()).await;
    let folder = folder.expect("it stops");
    assert!(start.elapsed() < STOPS_WITHIN);
    drop((folder, clients));
    frozen.shutdown_background();
}

#[tokio::test]
async fn calls_in_flight_are_answered_before_it_stops() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let clients = clients.clone();
            tokio::spawn(async move {
                let items = vec![item(&format!("i-{number}"), "杯")];
                clients.try_upsert(vec![items]).await
            })
        })
        .collect();
    tokio::task::yield_now().await;
    let folder = node.stop().await;
    let mut taken = Vec::new();
    for (number, call) in calls.into_iter().enumerate() {
        // A call that came too late may be refused; one that was answered must be true.
        if call
            .await
            .expect("no panic")
            .is_ok_and(|answer| answer.accepted == 1)
        {
            taken.push(format!("i-{number}"));
        }
    }
    let node = folder.start();
    let clients = node.clients().await;
    for id in &taken {
        clients
            .try_get_item(id)
            .await
            .expect("what was acknowledged is there");
    }
    let total = clients.search(query("杯", "hk")).await.total as usize;
    assert!(total >= taken.len(), "{total} of {}", taken.len());
}

#[tokio::test]
async fn a_node_does_not_start_with_rules_that_it_cannot_read() {
    let dictionaries = DictionaryCopy::new();
    let broken = "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\ntags = [\"a\"]\n";
    dictionaries.write("us/restrictions.toml", broken);
    let started = NodeFolder::new(Some(dictionaries.path())).try_start();
    let Err(error) = started else {
        panic!("it started and would sell what must not be sold");
    };
    let message = error.to_string();
    assert!(message.contains("us/restrictions.toml:5"), "{message}");
    assert!(message.contains("tags"), "{message}");
}

#[tokio::test]
async fn two_nodes_do_not_share_a_folder() {
    let node = TestNode::start();
    node.clients().await.stock(vec![item("cup", "杯")]).await;
    let config = sampan_engine::config::NodeConfig::new(node.data());
    let second = tokio::task::spawn_blocking(move || sampan_engine::Node::open(&config).is_err());
    assert!(
        second.await.expect("no panic"),
        "a second node opened the same folder"
    );
    assert_eq!(
        node.clients().await.search(query("杯", "hk")).await.total,
        1
    );
}
