//! An operator reads, tries, changes and withdraws profiles and restrictions; what is invalid changes nothing.

use sampan_proto::v1::{self, DocumentKind};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    items::{hkd, item, offer, owned},
    node::TestNode,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

const BAR_BLUE: &str =
    "[[restriction]]\nid = \"blue\"\nreason = \"r\"\nsource = \"own\"\ntag = [\"藍\"]\n";

async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let tagged = |id: &str, tag: &str, sales_prior| v1::Item {
        tags: owned(&[tag]),
        sales_prior,
        offers: ["hk", "tw"]
            .map(|region| offer(region, &[v1::ShipMode::Local], hkd(100)))
            .into(),
        ..item(id, "陶瓷杯")
    };
    clients
        .stock(vec![tagged("red", "紅", 0), tagged("blue", "藍", 40_000)])
        .await;
    (node, clients)
}

fn put(kind: DocumentKind, toml: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: kind.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        ..Default::default()
    }
}

async fn list(clients: &Clients, kind: DocumentKind, region: &str) -> Vec<v1::Document> {
    let request = v1::ListDocumentsRequest {
        kind: kind.into(),
        region: region.to_owned(),
    };
    let answer = clients.admin.clone().list_documents(request).await;
    answer.expect("documents").into_inner().documents
}

#[tokio::test]
async fn documents_are_listed_by_kind_and_region_and_read_whole() {
    let (_node, clients) = shop().await;
    let all = list(&clients, DocumentKind::Unspecified, "").await;
    assert!(
        all.iter().all(|document| document.toml.is_empty()),
        "without texts"
    );
    for kind in [DocumentKind::RankingProfile, DocumentKind::Restrictions] {
        let of_kind = list(&clients, kind, "").await;
        for region in [
            "common", "hk", "tw", "mo", "my", "sg", "au", "ca", "us", "cn",
        ] {
            let of_region = |document: &&v1::Document| document.region == region;
            let listed: Vec<_> = of_kind.iter().filter(of_region).collect();
            let [document] = listed.as_slice() else {
                panic!("{kind:?} of {region}: {listed:?}");
            };
            assert_eq!(document.kind(), kind);
            assert_eq!(document.origin, "dictionary");
            let whole = clients
                .try_get_document(kind, region)
                .await
                .expect("it is there");
            assert_eq!(whole.version, document.version);
            assert!(!whole.toml.is_empty());
        }
        let of_both = list(&clients, kind, "hk").await;
        assert_eq!(of_both.len(), 1);
    }
    let of_region = list(&clients, DocumentKind::Unspecified, "hk").await;
    assert_eq!(of_region.len(), 2);
}

#[tokio::test]
async fn a_document_is_put_in_force_at_once_and_withdrawn_again() {
    let (_node, clients) = shop().await;
    let kind = DocumentKind::Restrictions;
    let before = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    let answer = clients.put_restrictions("hk", BAR_BLUE).await;
    let own = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    assert_eq!(
        (own.toml.as_str(), own.origin.as_str()),
        (BAR_BLUE, "admin")
    );
    assert_eq!(own.version, answer.version);
    assert!(own.updated.is_some());
    let listed = list(&clients, kind, "hk").await;
    assert_eq!(
        (listed[0].origin.as_str(), &listed[0].version),
        ("admin", &own.version)
    );
    until_true(VISIBLE_WITHIN, "search follows", || async {
        ids(&clients.search(query("陶瓷杯", "hk")).await.hits) == ["red"]
    })
    .await;
    let policy = clients.search(query("陶瓷杯", "hk")).await.policy_version;

    clients.put_restrictions("hk", "").await;
    let back = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    assert_eq!(back, before, "the dictionary's holds again");
    until_true(VISIBLE_WITHIN, "search follows", || async {
        let answer = clients.search(query("陶瓷杯", "hk")).await;
        answer.total == 2 && answer.policy_version != policy
    })
    .await;
    let none = clients.try_put(put(kind, "")).await;
    assert_code(none, Code::NotFound);
}

#[tokio::test]
async fn a_rule_acts_on_search_and_feed_within_a_second() {
    let (_node, clients) = shop().await;
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        ..Default::default()
    };
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed(feed.clone()).await.cards.len() == 2 },
    )
    .await;
    clients.put_restrictions("hk", BAR_BLUE).await;
    until_true(VISIBLE_WITHIN, "search and feed follow", || async {
        let hits = clients.search(query("", "hk")).await.hits;
        let cards = clients.feed(feed.clone()).await.cards;
        ids(&hits) == ["red"] && card_ids(&cards) == ["red"]
    })
    .await;
    assert_eq!(
        clients.search(query("", "tw")).await.total,
        2,
        "elsewhere all is well"
    );
}

#[tokio::test]
async fn a_weight_acts_on_search_and_feed_within_a_second() {
    let (_node, clients) = shop().await;
    let feed = v1::GetFeedRequest {
        region: "hk".to_owned(),
        ..Default::default()
    };
    until_true(
        std::time::Duration::from_secs(10),
        "new arrivals",
        || async { clients.feed(feed.clone()).await.cards.len() == 2 },
    )
    .await;
    let profile = clients.search(explained("hk")).await.hits[0].clone();
    assert_eq!(profile.item_id, "blue", "it sells better");
    let answer = clients.put_profile("hk", "[weights]\nsales = -2.0\n").await;
    let told = answer.effects.iter().any(|effect| effect.contains("sales"));
    assert!(told, "{:?}", answer.effects);
    until_true(VISIBLE_WITHIN, "the order turns", || async {
        let hits = clients.search(explained("hk")).await.hits;
        let cards = clients.feed(feed.clone()).await.cards;
        ids(&hits) == ["red", "blue"] && card_ids(&cards) == ["red", "blue"]
    })
    .await;
    let hit = clients.search(explained("hk")).await.hits.remove(0);
    let explanation = hit.explanation.expect("it was asked for");
    let sales = explanation.parts.iter().find(|part| part.signal == "sales");
    assert_eq!(sales.expect("a part").weight, -2.0);
    assert_ne!(
        Some(explanation.profile),
        profile.explanation.map(|e| e.profile)
    );
    let elsewhere = clients.search(explained("tw")).await.hits;
    assert_eq!(ids(&elsewhere), ["blue", "red"]);
}

fn explained(region: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        explain: true,
        ..query("陶瓷杯", region)
    }
}

#[tokio::test]
async fn a_dry_run_tells_the_effect_and_has_none() {
    let (_node, clients) = shop().await;
    let kind = DocumentKind::Restrictions;
    let before = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    let written = clients.status().await.sequence_written;
    let dry = v1::PutDocumentRequest {
        dry_run: true,
        ..put(kind, BAR_BLUE)
    };
    let answer = clients.try_put(dry.clone()).await.expect("tried");
    assert_eq!(answer.changes_total, 1);
    assert_eq!(answer.changes[0].item_id, "blue");
    assert_eq!(answer.changes[0].change, "vanishes");
    assert!(
        answer.changes[0].detail.contains("hk"),
        "{:?}",
        answer.changes
    );
    assert!(!answer.effects.is_empty());
    assert_eq!(
        clients.status().await.sequence_written,
        written,
        "nothing was written"
    );
    let after = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    assert_eq!(after, before);
    assert_eq!(clients.search(query("陶瓷杯", "hk")).await.total, 2);

    let real = clients.put_restrictions("hk", BAR_BLUE).await;
    assert_eq!(
        real.version, answer.version,
        "the version it would have had"
    );
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let back = v1::PutDocumentRequest {
        toml: "# all may be sold\n".to_owned(),
        ..dry
    };
    let answer = clients.try_put(back).await.expect("tried");
    assert_eq!(answer.changes[0].change, "appears");

    let weights = v1::PutDocumentRequest {
        dry_run: true,
        ..put(DocumentKind::RankingProfile, "[weights]\nsales = 3.5\n")
    };
    let answer = clients.try_put(weights).await.expect("tried");
    let told = |effect: &String| effect.contains("sales") && effect.contains("3.5");
    assert!(answer.effects.iter().any(told), "{:?}", answer.effects);
}

#[tokio::test]
async fn a_dry_run_lists_a_thousand_items_and_counts_all() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..1_200).map(|n| item(&format!("i-{n}"), "杯"));
    clients.stock(items.collect()).await;
    let rule = BAR_BLUE.replace(
        "tag = [\"藍\"]",
        "attribute = [{ name = \"a\", value = \"b\" }]",
    );
    let nothing = v1::PutDocumentRequest {
        dry_run: true,
        ..put(DocumentKind::Restrictions, &rule)
    };
    let answer = clients.try_put(nothing).await.expect("tried");
    assert_eq!((answer.changes.len(), answer.changes_total), (0, 0));
    let ids: Vec<String> = (0..1_200).map(|n| format!("i-{n}")).collect();
    let rule = BAR_BLUE.replace("tag = [\"藍\"]", &format!("item = {ids:?}"));
    let all = v1::PutDocumentRequest {
        dry_run: true,
        ..put(DocumentKind::Restrictions, &rule)
    };
    let answer = clients.try_put(all).await.expect("tried");
    assert_eq!((answer.changes.len(), answer.changes_total), (1_000, 1_200));
}

#[tokio::test]
async fn an_edit_that_started_from_another_version_is_refused() {
    let (_node, clients) = shop().await;
    let kind = DocumentKind::Restrictions;
    let mut version = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there")
        .version;
    // One edit right after the other: none may be judged by what was before.
    for edit in 0..5 {
        let started_from = v1::PutDocumentRequest {
            expected_version: version.clone(),
            ..put(kind, &format!("# edit {edit}\n"))
        };
        let answer = clients.try_put(started_from.clone()).await;
        version = answer
            .unwrap_or_else(|status| panic!("edit {edit}: {status:?}"))
            .version;
        let message = assert_code(clients.try_put(started_from).await, Code::Aborted);
        assert!(message.contains("expected_version"), "{message}");
    }
    let last = clients
        .try_get_document(kind, "hk")
        .await
        .expect("it is there");
    assert_eq!(last.toml, "# edit 4\n");
}

#[tokio::test]
async fn of_two_edits_at_once_from_one_version_one_is_taken() {
    let (_node, clients) = shop().await;
    let kind = DocumentKind::Restrictions;
    for round in 0..10 {
        let version = clients
            .try_get_document(kind, "hk")
            .await
            .expect("it is there")
            .version;
        let edit = |who: &str| {
            let clients = clients.clone();
            let request = v1::PutDocumentRequest {
                expected_version: version.clone(),
                ..put(kind, &format!("# {who} {round}\n"))
            };
            async move { clients.try_put(request).await }
        };
        let (ann, ben) = tokio::join!(edit("ann"), edit("ben"));
        assert!(
            ann.is_ok() != ben.is_ok(),
            "round {round}: {ann:?}, {ben:?}"
        );
    }
}

#[tokio::test]
async fn an_invalid_document_is_refused_by_line_and_the_old_one_stays() {
    let (_node, clients) = shop().await;
    clients.put_restrictions("hk", BAR_BLUE).await;
    clients.put_profile("hk", "[weights]\nsales = 0.5\n").await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let profile = DocumentKind::RankingProfile;
    let rules = DocumentKind::Restrictions;
    let rule = |line: &str| {
        format!(
            "{BAR_BLUE}\n[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\n{line}\n"
        )
    };
    for (kind, toml, line, word) in [
        (profile, "[weights\n".to_owned(), 1, ""),
        (profile, "\n[weights]\nsales = \"much\"\n".to_owned(), 3, ""),
        (profile, "[weights]\nsails = 1.0\n".to_owned(), 2, "sails"),
        (profile, "[weights]\nsales = 1e9\n".to_owned(), 2, "sales"),
        (profile, "[weights]\nsales = nan\n".to_owned(), 2, "sales"),
        (profile, "[weights]\nlocal = 0.1\n".to_owned(), 2, "local"),
        (
            profile,
            "[boosts]\nmargin = 0.1\nlocal = 0.5\n".to_owned(),
            2,
            "margin",
        ),
        (profile, "[boosts]\nlocal = -0.1\n".to_owned(), 2, "local"),
        (
            profile,
            "inherits = \"atlantis\"\n".to_owned(),
            1,
            "atlantis",
        ),
        (profile, "[wieghts]\nsales = 1.0\n".to_owned(), 1, "wieghts"),
        (
            profile,
            "[feed]\nrelevance_share = 2.0\n".to_owned(),
            2,
            "relevance_share",
        ),
        (
            rules,
            "[[restriction]]\nid = \"x\"\n".to_owned(),
            1,
            "reason",
        ),
        (rules, rule(""), 8, "x"),
        (
            rules,
            rule("tag = [\"a\"]\nship_modes = [\"pigeon\"]"),
            12,
            "pigeon",
        ),
        (
            rules,
            rule("tag = [\"a\"]\nfrom = 2026-01-02\nuntil = 2026-01-01"),
            13,
            "from",
        ),
        (rules, rule("colour = \"a\""), 11, "colour"),
        (rules, BAR_BLUE.repeat(2), 2, "blue"),
    ] {
        let message = assert_code(
            clients.try_put(put(kind, &toml)).await,
            Code::InvalidArgument,
        );
        assert!(message.starts_with("toml: "), "{message}");
        let file = if kind == profile {
            "ranking"
        } else {
            "restrictions"
        };
        let place = format!("hk/{file}.toml:{line}");
        assert!(
            message.contains(&format!("{place}:")),
            "{place} for {toml:?}: {message}"
        );
        assert!(message.contains(word), "{word}: {message}");
        let dry = v1::PutDocumentRequest {
            dry_run: true,
            ..put(kind, &toml)
        };
        assert_code(clients.try_put(dry).await, Code::InvalidArgument);
    }
    let kept = clients
        .try_get_document(rules, "hk")
        .await
        .expect("it is there");
    assert_eq!(kept.toml, BAR_BLUE);
    let hits = clients.search(explained("hk")).await.hits;
    assert_eq!(ids(&hits), ["red"]);
    let explanation = hits[0].explanation.as_ref().expect("it was asked for");
    let sales = explanation.parts.iter().find(|part| part.signal == "sales");
    assert_eq!(sales.expect("a part").weight, 0.5);
}
