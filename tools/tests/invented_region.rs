//! A region is a folder: the built program serves one that nobody thought of, with its words, its rule and its weight,
//! and follows when the folder changes.

use std::path::Path;

use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    dictionaries::DictionaryCopy,
    items::{hkd, item, offer, owned},
    process::NodeProcess,
    wait::{RELOADED_WITHIN, until_true},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sampan");

/// What Hong Kong calls otherwise is called so in this region.
const WORDS: &str = "\
term\tmeans\tweight\tsource\tnote
凍箱仔\t雪櫃\t1.0\town\t
飛天掃\t吸塵機\t1.0\town\t
撐雨棍\t雨傘\t1.0\town\t
";
const RULE: &str = "
[[restriction]]
id = \"zz-vacuum-cleaners\"
reason = \"此地不賣吸塵機\"
source = \"own\"
category = [\"家電 > 吸塵機\"]
";
const WEIGHT: &str = "inherits = \"common\"\n\n[weights]\nsales = -3.0\n";

/// Hong Kong's folder under another name, with three words, a rule and a weight of its own.
fn with_invented_region() -> DictionaryCopy {
    let dictionaries = DictionaryCopy::new();
    dictionaries.copy_region("hk", "zz");
    dictionaries.write("zz/terms.tsv", WORDS);
    dictionaries.append("zz/restrictions.toml", RULE);
    dictionaries.write("zz/ranking.toml", WEIGHT);
    dictionaries
}

async fn stock(clients: &Clients) {
    let sold = |id: &str, title: &str, category: &[&str], sales_prior| v1::Item {
        category_path: owned(category),
        sales_prior,
        offers: ["hk", "zz"]
            .map(|region| {
                offer(
                    region,
                    &[ShipMode::Local, ShipMode::DirectMail],
                    hkd(100_000),
                )
            })
            .into(),
        ..item(id, title)
    };
    let items = vec![
        sold("fridge-few", "雙門雪櫃", &["家電", "雪櫃"], 0),
        sold("fridge-many", "雙門雪櫃", &["家電", "雪櫃"], 30_000),
        sold("vacuum", "無線吸塵機", &["家電", "吸塵機"], 5),
        sold("umbrella", "折疊雨傘", &["家品"], 5),
    ];
    clients.stock(items).await;
}

async fn found(clients: &Clients, text: &str, region: &str) -> Vec<String> {
    let hits = clients.search_all(query(text, region)).await;
    let whole = hits.into_iter().filter(|hit| !hit.partial_match);
    whole.map(|hit| hit.item_id).collect()
}

#[tokio::test]
async fn the_program_serves_a_region_that_is_only_a_folder() {
    let dictionaries = with_invented_region();
    let data = tempfile::tempdir().expect("a folder");
    let node = NodeProcess::serve(Path::new(PROGRAM), data.path(), Some(dictionaries.path()));
    let clients = node.clients().await;
    stock(&clients).await;

    // Its words mean what its shoppers mean, and mean nothing elsewhere.
    let mut fridges = found(&clients, "凍箱仔", "zz").await;
    fridges.sort();
    assert_eq!(fridges, ["fridge-few", "fridge-many"]);
    assert_eq!(found(&clients, "撐雨棍", "zz").await, ["umbrella"]);
    assert!(found(&clients, "撐雨棍", "hk").await.is_empty());
    let rewrites = clients.search(query("凍箱仔", "zz")).await.rewrites;
    let own = rewrites
        .iter()
        .any(|edit| edit.region == "zz" && edit.target == "雪櫃");
    assert!(own, "{rewrites:?}");

    // Its rule bars there and nowhere else.
    assert!(found(&clients, "飛天掃", "zz").await.is_empty());
    assert!(found(&clients, "吸塵機", "zz").await.is_empty());
    assert_eq!(found(&clients, "吸塵機", "hk").await, ["vacuum"]);
    let to_there = v1::SearchRequest {
        ship_to: "zz".to_owned(),
        ..query("吸塵機", "hk")
    };
    assert_eq!(clients.search(to_there).await.total, 0);
    let removed = clients.search(query("吸塵機", "zz")).await.removed;
    assert_eq!(removed[0].restriction, "zz-vacuum-cleaners");

    // Its weight orders there and nowhere else.
    assert_eq!(
        found(&clients, "雪櫃", "zz").await,
        ["fridge-few", "fridge-many"]
    );
    assert_eq!(
        found(&clients, "雪櫃", "hk").await,
        ["fridge-many", "fridge-few"]
    );

    let regions = clients.status().await.regions;
    let own = regions.iter().find(|row| row.region == "zz");
    assert_eq!(own.map(|row| row.eligible_items), Some(3));
}

#[tokio::test]
async fn a_change_in_the_folder_acts_while_the_program_runs() {
    let dictionaries = with_invented_region();
    let data = tempfile::tempdir().expect("a folder");
    let node = NodeProcess::serve(Path::new(PROGRAM), data.path(), Some(dictionaries.path()));
    let clients = node.clients().await;
    stock(&clients).await;
    assert!(found(&clients, "遮雨寶", "zz").await.is_empty());

    dictionaries.append("zz/terms.tsv", "遮雨寶\t雨傘\t1.0\town\t\n");
    until_true(RELOADED_WITHIN, "the word acts", || async {
        found(&clients, "遮雨寶", "zz").await == ["umbrella"]
    })
    .await;
    assert_eq!(
        found(&clients, "雨傘", "hk").await,
        ["umbrella"],
        "all is found as before"
    );

    dictionaries.append(
        "zz/restrictions.toml",
        &RULE.replace("吸塵機", "雪櫃").replace("vacuum", "fridge"),
    );
    until_true(RELOADED_WITHIN, "the rule acts", || async {
        found(&clients, "雪櫃", "zz").await.is_empty()
    })
    .await;
    assert_eq!(found(&clients, "雪櫃", "hk").await.len(), 2);

    // A slip of the pen changes nothing, and the operator is told; mended, it acts.
    let right = dictionaries.read("zz/restrictions.toml");
    dictionaries.write(
        "zz/restrictions.toml",
        &right.replace("category", "categroy"),
    );
    until_true(RELOADED_WITHIN, "the operator is told", || async {
        let warnings = clients.status().await.warnings;
        warnings
            .iter()
            .any(|warning| warning.contains("zz/restrictions.toml"))
    })
    .await;
    assert!(
        found(&clients, "雪櫃", "zz").await.is_empty(),
        "the old rules stay"
    );
    dictionaries.copy_region("hk", "zz");
    until_true(RELOADED_WITHIN, "Hong Kong's rules act", || async {
        found(&clients, "雪櫃", "zz").await.len() == 2
    })
    .await;

    // A region may also come while the program runs.
    dictionaries.copy_region("hk", "yy");
    until_true(RELOADED_WITHIN, "the region is there", || async {
        clients.try_search(query("雪櫃", "yy")).await.is_ok()
    })
    .await;
}
