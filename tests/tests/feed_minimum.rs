//! A pool is promised a share of every page, and a page that cannot hold it says so.

use sampan_proto::v1;
use sampan_tests::{
    feed::{feed_of, feed_shop},
    items::{item_everywhere, moment, now_seconds, owned, user},
    wait::until_true,
};

/// Items of the pool: older than all others and of one shelf, so that nothing else would show them.
const POOLED: usize = 9;

#[tokio::test]
async fn every_page_holds_the_share_while_there_are_items() {
    let (_node, clients) = feed_shop(150).await;
    let pooled = (0..POOLED).map(|number| v1::Item {
        tags: owned(&["hidden-gem"]),
        created: moment(now_seconds() - 86_400 * 900),
        ..item_everywhere(&format!("p-{number}"), &format!("老舖{number}"), &["hk"])
    });
    clients.stock(pooled.collect()).await;
    let pools = "[[pool]]\nid = \"gems\"\ntitle = \"老舖\"\ntag = [\"hidden-gem\"]\n";
    clients.put_pools("hk", pools).await;
    clients
        .put_profile("hk", "[feed.minimum]\ngems = 0.2\n")
        .await;
    let request = v1::GetFeedRequest {
        page_size: 20,
        ..feed_of(user("ann"))
    };
    let is_pooled = |card: &&v1::Card| {
        let hit = card.hit.as_ref();
        hit.is_some_and(|hit| hit.item_id.starts_with("p-"))
    };
    until_true(
        std::time::Duration::from_secs(5),
        "the pool's items",
        || async {
            let first = clients.feed(request.clone()).await;
            first.cards.iter().filter(is_pooled).count() >= 4
        },
    )
    .await;
    let mut page = clients.feed(request.clone()).await;
    let mut left = POOLED;
    let mut told = 0;
    loop {
        let held = page.cards.iter().filter(is_pooled).count();
        let wanted = (0.2 * page.cards.len() as f64).ceil() as usize;
        assert!(
            held >= wanted.min(left),
            "{held} of {wanted}, {left} are left"
        );
        left -= held;
        match page.shortfalls.as_slice() {
            [] => assert!(held >= wanted),
            [short] => {
                assert_eq!(short.pool, "gems");
                assert_eq!((short.wanted, short.held), (wanted as u32, held as u32));
                told += 1;
            }
            more => panic!("one promise, {} shortfalls", more.len()),
        }
        if page.next_page_token.is_empty() {
            break;
        }
        let next = v1::GetFeedRequest {
            page_token: page.next_page_token,
            ..request.clone()
        };
        page = clients.feed(next).await;
    }
    assert_eq!(left, 0);
    assert!(told >= 1, "later pages have no more of the pool");
}
