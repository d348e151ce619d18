//! A score is the exact sum of its explained parts, boosts are bounded, and an answer says what it was made with.

use sampan_proto::v1::{self, DocumentKind, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    items::{hkd, item, offer},
    node::TestNode,
    oracle::Rates,
};

use crate::shared::shared_node;

/// Signals whose weights are bounded together by the profile's margin.
const BOOSTS: [&str; 4] = ["direct_mail", "free_shipping", "local", "pool"];

fn explained(text: &str, region: &str) -> v1::SearchRequest {
    v1::SearchRequest {
        explain: true,
        page_size: 100,
        ..query(text, region)
    }
}

/// Checks a hit's explanation against its score, bit for bit, and gives it.
pub fn adding_up(hit: &v1::Hit) -> &v1::Explanation {
    let explanation = hit.explanation.as_ref().expect("it was asked for");
    assert!(!explanation.parts.is_empty());
    let mut sum = 0.0f64;
    for part in &explanation.parts {
        let product = part.value * part.weight;
        assert_eq!(part.contribution.to_bits(), product.to_bits(), "{part:?}");
        sum += part.contribution;
    }
    assert_eq!(sum.to_bits(), hit.score.to_bits(), "{}", hit.item_id);
    explanation
}

fn boost(explanation: &v1::Explanation) -> f64 {
    let boosts = explanation
        .parts
        .iter()
        .filter(|part| BOOSTS.contains(&part.signal.as_str()));
    boosts.map(|part| part.contribution).sum()
}

#[tokio::test]
async fn the_parts_add_up_to_the_score_bit_for_bit() {
    let node = shared_node().await;
    for region in ["hk", "tw", "cn", "sg"] {
        let profile = profile_version(&node.clients, region).await;
        for text in ["雪櫃", "北原 咖啡 ZQ800", "平 牛肉", ""] {
            let pages = node.clients.search_pages(explained(text, region)).await;
            let hits: Vec<v1::Hit> = pages.into_iter().flat_map(|page| page.hits).collect();
            assert!(hits.len() > 10, "{text:?} finds {}", hits.len());
            for hit in &hits {
                let explanation = adding_up(hit);
                assert_eq!(explanation.profile, profile);
                assert!(!explanation.sources.is_empty());
            }
        }
    }
    let unasked = node.clients.search(query("雪櫃", "hk")).await;
    assert!(unasked.hits.iter().all(|hit| hit.explanation.is_none()));
}

async fn profile_version(clients: &Clients, region: &str) -> String {
    let status = clients.status().await;
    let of_region = status.regions.into_iter().find(|row| row.region == region);
    of_region.expect("the region is there").profile_version
}

#[tokio::test]
async fn a_boost_passes_nothing_that_is_better_by_more_than_the_margin() {
    let node = shared_node().await;
    for region in ["hk", "cn"] {
        let margin = margin(&node.clients, region).await;
        let hits = node
            .clients
            .search(explained("雪櫃 北原", region))
            .await
            .hits;
        let judged = hits.iter().map(|hit| {
            let boost = boost(adding_up(hit));
            assert!(boost >= 0.0 && boost <= margin + 1e-12, "{boost}");
            (hit.score - boost, boost)
        });
        let judged: Vec<(f64, f64)> = judged.collect();
        assert!(judged.iter().any(|(_, boost)| *boost > 0.0));
        for (place, (evidence, _)) in judged.iter().enumerate() {
            for (later, _) in &judged[place + 1..] {
                assert!(
                    later - evidence <= margin + 1e-9,
                    "{later} after {evidence}"
                );
            }
        }
    }
}

/// The margin of a region's profile, which may inherit it.
async fn margin(clients: &Clients, region: &str) -> f64 {
    let mut margin = None;
    for region in [region, "common"] {
        let document = clients.try_get_document(DocumentKind::RankingProfile, region);
        let text = document.await.expect("the profile").toml;
        let profile: toml::Table = toml::from_str(&text).expect("the profile is TOML");
        let own = profile
            .get("boosts")
            .and_then(|boosts| boosts.get("margin"));
        margin = margin.or(own.and_then(toml::Value::as_float));
    }
    margin.expect("a profile has a margin")
}

#[tokio::test]
async fn of_two_equal_items_the_one_that_ships_better_comes_first() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let by = |id: &str, mode| v1::Item {
        offers: vec![offer("hk", &[mode], hkd(10_000))],
        ..item(id, "陶瓷碗")
    };
    let items = vec![
        by("consolidated", ShipMode::Consolidated),
        by("direct", ShipMode::DirectMail),
        by("local", ShipMode::Local),
    ];
    clients.stock(items).await;
    let hits = clients.search(explained("陶瓷碗", "hk")).await.hits;
    let boosts: Vec<f64> = hits.iter().map(|hit| boost(adding_up(hit))).collect();
    assert_eq!(hits[2].item_id, "consolidated");
    assert!(boosts[0] >= boosts[1] && boosts[1] > 0.0 && boosts[2] == 0.0);
}

#[tokio::test]
async fn a_later_page_explains_the_scores_it_was_ranked_by() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..8).map(|number| v1::Item {
        sales_prior: number * 100,
        ..item(&format!("i-{number}"), "陶瓷碗")
    });
    clients.stock(items.collect()).await;
    let mut request = v1::SearchRequest {
        page_size: 4,
        ..explained("陶瓷碗", "hk")
    };
    request.page_token = clients.search(request.clone()).await.next_page_token;
    clients.put_profile("hk", "[weights]\nsales = 0.9\n").await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    let page = clients.search(request).await;
    assert_eq!(page.hits.len(), 4);
    for hit in &page.hits {
        adding_up(hit);
    }
}

#[tokio::test]
async fn an_answer_says_what_it_was_made_with() {
    let node = shared_node().await;
    // What is counted beside the indexes (spelling, sounds) may bring a new version at any moment.
    let before = node.clients.status().await;
    let answer = node.clients.search(query("雪櫃", "hk")).await;
    let after = node.clients.status().await;
    let versions = [before.index_version, after.index_version];
    assert!(versions.contains(&answer.index_version), "{versions:?}");
    assert_eq!(answer.policy_version, after.policy_version);
    assert_eq!(answer.rate_date, Rates::of_dictionaries().date);
    let stages: Vec<&str> = answer.timings.iter().map(|t| t.stage.as_str()).collect();
    for stage in ["understand", "match", "recall", "rank", "page"] {
        assert!(
            stages.contains(&stage),
            "no timing of {stage} in {stages:?}"
        );
    }
    if cfg!(target_os = "linux") {
        let processor: u64 = answer.timings.iter().map(|t| t.processor_micros).sum();
        assert!(processor > 0, "{:?}", answer.timings);
        // Both clocks are cut to whole microseconds.
        let fits = |t: &v1::StageTiming| t.processor_micros <= t.micros + 50;
        assert!(answer.timings.iter().all(fits), "{:?}", answer.timings);
    }
    let other = node.clients.search(query("雪櫃", "hk")).await;
    assert_ne!(
        answer.request_id, other.request_id,
        "each answer has its own id"
    );
}

#[tokio::test]
async fn an_answer_tells_what_the_restrictions_took_away() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let tagged = |id: &str, tag: &str| v1::Item {
        tags: vec![tag.to_owned()],
        ..item(id, "玻璃瓶")
    };
    let items = vec![
        tagged("a", "易碎"),
        tagged("b", "易碎"),
        tagged("c", "耐用"),
    ];
    clients.stock(items).await;
    let rule = "[[restriction]]\nid = \"no-glass\"\nreason = \"易碎品不送\"\nsource = \"own\"\ntag = [\"易碎\"]\n";
    clients.put_restrictions("hk", rule).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    // What has only a part of the query would have been no answer, and is not counted.
    clients
        .stock(vec![v1::Item {
            tags: vec!["易碎".to_owned()],
            ..item("d", "花瓶")
        }])
        .await;
    let answer = clients.search(query("玻璃瓶", "hk")).await;
    assert_eq!((answer.total, answer.hits.len()), (1, 1));
    let removed: Vec<_> = answer
        .removed
        .iter()
        .map(|removed| {
            (
                removed.restriction.as_str(),
                removed.reason.as_str(),
                removed.count,
            )
        })
        .collect();
    assert_eq!(removed, [("no-glass", "易碎品不送", 2)]);
}
