//! Completions: in either script or by sound, from real queries first, and only of what the region can buy.

use std::time::Duration;

use sampan_proto::v1::{self, EventKind, ShipMode};
use sampan_tests::{
    clients::Clients,
    items::{event, hkd, item, item_everywhere, offer, owned},
    node::TestNode,
    wait::until_true,
};

/// Completions follow new names and queries within seconds.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(10);

fn texts(suggestions: &[v1::Suggestion]) -> Vec<&str> {
    suggestions.iter().map(|s| s.text.as_str()).collect()
}

fn branded(id: &str, brand: &str, title: &str, regions: &[&str]) -> v1::Item {
    v1::Item {
        brand: brand.to_owned(),
        ..item_everywhere(id, &format!("{brand} {title}"), regions)
    }
}

async fn until_suggested(clients: &Clients, prefix: &str, region: &str, text: &str, is: bool) {
    let what = format!("{text} for {prefix} in {region}: {is}");
    until_true(FOLLOWS_WITHIN, &what, || async {
        let suggestions = clients.suggest(prefix, region).await;
        texts(&suggestions).contains(&text) == is
    })
    .await;
}

#[tokio::test]
async fn a_prefix_in_either_script_completes_brands_and_categories() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let shelved = |id, title| v1::Item {
        category_path: owned(&["家電", "廚房電器", "電飯煲"]),
        ..item_everywhere(id, title, &["hk", "cn"])
    };
    let items = vec![
        branded("a", "維他奶", "低糖豆奶", &["hk", "cn"]),
        branded("b", "Norvik", "木椅", &["hk", "cn"]),
        shelved("c", "西施電飯煲"),
    ];
    clients.stock(items).await;
    until_suggested(&clients, "維", "hk", "維他奶", true).await;
    for (prefix, region, text, kind) in [
        ("維", "hk", "維他奶", "brand"),
        ("维他", "hk", "維他奶", "brand"),
        ("維", "cn", "维他奶", "brand"),
        ("nor", "hk", "Norvik", "brand"),
        ("ＮＯＲ", "hk", "Norvik", "brand"),
        ("電飯", "hk", "電飯煲", "category"),
        ("电", "hk", "電飯煲", "category"),
    ] {
        let suggestions = clients.suggest(prefix, region).await;
        let found = suggestions.iter().find(|s| s.text == text);
        let found = found.unwrap_or_else(|| panic!("{prefix} in {region}: {suggestions:?}"));
        assert_eq!(found.kind, kind, "{prefix}");
        assert_eq!(found.items, 1, "{prefix}");
        let [mark] = found.highlights.as_slice() else {
            panic!("{prefix}: {:?}", found.highlights);
        };
        let marked = &found.text[mark.start as usize..mark.end as usize];
        assert_eq!(marked.chars().count(), prefix.chars().count(), "{marked}");
    }
    assert!(clients.suggest("沒有", "hk").await.is_empty());
}

#[tokio::test]
async fn nothing_is_suggested_that_the_region_cannot_buy() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let by = |id, brand: &str, mode| v1::Item {
        brand: brand.to_owned(),
        offers: vec![offer("hk", &[mode], hkd(1_000))],
        ..item(id, &format!("{brand} 茶杯"))
    };
    let items = vec![
        branded("everywhere", "甲茶", "茶杯", &["hk", "tw", "us"]),
        branded("taiwan", "甲山", "茶杯", &["tw"]),
        by("local", "甲地", ShipMode::Local),
        by("mailed", "甲郵", ShipMode::DirectMail),
    ];
    clients.stock(items).await;
    until_suggested(&clients, "甲", "hk", "甲茶", true).await;
    let completed = |region: &'static str, ship_to: &'static str| {
        let clients = clients.clone();
        async move {
            let request = v1::SuggestRequest {
                prefix: "甲".to_owned(),
                region: region.to_owned(),
                ship_to: ship_to.to_owned(),
                ..Default::default()
            };
            let answer = clients.try_suggest(request).await.expect("suggestions");
            let mut texts: Vec<String> = answer.suggestions.into_iter().map(|s| s.text).collect();
            texts.sort();
            texts
        }
    };
    assert_eq!(completed("hk", "hk").await, ["甲地", "甲茶", "甲郵"]);
    assert_eq!(
        completed("hk", "us").await,
        ["甲茶", "甲郵"],
        "local goods do not travel"
    );
    assert_eq!(completed("tw", "").await, ["甲山", "甲茶"]);
    assert_eq!(completed("us", "").await, ["甲茶"]);

    let rule =
        "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\nbrand = [\"甲邮\"]\n";
    clients.put_restrictions("hk", rule).await;
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    assert_eq!(
        completed("hk", "hk").await,
        ["甲地", "甲茶"],
        "a barred brand"
    );

    let update = v1::OfferUpdate {
        item_id: "everywhere".to_owned(),
        remove_regions: owned(&["hk"]),
        ..Default::default()
    };
    let answer = clients
        .try_update_offers(vec![update])
        .await
        .expect("taken");
    clients.settle(answer.sequence).await;
    assert_eq!(completed("hk", "hk").await, ["甲地"], "no longer sold");
    clients.try_delete(&["local"]).await.expect("deleted");
    clients
        .settle(clients.status().await.sequence_written)
        .await;
    assert!(completed("hk", "hk").await.is_empty(), "deleted");
}

#[tokio::test]
async fn what_shoppers_of_the_region_search_for_comes_first() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        branded("a", "雪山", "雪糕", &["hk", "tw"]),
        item_everywhere("b", "雪櫃 雙門", &["hk", "tw"]),
        item_everywhere("c", "雪靴", &["tw"]),
    ];
    clients.stock(items).await;
    let searched = |query: &str, item_id: &str, region: &str, user: usize| v1::Event {
        query: query.to_owned(),
        region: region.to_owned(),
        ..event(EventKind::Click, &format!("user-{user}"), item_id)
    };
    let mut events = Vec::new();
    for user in 0..9 {
        events.push(searched("雪櫃", "b", "hk", user));
        events.push(searched("雪靴", "c", "tw", user));
        events.push(searched("雪靴", "c", "hk", user));
    }
    clients.record(events).await;
    until_suggested(&clients, "雪", "hk", "雪櫃", true).await;
    for prefix in ["雪", ""] {
        let first = &clients.suggest(prefix, "hk").await[0];
        assert_eq!(
            (first.text.as_str(), first.kind.as_str()),
            ("雪櫃", "query")
        );
    }
    let all = clients.suggest("雪", "hk").await;
    assert!(
        !texts(&all).contains(&"雪靴"),
        "asked for, but not sold here: {all:?}"
    );
    assert!(texts(&all).contains(&"雪山"), "{all:?}");
    let taiwan = clients.suggest("雪", "tw").await;
    assert_eq!(taiwan[0].text, "雪靴");
    assert!(
        !texts(&taiwan).contains(&"雪櫃"),
        "nobody there asked for it: {taiwan:?}"
    );
    let highlights = &clients.suggest("", "hk").await[0].highlights;
    assert!(highlights.is_empty(), "nothing was typed");
}

#[tokio::test]
async fn no_more_come_than_were_asked_for() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..30).map(|number| {
        let brand = format!("米牌{number}");
        branded(&format!("i-{number}"), &brand, "白米", &["hk"])
    });
    clients.stock(items.collect()).await;
    until_suggested(&clients, "米牌1", "hk", "米牌1", true).await;
    for (count, expected) in [(0, 10), (1, 1), (20, 20)] {
        let request = v1::SuggestRequest {
            prefix: "米".to_owned(),
            region: "hk".to_owned(),
            count,
            ..Default::default()
        };
        let answer = clients.try_suggest(request).await.expect("suggestions");
        let mut texts = texts(&answer.suggestions);
        assert_eq!(texts.len(), expected);
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), expected, "none comes twice");
        for pair in answer.suggestions.windows(2) {
            assert!(pair[0].score >= pair[1].score, "best first");
        }
    }
}

#[tokio::test]
async fn a_prefix_by_sound_completes_what_the_region_asks_for() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = vec![
        item_everywhere("washer", "洗衣機 變頻", &["hk", "tw", "cn"]),
        item_everywhere("sweeper", "洗地機", &["tw"]),
        branded("a", "喜瑞兒", "粟米片", &["hk", "cn"]),
        branded("b", "Saijo", "木椅", &["hk"]),
        branded("c", "甲", "茶杯", &["hk"]),
    ];
    clients.stock(items).await;
    let mut events = Vec::new();
    for user in 0..9 {
        for (query, id) in [("洗衣機", "washer"), ("洗地機", "sweeper")] {
            for region in ["hk", "tw", "cn"] {
                events.push(v1::Event {
                    query: query.to_owned(),
                    region: region.to_owned(),
                    ..event(EventKind::Click, &format!("user-{user}"), id)
                });
            }
        }
    }
    clients.record(events).await;
    until_suggested(&clients, "洗", "hk", "洗衣機", true).await;
    until_suggested(&clients, "洗", "cn", "洗衣机", true).await;
    for (prefix, region, marked) in [
        ("sai", "hk", "洗"),
        ("sai2 ji1 ge", "hk", "洗衣機"),
        ("sjg", "hk", "洗衣機"),
        ("xi", "cn", "洗"),
        ("xǐyī", "cn", "洗衣"),
        ("xyj", "cn", "洗衣机"),
        ("ㄒㄧˇ ㄧ", "tw", "洗衣"),
        ("vu3u r", "tw", "洗衣機"),
    ] {
        let suggestions = clients.suggest(prefix, region).await;
        let first = suggestions.first().expect(prefix);
        let expected = if region == "cn" {
            "洗衣机"
        } else {
            "洗衣機"
        };
        assert_eq!(first.text, expected, "{prefix}: {suggestions:?}");
        assert_eq!(first.kind, "query");
        let [mark] = first.highlights.as_slice() else {
            panic!("{prefix}: {:?}", first.highlights);
        };
        assert_eq!(
            &first.text[mark.start as usize..mark.end as usize],
            marked,
            "{prefix}"
        );
    }
    // Not what only Taiwan sells; names of the catalogue behind; letters may also mean themselves.
    let heard = clients.suggest("sai", "hk").await;
    assert_eq!(texts(&heard), ["洗衣機", "Saijo"]);
    let heard = clients.suggest("hei", "hk").await;
    assert_eq!(texts(&heard), ["喜瑞兒"]);
    let heard = clients.suggest("xi", "cn").await;
    assert_eq!(texts(&heard), ["洗衣机", "喜瑞儿"]);
    assert_eq!(clients.suggest("ㄒ", "tw").await.len(), 2);
    assert!(texts(&clients.suggest("xidi", "tw").await).contains(&"洗地機"));
    assert!(clients.suggest("xidi", "hk").await.is_empty());
    let single = clients.suggest("x", "cn").await;
    assert!(single.is_empty(), "one letter is no sound: {single:?}");
}
