//! Where the restrictions are in doubt, the stricter reading holds: unknown regions, files that cannot be read or are gone,
//! and documents that nobody vouches for any more.

use std::{fs, time::Duration};

use sampan_proto::v1::{self, DocumentKind, ShipMode};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    dictionaries::DictionaryCopy,
    items::{hkd, item, moment, now_seconds, offer, owned},
    node::{NodeFolder, TestNode},
    refusal::assert_names_field,
    wait::{RELOADED_WITHIN, VISIBLE_WITHIN, until_true},
};

const RULES: &str = "hk/restrictions.toml";
const BAR_CUP: &str =
    "[[restriction]]\nid = \"cups\"\nreason = \"r\"\nsource = \"own\"\nitem = [\"cup\"]\n";

async fn stock(clients: &Clients) {
    let sold = |id: &str, origin: &str| v1::Item {
        origin_country: origin.to_owned(),
        category_path: owned(&["家品"]),
        offers: vec![offer(
            "hk",
            &[ShipMode::Local, ShipMode::DirectMail],
            hkd(100),
        )],
        ..item(id, "陶瓷杯")
    };
    let items = vec![sold("cup", "cn"), sold("jar", "jp"), sold("pot", "")];
    clients.stock(items).await;
}

async fn shown(clients: &Clients) -> Vec<String> {
    let hits = clients.search(query("陶瓷杯", "hk")).await.hits;
    let mut shown: Vec<String> = ids(&hits).iter().map(|id| (*id).to_owned()).collect();
    shown.sort_unstable();
    shown
}

async fn warns_of(clients: &Clients, word: &str) -> bool {
    let warnings = clients.status().await.warnings;
    warnings.iter().any(|warning| warning.contains(word))
}

#[tokio::test]
async fn an_unknown_region_is_no_way_around_the_rules() {
    let node = TestNode::start();
    let clients = node.clients().await;
    stock(&clients).await;
    for (region, ship_to, field) in [
        ("xx", "", "region"),
        ("hk", "xx", "ship_to"),
        ("HK", "", "region"),
    ] {
        let (region, ship_to) = (region.to_owned(), ship_to.to_owned());
        let search = v1::SearchRequest {
            region: region.clone(),
            ship_to: ship_to.clone(),
            ..query("陶瓷杯", "")
        };
        assert_names_field(clients.try_search(search).await, field);
        let suggest = v1::SuggestRequest {
            region: region.clone(),
            ship_to: ship_to.clone(),
            prefix: "陶".to_owned(),
            ..Default::default()
        };
        assert_names_field(clients.try_suggest(suggest).await, field);
        let feed = v1::GetFeedRequest {
            region: region.clone(),
            ship_to: ship_to.clone(),
            ..Default::default()
        };
        assert_names_field(clients.try_feed(feed).await, field);
        let similar = v1::SimilarItemsRequest {
            item_id: "cup".to_owned(),
            region,
            ship_to,
            ..Default::default()
        };
        assert_names_field(clients.try_similar(similar).await, field);
    }
    let put = v1::PutDocumentRequest {
        kind: DocumentKind::Restrictions.into(),
        region: "xx".to_owned(),
        toml: BAR_CUP.to_owned(),
        ..Default::default()
    };
    assert_names_field(clients.try_put(put).await, "region");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_is_gone_leaves_its_rules_in_force() {
    let dictionaries = DictionaryCopy::new();
    dictionaries.write(RULES, BAR_CUP);
    let node = TestNode::start_with_dictionaries(dictionaries.path());
    let clients = node.clients().await;
    stock(&clients).await;
    assert_eq!(shown(&clients).await, ["jar", "pot"]);
    let path = dictionaries.path().join(RULES);
    let broken: [(&str, &dyn Fn()); 3] = [
        ("UTF-8", &|| fs::write(&path, b"\xff\xfe").expect("written")),
        ("selects nothing", &|| {
            fs::write(&path, BAR_CUP.replace("item = [\"cup\"]", "")).expect("written");
        }),
        ("is gone", &|| fs::remove_file(&path).expect("removed")),
    ];
    for (word, breaks) in broken {
        breaks();
        until_true(RELOADED_WITHIN, word, || warns_of(&clients, word)).await;
        assert_eq!(
            shown(&clients).await,
            ["jar", "pot"],
            "{word}: what was barred stays so"
        );
        dictionaries.write(RULES, BAR_CUP);
    }
    dictionaries.write(RULES, "# all may be sold\n");
    until_true(
        RELOADED_WITHIN,
        "said in so many words, they go",
        || async { shown(&clients).await == ["cup", "jar", "pot"] },
    )
    .await;
}

#[test]
fn a_node_does_not_start_on_rules_that_it_cannot_read() {
    for (broken, word) in [
        (&b"\xff\xfe"[..], "UTF-8"),
        (&b"[[restriction]]\nid = \"x\"\n"[..], "reason"),
        (&b"valid_until = \"soon\"\n"[..], "restrictions.toml:1"),
    ] {
        let dictionaries = DictionaryCopy::new();
        fs::write(dictionaries.path().join(RULES), broken).expect("written");
        let refused = NodeFolder::new(Some(dictionaries.path())).try_start();
        let message = refused.map(|_| ()).expect_err(word).to_string();
        assert!(
            message.contains(RULES) && message.contains(word),
            "{word}: {message}"
        );
    }
}

#[tokio::test]
async fn an_expired_document_is_read_strictly_until_another_comes() {
    let node = TestNode::start();
    let clients = node.clients().await;
    stock(&clients).await;
    let expires = now_seconds() + 3;
    let at = |seconds: i64| moment(seconds).expect("a time").to_string();
    let rules = format!(
        "valid_until = {}\n\n{BAR_CUP}until = {}\n\n{}",
        at(expires),
        at(expires + 1),
        "[[restriction]]\nid = \"from-us\"\nreason = \"r\"\nsource = \"own\"\norigin = [\"us\"]\n"
    );
    clients.put_restrictions("hk", &rules).await;
    let vouched = clients.search(query("陶瓷杯", "hk")).await;
    if now_seconds() < expires {
        assert_eq!(shown(&clients).await, ["jar", "pot"]);
        assert!(!warns_of(&clients, "valid_until").await);
    }
    // Where the goods of the pot come from is not known: they may be what is barred.
    until_true(
        Duration::from_secs(3) + VISIBLE_WITHIN,
        "it expires",
        || async { shown(&clients).await == ["jar"] },
    )
    .await;
    assert!(now_seconds() >= expires, "too soon");
    assert!(warns_of(&clients, "hk/restrictions.toml: its valid_until passed").await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(
        shown(&clients).await,
        ["jar"],
        "no rule of it ends any more"
    );
    let answer = clients.search(query("陶瓷杯", "hk")).await;
    assert_eq!(
        answer.policy_version,
        format!("{}-expired", vouched.policy_version)
    );
    let removed: Vec<(&str, u64)> = answer
        .removed
        .iter()
        .map(|by| (by.restriction.as_str(), by.count))
        .collect();
    assert_eq!(removed, [("cups", 1), ("from-us", 1)]);
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        ..Default::default()
    };
    until_true(
        Duration::from_secs(10),
        "the feed has what is left",
        || async { card_ids(&clients.feed(feed.clone()).await.cards) == ["jar"] },
    )
    .await;
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(shown(&clients).await, ["jar"], "also after a start");
    let renewed = rules.replace(&at(expires), &at(expires + 86_400));
    clients.put_restrictions("hk", &renewed).await;
    until_true(VISIBLE_WITHIN, "it is vouched for", || async {
        shown(&clients).await == ["cup", "jar", "pot"]
    })
    .await;
    assert!(!warns_of(&clients, "valid_until").await);
}
