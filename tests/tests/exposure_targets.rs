//! A region's share of direct mail in what is shown follows the profile's target, within the margin, and the node says so
//! when it cannot.

use std::time::Duration;

use sampan_proto::v1::{self, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    items::{hkd, item, offer},
    node::TestNode,
    wait::until_true,
};

/// The controller moves once a second.
const STEERED_WITHIN: Duration = Duration::from_secs(60);

/// Forty mailed cups and forty that come by consolidation, of like quality.
async fn shop() -> (TestNode, Clients) {
    let node = TestNode::start();
    let clients = node.clients().await;
    let sold = |id: &str, mode, quality_prior| v1::Item {
        quality_prior,
        offers: vec![offer("hk", &[mode], hkd(100))],
        ..item(id, "陶瓷杯")
    };
    let mut items = Vec::new();
    for number in 0..40_u8 {
        let quality = f32::from(number) / 40.0;
        items.push(sold(
            &format!("mail-{number}"),
            ShipMode::DirectMail,
            quality,
        ));
        items.push(sold(
            &format!("box-{number}"),
            ShipMode::Consolidated,
            quality,
        ));
    }
    clients.stock(items).await;
    (node, clients)
}

/// The share of mailed goods in the first ten of some answers, which the node counts.
async fn mailed_share(clients: &Clients) -> f64 {
    let mut mailed = 0;
    for _ in 0..30 {
        let answer = clients.search(query("陶瓷杯", "hk")).await;
        mailed = answer.hits[..10]
            .iter()
            .filter(|hit| hit.item_id.starts_with("mail"))
            .count();
    }
    mailed as f64 / 10.0
}

async fn status(clients: &Clients) -> (String, Vec<v1::ExposureStatus>) {
    let regions = clients.status().await.regions;
    let hk = regions.into_iter().find(|region| region.region == "hk");
    let hk = hk.expect("it is built in");
    (hk.profile_version, hk.exposures)
}

#[tokio::test]
async fn a_boost_moves_until_the_share_is_as_asked() {
    let (_node, clients) = shop().await;
    let profile = "[weights]\nquality = 0.2\n[boosts]\nmargin = 0.1\ndirect_mail = 0.0\nlocal = 0.02\n\
        free_shipping = 0.0\n";
    clients.put_profile("hk", profile).await;
    assert_eq!(mailed_share(&clients).await, 0.5);
    assert!(status(&clients).await.1.is_empty(), "nothing is asked for");

    clients
        .put_profile("hk", &format!("{profile}[exposure]\ndirect_mail = 0.8\n"))
        .await;
    let (version, exposures) = status(&clients).await;
    assert_eq!(
        (exposures[0].state.as_str(), exposures[0].share),
        ("waiting", None)
    );
    until_true(STEERED_WITHIN, "eight of ten are mailed", || async {
        mailed_share(&clients).await >= 0.8
    })
    .await;
    let (steered, exposures) = status(&clients).await;
    let [mail] = exposures.as_slice() else {
        panic!("one target: {exposures:?}");
    };
    assert_eq!((mail.boost.as_str(), mail.target), ("direct_mail", 0.8));
    assert!(
        mail.weight > 0.0 && mail.weight <= mail.weight_max,
        "{mail:?}"
    );
    assert!(
        (mail.weight_max - 0.08).abs() < 1e-9,
        "the margin less the local boost"
    );
    assert!(mail.share.expect("it was shown") > 0.5);
    assert!(steered.starts_with(&format!("{version}~")), "{steered}");
    // What ranks is what is told, and an explanation still adds up.
    let explained = v1::SearchRequest {
        explain: true,
        ..query("陶瓷杯", "hk")
    };
    let hit = clients.search(explained).await.hits.remove(0);
    let explanation = hit.explanation.expect("it was asked for");
    assert!(explanation.profile.contains('~'), "{}", explanation.profile);
    let sum = explanation
        .parts
        .iter()
        .fold(0.0, |sum, part| sum + part.contribution);
    assert_eq!(sum, hit.score);
    // Elsewhere nothing moves.
    let elsewhere = clients.status().await.regions;
    assert!(
        elsewhere
            .iter()
            .all(|region| region.region == "hk" || region.exposures.is_empty())
    );
}

#[tokio::test]
async fn a_target_beyond_the_margin_is_said_to_be_so() {
    let (_node, clients) = shop().await;
    // Better goods are better by far more than the margin.
    let profile = "[weights]\nquality = 9.0\n[boosts]\nmargin = 0.04\ndirect_mail = 0.02\nlocal = 0.0\n\
        free_shipping = 0.0\n[exposure]\ndirect_mail = 1.0\n";
    clients.put_profile("hk", profile).await;
    until_true(STEERED_WITHIN, "it says that it cannot", || async {
        mailed_share(&clients).await;
        status(&clients).await.1[0].state == "at_margin"
    })
    .await;
    let mail = status(&clients).await.1.remove(0);
    assert_eq!((mail.weight, mail.weight_max), (0.04, 0.04));
    assert_eq!(mailed_share(&clients).await, 0.5);
}
