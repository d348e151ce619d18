//! Whatever the catalogue, the rules and the market: every path shows exactly what a naive second opinion lets through.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sampan_proto::v1::{self, FacetKind, ShipMode};
use sampan_tests::{
    clients::{Clients, query},
    items::now_seconds,
    node::TestNode,
    oracle::{Market, Rule, mode_name, ways},
};

use crate::drawn::{Moments, REGIONS, any_item, any_rule};

/// Worlds that are tried; each is a catalogue, its rules, and every market.
const WORLDS: u32 = 24;

#[derive(Debug, Clone)]
struct World {
    items: Vec<v1::Item>,
    rules: Vec<Rule>,
}

fn any_world() -> impl Strategy<Value = World> {
    let now = now_seconds();
    // Far enough off that no rule turns while the test looks.
    let moments = Moments {
        from: vec![None, None, Some(now - 86_400), Some(now + 86_400)],
        until: vec![None, None, Some(now - 3_600), Some(now + 172_800)],
    };
    (vec(any_item(), 4..14), vec(any_rule(moments), 0..5)).prop_map(|(mut items, mut rules)| {
        for (number, item) in items.iter_mut().enumerate() {
            item.id = format!("i-{number}");
        }
        for (number, rule) in rules.iter_mut().enumerate() {
            rule.id = format!("rule-{number}");
        }
        World { items, rules }
    })
}

#[test]
fn every_path_shows_what_the_second_opinion_lets_through() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let node = TestNode::start();
    let clients = runtime.block_on(node.clients());
    runtime.block_on(pin_everything(&clients));
    let config = Config {
        cases: WORLDS,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&any_world(), |world| {
        runtime.block_on(check(&clients, &world));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// A merchandiser wants every item in a place of its own, whatever is asked for: a pin is no way past the gate.
async fn pin_everything(clients: &Clients) {
    let pins =
        (0..14).map(|number| format!("{{ item = \"i-{number}\", position = {} }}", number + 1));
    let toml = format!(
        "[[rule]]\nid = \"all\"\nreason = \"r\"\nowner = \"o\"\nthen = {{ pin = [{}] }}\n",
        pins.collect::<Vec<_>>().join(", ")
    );
    let put = v1::PutDocumentRequest {
        kind: v1::DocumentKind::Rules.into(),
        region: "common".to_owned(),
        toml,
        ..Default::default()
    };
    clients.try_put(put).await.expect("the rule is taken");
}

/// Makes the node that world, and looks at it from every market.
async fn check(clients: &Clients, world: &World) {
    let gone: Vec<String> = (0..14).map(|number| format!("i-{number}")).collect();
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    clients.try_delete(&gone).await.expect("deleted");
    for folder in ["common"].into_iter().chain(REGIONS) {
        let destination = if folder == "common" { "" } else { folder };
        let rules = world
            .rules
            .iter()
            .filter(|rule| rule.destination == destination);
        let text: String = rules.map(Rule::to_toml).collect();
        clients
            .put_restrictions(folder, &format!("# rules\n{text}"))
            .await;
    }
    clients.upsert(world.items.clone()).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    for region in REGIONS {
        for ship_to in REGIONS {
            check_market(clients, world, Market { region, ship_to }).await;
        }
    }
}

async fn check_market(clients: &Clients, world: &World, market: Market<'_>) {
    let now = now_seconds();
    let expected: BTreeMap<String, Vec<ShipMode>> = world
        .items
        .iter()
        .map(|item| (item.id.clone(), ways(item, market, &world.rules, now)))
        .filter(|(_, ways)| !ways.is_empty())
        .collect();
    for text in ["", "貨品"] {
        let request = v1::SearchRequest {
            ship_to: market.ship_to.to_owned(),
            facets: vec![FacetKind::ShipMode.into()],
            ..query(text, market.region)
        };
        let answer = clients.search(request).await;
        let shown = with_modes(answer.hits);
        assert_eq!(shown, expected, "{text:?} in {market:?}");
        assert_eq!(answer.total as usize, expected.len());
        for bucket in &answer.facets[0].buckets {
            let by = |ways: &&Vec<ShipMode>| ways.iter().any(|m| mode_name(*m) == bucket.value);
            let counted = expected.values().filter(by).count();
            assert_eq!(
                bucket.count as usize, counted,
                "{} in {market:?}",
                bucket.value
            );
        }
    }
    let feed = v1::GetFeedRequest {
        region: market.region.to_owned(),
        ship_to: market.ship_to.to_owned(),
        page_size: 100,
        ..Default::default()
    };
    let cards = clients.feed(feed).await.cards;
    let similar = v1::SimilarItemsRequest {
        item_id: "i-0".to_owned(),
        region: market.region.to_owned(),
        ship_to: market.ship_to.to_owned(),
        count: 100,
        ..Default::default()
    };
    let alike = clients.try_similar(similar).await.expect("cards").cards;
    let like_the_first: BTreeSet<&str> = alike
        .iter()
        .filter_map(|card| Some(card.hit.as_ref()?.item_id.as_str()))
        .collect();
    let others = expected
        .keys()
        .map(String::as_str)
        .filter(|id| *id != "i-0");
    assert_eq!(like_the_first, others.collect(), "similar in {market:?}");
    for card in cards.into_iter().chain(alike.clone()) {
        let shown = with_modes(card.hit.into_iter().collect());
        for (id, modes) in shown {
            assert_eq!(expected.get(&id), Some(&modes), "a card in {market:?}");
        }
    }
}

fn with_modes(hits: Vec<v1::Hit>) -> BTreeMap<String, Vec<ShipMode>> {
    let shown = hits.into_iter().map(|hit| {
        let mut modes: Vec<ShipMode> = hit.offer.expect("an offer").ship_modes().collect();
        modes.sort_unstable();
        (hit.item_id, modes)
    });
    shown.collect()
}
