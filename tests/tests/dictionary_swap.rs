//! Dictionaries that change how text is indexed are swapped while the node answers: until an index for them is whole, the
//! old words and the old index serve, and everything stays findable.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, query},
    dictionaries::DictionaryCopy,
    items::item_everywhere,
    node::TestNode,
    wait::{RELOADED_WITHIN, until_true},
};

/// Items besides those looked for: enough that making an index takes a while.
const OTHER_ITEMS: usize = 3_000;
/// A measure that is none yet: once it is, 12箱 is one token, which the old index does not have.
const UNIT: &str = "箱|篋\t箱\town\t\n";

async fn shop() -> (DictionaryCopy, TestNode, Clients) {
    let dictionaries = DictionaryCopy::new();
    let node = TestNode::start_with_dictionaries(dictionaries.path());
    let clients = node.clients().await;
    let mut items = vec![
        item_everywhere("water", "天然礦泉水 12箱裝", &["hk"]),
        item_everywhere("tea", "無糖烏龍茶 24篋", &["hk"]),
    ];
    items.extend((0..OTHER_ITEMS).map(|number| {
        let title = format!("家居雜貨收納用品 型號 K{number} 送禮自用");
        item_everywhere(&format!("other-{number}"), &title, &["hk"])
    }));
    for batch in items.chunks(500) {
        clients.stock(batch.to_vec()).await;
    }
    (dictionaries, node, clients)
}

async fn finds(clients: &Clients, text: &str, id: &str) -> bool {
    let hits = clients.search(query(text, "hk")).await.hits;
    hits.first()
        .is_some_and(|hit| hit.item_id == id && !hit.partial_match)
}

fn analysis(status: &v1::IndexStatusResponse) -> String {
    status.regions[0].analyzer_version.clone()
}

/// Searches without a pause until it is told to stop; answers how often everything was found.
async fn look(clients: Clients, done: Arc<AtomicBool>) -> usize {
    let mut looked = 0;
    while !done.load(Ordering::SeqCst) {
        for (text, id) in [
            ("礦泉水 12箱", "water"),
            ("12箱", "water"),
            ("烏龍茶", "tea"),
            ("烏龍茶 24篋", "tea"),
        ] {
            let hits = clients.search(query(text, "hk")).await.hits;
            let first = hits.first().map(|hit| hit.item_id.as_str());
            assert_eq!(first, Some(id), "{text}, after {looked} rounds");
        }
        looked += 1;
    }
    looked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_stays_findable_while_the_index_is_made_anew() {
    let (dictionaries, node, clients) = shop().await;
    assert!(!finds(&clients, "24箱", "tea").await, "not the same yet");
    let before = analysis(&clients.status().await);
    let done = Arc::new(AtomicBool::new(false));
    let looking = tokio::spawn(look(clients.clone(), done.clone()));
    dictionaries.append("common/units.tsv", UNIT);
    until_true(RELOADED_WITHIN, "the index is being made", || async {
        let status = clients.status().await;
        status.rebuilding || analysis(&status) != before
    })
    .await;
    // Written meanwhile: must be in the old index within a second, and in the new one.
    clients
        .stock(vec![item_everywhere("milk", "鮮奶 36篋", &["hk"])])
        .await;
    assert!(finds(&clients, "鮮奶", "milk").await, "written meanwhile");
    let deleted = clients.try_delete(&["other-7"]).await.expect("a deletion");
    clients.settle(deleted.sequence).await;
    until_true(RELOADED_WITHIN, "the new index is in use", || async {
        let status = clients.status().await;
        !status.rebuilding && analysis(&status) != before
    })
    .await;
    done.store(true, Ordering::SeqCst);
    let looked = looking.await.expect("all was found all the time");
    assert!(looked > 10, "{looked} rounds");
    // Only an index made with the new unit holds these.
    for (text, id) in [("24箱", "tea"), ("36箱", "milk"), ("12篋", "water")] {
        assert!(finds(&clients, text, id).await, "{text}");
    }
    let status = clients.status().await;
    assert_eq!(status.items as usize, OTHER_ITEMS + 2);
    assert_eq!(clients.search(query("K7", "hk")).await.total, 0);
    assert_eq!(status.warnings, Vec::<String>::new());

    // The next start finds the index as it was left.
    let segments = |status: v1::IndexStatusResponse| -> Vec<String> {
        status
            .segments
            .into_iter()
            .map(|segment| segment.id)
            .collect()
    };
    let left = segments(status);
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(segments(clients.status().await), left);
    assert!(finds(&clients, "24箱", "tea").await);
}

#[tokio::test]
async fn words_that_change_back_leave_the_index_as_it_was() {
    let (dictionaries, _node, clients) = shop().await;
    let before = analysis(&clients.status().await);
    let units = dictionaries.read("common/units.tsv");
    dictionaries.append("common/units.tsv", UNIT);
    until_true(RELOADED_WITHIN, "the unit is read", || async {
        let status = clients.status().await;
        status.rebuilding || analysis(&status) != before
    })
    .await;
    dictionaries.write("common/units.tsv", &units);
    until_true(RELOADED_WITHIN, "the old words are back", || async {
        let status = clients.status().await;
        !status.rebuilding && analysis(&status) == before
    })
    .await;
    assert!(!finds(&clients, "24箱", "tea").await);
    assert!(finds(&clients, "24篋", "tea").await);
    assert!(finds(&clients, "12箱", "water").await);
}
