//! Experiments: who is in which arm never changes, arms rank otherwise on search and feed, what happened is counted by
//! arm, a guard stops what does harm, and two rankings can be interleaved.

use std::collections::BTreeSet;

use sampan_proto::v1::{self, DocumentKind, EventKind, ShipMode};
use sampan_tests::{
    clients::{Clients, card_ids, ids, query},
    items::{event, exposure, hkd, item, offer},
    node::TestNode,
    refusal::assert_code,
    wait::{VISIBLE_WITHIN, until_true},
};
use tonic::Code;

const LOCAL_BOOST: &str = "
[[layer]]
id = \"boosts\"
[[experiment]]
id = \"local-boost\"
layer = \"boosts\"
question = \"Does a larger local boost sell more?\"
[[experiment.arm]]
id = \"as-is\"
share = 50
[[experiment.arm]]
id = \"more\"
share = 50
profile.boosts = { local = 0.06, direct_mail = 0.0 }
[[experiment.guard]]
metric = \"order_rate\"
worse_by = 0.2
impressions = 100
";

/// Mailed goods and local ones, alike but for that; without an experiment the mailed come first.
async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let sold = |id: &str, mode| v1::Item {
        offers: vec![offer("hk", &[mode], hkd(100))],
        ..item(id, "陶瓷杯")
    };
    let mut items = Vec::new();
    for number in 0..5 {
        items.push(sold(&format!("mail-{number}"), ShipMode::DirectMail));
        items.push(sold(&format!("local-{number}"), ShipMode::Local));
    }
    clients.stock(items).await;
    clients
        .put_profile(
            "hk",
            "[boosts]\nmargin = 0.1\ndirect_mail = 0.04\nlocal = 0.02\nfree_shipping = 0.0\n",
        )
        .await;
    (node, clients)
}

fn put(toml: &str) -> v1::PutDocumentRequest {
    v1::PutDocumentRequest {
        kind: DocumentKind::Experiments.into(),
        region: "hk".to_owned(),
        toml: toml.to_owned(),
        ..Default::default()
    }
}

fn user(user: &str) -> Option<v1::UserContext> {
    Some(v1::UserContext {
        user_id: user.to_owned(),
        ..Default::default()
    })
}

fn asked_by(name: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        user: user(name),
        ..query("陶瓷杯", "hk")
    }
}

fn arm_of(exposures: &[v1::Exposure]) -> &str {
    match exposures {
        [] => "",
        [only] => {
            assert_eq!(
                (only.experiment.as_str(), only.propensity),
                ("local-boost", 0.5)
            );
            &only.arm
        }
        more => panic!("one layer: {more:?}"),
    }
}

/// A shopper of each arm.
async fn one_of_each(clients: &Clients) -> (String, String) {
    let mut found = (String::new(), String::new());
    for number in 0..40 {
        let name = format!("user-{number}");
        let answer = clients.search(asked_by(&name)).await;
        match arm_of(&answer.exposures) {
            "as-is" => found.0 = name,
            "more" => found.1 = name,
            other => panic!("all shoppers are in an arm: {other:?}"),
        }
    }
    assert!(!found.0.is_empty() && !found.1.is_empty());
    found
}

#[tokio::test]
async fn arms_rank_otherwise_on_search_and_feed_and_outlive_the_process() {
    let (node, clients) = shop().await;
    let nobody = clients.search(query("陶瓷杯", "hk")).await;
    assert!(nobody.exposures.is_empty() && nobody.hits[0].item_id.starts_with("mail"));
    let dry = v1::PutDocumentRequest {
        dry_run: true,
        ..put(LOCAL_BOOST)
    };
    let told = clients.try_put(dry).await.expect("tried").effects;
    assert_eq!(
        told,
        ["hk: local-boost begins: as-is 50.00 %, more 50.00 %"]
    );
    let unchanged = clients.search(asked_by("ann")).await;
    assert!(unchanged.exposures.is_empty(), "it was only tried");

    clients.try_put(put(LOCAL_BOOST)).await.expect("put");
    let (as_is, more) = one_of_each(&clients).await;
    let node = node.restart().await;
    let clients = node.clients().await;
    for (name, arm, first) in [(&as_is, "as-is", "mail"), (&more, "more", "local")] {
        let answer = clients.search(asked_by(name)).await;
        assert_eq!(arm_of(&answer.exposures), arm);
        assert!(
            answer.hits[0].item_id.starts_with(first),
            "{:?}",
            ids(&answer.hits)
        );
        let feed = clients
            .feed(v1::GetFeedRequest {
                region: "hk".to_owned(),
                user: user(name),
                ..Default::default()
            })
            .await;
        assert_eq!(arm_of(&feed.exposures), arm);
        assert!(
            card_ids(&feed.cards)[0].starts_with(first),
            "{:?}",
            card_ids(&feed.cards)
        );
        // Later pages come from the same arm, and say so.
        let page = |page_token: String| v1::SearchRequest {
            page_size: 4,
            page_token,
            explain: true,
            ..asked_by(name)
        };
        let first_page = clients.search(page(String::new())).await;
        let second = clients
            .search(page(first_page.next_page_token.clone()))
            .await;
        assert_eq!(second.exposures, first_page.exposures);
        let profile = |hit: &v1::Hit| hit.explanation.clone().expect("it was asked for").profile;
        assert_eq!(profile(&second.hits[0]), profile(&first_page.hits[0]));
        assert_eq!(
            profile(&second.hits[0]).contains("local-boost.more"),
            arm == "more"
        );
    }
    // Elsewhere, and for whom nobody knows, nothing changes.
    assert!(
        clients
            .search(query("陶瓷杯", "hk"))
            .await
            .exposures
            .is_empty()
    );
    let elsewhere = v1::SearchRequest {
        user: user(&more),
        ..query("陶瓷杯", "tw")
    };
    assert!(clients.search(elsewhere).await.exposures.is_empty());

    clients.try_put(put("")).await.expect("dropped");
    let after = clients.search(asked_by(&more)).await;
    assert!(after.exposures.is_empty() && after.hits[0].item_id.starts_with("mail"));
}

async fn arms(clients: &Clients) -> (String, Vec<v1::ArmStatus>) {
    let status = clients.status().await.experiments;
    let [experiment] = status.as_slice() else {
        panic!("one experiment: {status:?}");
    };
    assert_eq!(
        (experiment.experiment.as_str(), experiment.region.as_str()),
        ("local-boost", "hk")
    );
    (experiment.state.clone(), experiment.arms.clone())
}

#[tokio::test]
async fn what_happened_is_counted_by_arm_and_a_guard_stops_what_does_harm() {
    let (node, clients) = shop().await;
    clients.try_put(put(LOCAL_BOOST)).await.expect("put");
    let (as_is, more) = one_of_each(&clients).await;
    // The node knows who is in which arm; the second half says so itself.
    let mut events = Vec::new();
    for number in 0..100 {
        for (name, arm, orders) in [(&as_is, "as-is", 30), (&more, "more", 3)] {
            let shown = |kind| v1::Event {
                event_id: format!("{kind:?}-{arm}-{number}"),
                exposures: match number < 50 {
                    true => Vec::new(),
                    false => vec![exposure("local-boost", arm, 0.5)],
                },
                ..event(kind, name, "mail-1")
            };
            events.push(shown(EventKind::Impression));
            if number < orders && number < 99 {
                events.push(shown(EventKind::Order));
            }
        }
    }
    let last = events.pop().expect("an impression of the second arm");
    let count = events.len() as u64;
    let answer = clients.try_record(events.clone()).await.expect("taken");
    assert_eq!(answer.accepted, count);
    // Again: nothing is counted twice.
    assert_eq!(
        clients.try_record(events).await.expect("taken").duplicates,
        count
    );
    clients.settle(answer.sequence).await;
    let (state, counted) = arms(&clients).await;
    assert_eq!(state, "running");
    let told: Vec<_> = counted
        .iter()
        .map(|arm| (arm.arm.as_str(), arm.impressions, arm.orders))
        .collect();
    assert_eq!(told, [("as-is", 100, 30), ("more", 99, 3)]);

    clients.try_record(vec![last]).await.expect("taken");
    until_true(VISIBLE_WITHIN, "the guard stops it", || async {
        arms(&clients).await.0 == "stopped"
    })
    .await;
    let node = node.restart().await;
    let clients = node.clients().await;
    assert_eq!(arms(&clients).await.0, "stopped", "after a restart too");
    let reason = clients.status().await.experiments.remove(0).reason;
    assert!(
        reason.contains("more") && reason.contains("order_rate"),
        "{reason}"
    );
    let answer = clients.search(asked_by(&more)).await;
    assert!(answer.exposures.is_empty() && answer.hits[0].item_id.starts_with("mail"));
}

#[tokio::test]
async fn two_arms_are_interleaved_for_whoever_asks() {
    let (_node, clients) = shop().await;
    clients.try_put(put(LOCAL_BOOST)).await.expect("put");
    let interleaved = |experiment: &str, arm: &str| v1::SearchRequest {
        interleave: Some(v1::Interleave {
            experiment: experiment.to_owned(),
            arm: arm.to_owned(),
        }),
        explain: true,
        page_size: 4,
        ..query("陶瓷杯", "hk")
    };
    let mut request = interleaved("local-boost", "more");
    let mut seen = BTreeSet::new();
    let mut teams = Vec::new();
    loop {
        let answer = clients.search(request.clone()).await;
        for hit in &answer.hits {
            assert!(seen.insert(hit.item_id.clone()), "{} twice", hit.item_id);
            let explanation = hit.explanation.as_ref().expect("it was asked for");
            assert_eq!(
                explanation.profile.contains("local-boost"),
                hit.team == "more"
            );
            let sum = explanation
                .parts
                .iter()
                .fold(0.0, |sum, part| sum + part.contribution);
            assert_eq!(sum, hit.score, "the parts are those of its own ranking");
            teams.push(hit.team.clone());
        }
        if answer.next_page_token.is_empty() {
            break;
        }
        request.page_token = answer.next_page_token;
    }
    assert_eq!(seen.len(), 10);
    for pair in teams.chunks(2) {
        let pair: BTreeSet<&str> = pair.iter().map(String::as_str).collect();
        assert_eq!(pair, BTreeSet::from(["as-is", "more"]), "{teams:?}");
    }
    let plain = clients.search(query("陶瓷杯", "hk")).await;
    assert!(plain.hits.iter().all(|hit| hit.team.is_empty()));

    for (experiment, arm, field) in [
        ("local-boost", "as-is", "interleave.arm"),
        ("local-boost", "less", "interleave.arm"),
        ("boost", "more", "interleave.experiment"),
    ] {
        let refused = clients
            .search
            .clone()
            .search(interleaved(experiment, arm))
            .await;
        let message = assert_code(refused, Code::InvalidArgument);
        assert!(message.starts_with(field), "{message}");
    }
    let sorted = v1::SearchRequest {
        sort: v1::Sort::PriceAscending.into(),
        ..interleaved("local-boost", "more")
    };
    let message = assert_code(
        clients.search.clone().search(sorted).await,
        Code::InvalidArgument,
    );
    assert!(message.starts_with("interleave"), "{message}");
}

#[tokio::test]
async fn an_arm_that_breaks_the_margin_is_refused_and_the_old_one_stays() {
    let (_node, clients) = shop().await;
    clients.try_put(put(LOCAL_BOOST)).await.expect("put");
    let beyond = LOCAL_BOOST.replace("local = 0.06", "local = 0.6");
    let message = assert_code(clients.try_put(put(&beyond)).await, Code::InvalidArgument);
    assert!(
        message.contains("hk/experiments.toml:") && message.contains("margin"),
        "{message}"
    );
    let kept = clients
        .try_get_document(DocumentKind::Experiments, "hk")
        .await
        .expect("it is there");
    assert_eq!(kept.toml, LOCAL_BOOST);
    // A profile that an arm's keys no longer fit is refused as well: nothing is half in force.
    let narrow = v1::PutDocumentRequest {
        kind: DocumentKind::RankingProfile.into(),
        ..put("[boosts]\nmargin = 0.05\ndirect_mail = 0.01\nlocal = 0.02\nfree_shipping = 0.0\n")
    };
    let message = assert_code(clients.try_put(narrow).await, Code::InvalidArgument);
    assert!(message.contains("local-boost"), "{message}");
}
