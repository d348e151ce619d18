//! The dictionaries may be edited while the node runs: what is right acts within seconds, what is wrong does nothing, and
//! nothing is lost meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sampan_proto::v1;
use sampan_tests::{
    clients::{Clients, query},
    dictionaries::DictionaryCopy,
    items::{item, item_everywhere},
    node::TestNode,
    wait::{RELOADED_WITHIN, until_true},
};

async fn shop() -> (DictionaryCopy, TestNode, Clients) {
    let dictionaries = DictionaryCopy::new();
    let node = TestNode::start_with_dictionaries(dictionaries.path());
    let clients = node.clients().await;
    let items = vec![
        item_everywhere("cup", "雪克杯 手搖", &["hk", "tw"]),
        item_everywhere("bowl", "陶瓷碗", &["hk", "tw"]),
    ];
    clients.stock(items).await;
    (dictionaries, node, clients)
}

async fn price_of(clients: &Clients, text: &str, region: &str) -> Option<v1::Money> {
    let hit = clients
        .search(query(text, region))
        .await
        .hits
        .into_iter()
        .next()?;
    hit.offer?.display_price
}

#[tokio::test]
async fn prices_follow_the_rates() {
    let (dictionaries, _node, clients) = shop().await;
    let before = price_of(&clients, "陶瓷碗", "tw").await.expect("a price");
    assert_eq!(before.currency, "TWD");
    let text = dictionaries.read("common/rates.toml");
    let rates = text.replace(
        "TWD = { decimals = 2, per_base = 4.1 }",
        "TWD = { decimals = 2, per_base = 8.2 }",
    );
    assert_ne!(rates, text, "the rate is where the test looks for it");
    dictionaries.write("common/rates.toml", &rates);
    until_true(RELOADED_WITHIN, "the price follows", || async {
        let now = price_of(&clients, "陶瓷碗", "tw").await;
        now.is_some_and(|now| now.minor == 2 * before.minor)
    })
    .await;
    let answer = clients.search(query("陶瓷碗", "tw")).await;
    let filtered = v1::SearchRequest {
        filters: Some(v1::Filters {
            price_min_minor: Some(2 * before.minor),
            ..Default::default()
        }),
        ..query("陶瓷碗", "tw")
    };
    assert_eq!(clients.search(filtered).await.total, answer.total);
}

#[tokio::test]
async fn items_stay_findable_while_the_words_change() {
    let (dictionaries, node, clients) = shop().await;
    let reading = clients.clone();
    let done = Arc::new(AtomicBool::new(false));
    let is_done = done.clone();
    let looking = tokio::spawn(async move {
        let mut looked = 0;
        while !is_done.load(Ordering::SeqCst) {
            for (text, id) in [("雪克杯", "cup"), ("手搖", "cup"), ("陶瓷", "bowl")] {
                let hits = reading.search(query(text, "hk")).await.hits;
                assert!(hits.iter().any(|hit| hit.item_id == id), "{text}");
            }
            looked += 1;
        }
        looked
    });
    let version = |status: v1::IndexStatusResponse| status.regions[0].analyzer_version.clone();
    let before = version(clients.status().await);
    dictionaries.append("common/words.tsv", "雪克杯\t500\town\t\n");
    until_true(RELOADED_WITHIN, "the words are read", || async {
        version(clients.status().await) != before
    })
    .await;
    clients.stock(vec![item("cup-2", "雪克杯 玻璃")]).await;
    assert_eq!(
        clients.search(query("雪克杯", "hk")).await.total,
        2,
        "old and new"
    );
    done.store(true, Ordering::SeqCst);
    assert!(looking.await.expect("all was found all the time") > 3);

    // The index is made anew with the new words at the next start.
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(clients.search(query("雪克杯", "hk")).await.total, 2);
    assert_eq!(clients.status().await.items, 3);
}

#[tokio::test]
async fn a_broken_file_changes_nothing_and_is_told() {
    let (dictionaries, _node, clients) = shop().await;
    let told = |file: &'static str| {
        let clients = clients.clone();
        async move {
            let warnings = clients.status().await.warnings;
            warnings.iter().any(|warning| warning.contains(file))
        }
    };
    for (file, broken) in [
        (
            "common/rates.toml",
            "date = \"x\"\nsource = \"own\"\n[currency]\n",
        ),
        ("hk/region.toml", "name = { zh = \"香港\" }\n"),
        ("common/stop_words.tsv", "no\tcolumns\n"),
        ("tw/ranking.toml", "[weights]\nsails = 1\n"),
    ] {
        let right = dictionaries.read(file);
        assert!(!right.is_empty(), "{file} is there");
        dictionaries.write(file, broken);
        until_true(RELOADED_WITHIN, file, || told(file)).await;
        for region in ["hk", "tw"] {
            assert_eq!(
                clients.search(query("陶瓷碗", region)).await.total,
                1,
                "{file}"
            );
        }
        dictionaries.write(file, &right);
    }
    // Mended, the folder is followed again.
    let rule = "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"bowl\"]\n";
    dictionaries.append("hk/restrictions.toml", &format!("\n{rule}"));
    until_true(RELOADED_WITHIN, "the rule acts", || async {
        clients.search(query("陶瓷碗", "hk")).await.total == 0
    })
    .await;
}
