//! Chance fills a stated share of the feed's places, and every card says with which probability it was put there.

use std::collections::{BTreeMap, BTreeSet};

use sampan_tests::{
    clients::card_ids,
    feed::{feed_of, feed_shop},
    items::user,
};

const SHOPPERS: usize = 1_500;
const EXPLORED: usize = 20;

#[tokio::test]
async fn cards_come_as_often_as_their_propensities_say() {
    let (node, clients) = feed_shop(120).await;
    let profile = format!(
        "[feed]\nexploration_share = 0.1\n[feed.candidates]\nexploration = {EXPLORED}\nnew = 40\n"
    );
    clients.put_profile("hk", &profile).await;
    let engine = node.engine();
    let mut times: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for shopper in 0..SHOPPERS {
        let answer = engine.feed(&feed_of(user(&format!("u-{shopper}"))));
        let cards = answer.expect("a feed").cards;
        let by_chance = cards.iter().filter(|card| card.propensity < 1.0);
        assert_eq!(by_chance.clone().count(), 2, "a tenth of twenty places");
        for card in &cards {
            assert!(card.propensity > 0.0 && card.propensity <= 1.0);
            assert_eq!(card.source == "exploration", card.propensity < 1.0);
        }
        assert!(cards[..4].iter().all(|card| card.propensity == 1.0));
        let first = by_chance.into_iter().next().expect("one of two");
        let id = first.hit.clone().expect("a hit").item_id;
        let (count, _) = *times.get(&id).unwrap_or(&(0.0, 0.0));
        times.insert(id, (count + 1.0, first.propensity));
    }
    assert_eq!(times.len(), EXPLORED, "every explored item has its chance");
    let sum: f64 = times.values().map(|(_, propensity)| propensity).sum();
    assert!(
        (sum - 1.0).abs() < 0.01,
        "{sum}: the draws of one place are one choice"
    );
    for (id, (count, propensity)) in times {
        let expected = propensity * SHOPPERS as f64;
        // Five standard deviations of a binomial count.
        let off = 5.0 * (expected * (1.0 - propensity)).sqrt();
        assert!(
            (count - expected).abs() < off,
            "{id}: {count} times, expected {expected}"
        );
    }
}

#[tokio::test]
async fn a_shoppers_day_has_one_draw_and_pages_do_not_draw_again() {
    let (_node, clients) = feed_shop(120).await;
    let mut request = feed_of(user("ann"));
    request.page_size = 7;
    let (first, again) = (
        clients.feed_all(request.clone()).await,
        clients.feed_all(request).await,
    );
    assert_eq!(card_ids(&first), card_ids(&again));
    let propensities = |cards: &[sampan_proto::v1::Card]| -> Vec<f64> {
        cards.iter().map(|card| card.propensity).collect()
    };
    // Scores, and so the chances, move a little with the clock.
    for (first, again) in propensities(&first).iter().zip(propensities(&again)) {
        assert!((first - again).abs() < 1e-6);
    }
    let distinct: BTreeSet<&str> = card_ids(&first).into_iter().collect();
    assert_eq!(distinct.len(), first.len());
}

#[tokio::test]
async fn a_profile_can_leave_nothing_to_chance() {
    let (_node, clients) = feed_shop(60).await;
    clients
        .put_profile("hk", "[feed]\nexploration_share = 0.0\n")
        .await;
    let cards = clients.feed_all(feed_of(user("ann"))).await;
    assert!(cards.len() >= 50 && cards.iter().all(|card| card.propensity == 1.0));
}
