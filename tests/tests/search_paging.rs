//! All pages together are the whole result, none of it twice, whatever is written meanwhile.

use std::collections::BTreeSet;

use sampan_engine::base::limits::RESULT_WINDOW;
use sampan_proto::v1::{self, Sort};
use sampan_tests::{
    clients::{ids, query},
    items::{item_everywhere, user},
    node::TestNode,
    refusal::{assert_code, assert_names_field},
};
use tonic::Code;

use crate::shared::shared_node;

#[tokio::test]
async fn pages_of_any_size_make_up_the_same_result() {
    let node = shared_node().await;
    for sort in [Sort::Relevance, Sort::PriceAscending] {
        let request = v1::SearchRequest {
            sort: sort.into(),
            ..query("雪櫃", "hk")
        };
        let whole = node.clients.search_all(request.clone()).await;
        assert!(whole.len() > 8, "too few to page: {}", whole.len());
        for page_size in [1, 7, 20, 99] {
            let request = v1::SearchRequest {
                page_size,
                ..request.clone()
            };
            let pages = node.clients.search_pages(request).await;
            let first = &pages[0];
            for page in &pages {
                assert!(page.hits.len() <= page_size as usize);
                assert_eq!(page.total, first.total);
                assert_eq!(page.index_version, first.index_version);
            }
            let hits: Vec<v1::Hit> = pages.into_iter().flat_map(|page| page.hits).collect();
            assert_eq!(ids(&hits), ids(&whole), "{sort:?} by {page_size}");
            let places: Vec<usize> = hits.iter().map(|hit| hit.position as usize).collect();
            assert!(
                places.into_iter().eq(0..hits.len()),
                "positions count up from 0"
            );
        }
    }
}

#[tokio::test]
async fn the_page_size_may_change_between_pages() {
    let node = shared_node().await;
    let mut request = v1::SearchRequest {
        page_size: 5,
        ..query("", "hk")
    };
    let whole = node.clients.search_all(request.clone()).await;
    let mut paged = Vec::new();
    for page_size in [5, 40, 3, 100] {
        request.page_size = page_size;
        let page = node.clients.search(request.clone()).await;
        request.page_token = page.next_page_token;
        paged.extend(page.hits);
    }
    assert_eq!(ids(&paged), &ids(&whole)[..148]);
}

#[tokio::test]
async fn a_result_is_paged_to_its_last_place_and_counted_beyond() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let count = RESULT_WINDOW + 120;
    let items = (0..count).map(|number| item_everywhere(&format!("i-{number}"), "杯", &["hk"]));
    clients.stock(items.collect()).await;
    for text in ["", "杯"] {
        let answer = clients.search(query(text, "hk")).await;
        assert_eq!(answer.total as usize, count, "{text:?}");
        assert!(!answer.total_is_lower_bound);
        let hits = clients.search_all(query(text, "hk")).await;
        let distinct: BTreeSet<&str> = ids(&hits).into_iter().collect();
        assert_eq!((hits.len(), distinct.len()), (RESULT_WINDOW, RESULT_WINDOW));
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_own_request_only() {
    let node = shared_node().await;
    let request = v1::SearchRequest {
        page_size: 3,
        user: user("me"),
        ..query("雪櫃", "hk")
    };
    let first = node.clients.search(request.clone()).await;
    let next = v1::SearchRequest {
        page_token: first.next_page_token,
        ..request
    };
    assert_eq!(node.clients.search(next.clone()).await.hits.len(), 3);
    let changed: [fn(&mut v1::SearchRequest); 10] = [
        |request| request.text = "冰箱".to_owned(),
        |request| request.region = "tw".to_owned(),
        |request| request.ship_to = "tw".to_owned(),
        |request| request.display_script = v1::Script::Simplified.into(),
        |request| request.display_currency = "USD".to_owned(),
        |request| request.filters = Some(in_stock()),
        |request| request.sort = Sort::Sales.into(),
        |request| request.facets = vec![v1::FacetKind::Brand.into()],
        |request| request.user = user("somebody else"),
        |request| request.disabled_rules = vec!["region.term".to_owned()],
    ];
    for change in changed {
        let mut other = next.clone();
        change(&mut other);
        assert_names_field(node.clients.try_search(other).await, "page_token");
    }
    let again = node.clients.search(next).await;
    assert_eq!(again.hits.len(), 3, "a token may be used twice");
}

fn in_stock() -> v1::Filters {
    v1::Filters {
        in_stock: true,
        ..Default::default()
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let node = shared_node().await;
    for token in [
        "x",
        "下一頁",
        &"0".repeat(33),
        &"f".repeat(1_000),
        &"~".repeat(40),
    ] {
        let request = v1::SearchRequest {
            page_token: token.to_owned(),
            ..query("雪櫃", "hk")
        };
        assert_names_field(node.clients.try_search(request).await, "page_token");
        let request = v1::GetFeedRequest {
            region: "hk".to_owned(),
            page_token: token.to_owned(),
            ..Default::default()
        };
        assert_names_field(node.clients.try_feed(request).await, "page_token");
    }
}

#[tokio::test]
async fn a_token_whose_result_is_gone_says_start_again() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let items = (0..9).map(|number| item_everywhere(&format!("i-{number}"), "杯", &["hk"]));
    clients.stock(items.collect()).await;
    let request = v1::SearchRequest {
        page_size: 3,
        ..query("杯", "hk")
    };
    let token = clients.search(request.clone()).await.next_page_token;
    let node = node.restart().await;
    let clients = node.clients().await;
    let request = v1::SearchRequest {
        page_token: token,
        ..request
    };
    let message = assert_code(clients.try_search(request).await, Code::Aborted);
    assert!(message.contains("page_token"), "{message}");
}

#[tokio::test]
async fn later_pages_stay_whole_while_the_catalogue_changes() {
    let node = TestNode::start();
    let clients = node.clients().await;
    let id = |number: usize| format!("i-{number:02}");
    let items = (0..60).map(|number| item_everywhere(&id(number), "玻璃杯", &["hk"]));
    clients.stock(items.collect()).await;
    for sort in [Sort::Relevance, Sort::Newest] {
        let mut request = v1::SearchRequest {
            page_size: 20,
            sort: sort.into(),
            ..query("玻璃杯", "hk")
        };
        let first = clients.search(request.clone()).await;
        let mut seen = ids(&first.hits)
            .iter()
            .map(|id| (*id).to_owned())
            .collect::<Vec<_>>();
        let still_to_come: Vec<String> = (0..60).map(id).filter(|id| !seen.contains(id)).collect();
        let [deleted, barred, replaced, ..] = still_to_come.as_slice() else {
            panic!("40 items are still to come");
        };

        let newcomers = (0..30).map(|number| {
            let title = "玻璃杯 玻璃杯";
            item_everywhere(&format!("{sort:?}-{number}"), title, &["hk"])
        });
        clients.upsert(newcomers.collect()).await;
        let renamed = item_everywhere(replaced, "玻璃杯 新裝", &["hk"]);
        clients.upsert(vec![renamed]).await;
        clients.try_delete(&[deleted]).await.expect("it is deleted");
        let rule = format!(
            "[[restriction]]\nid = \"x\"\nreason = \"r\"\nsource = \"own\"\nitem = [{barred:?}]\n"
        );
        clients.put_restrictions("hk", &rule).await;
        clients
            .settle(clients.status().await.sequence_written)
            .await;

        let mut rest = Vec::new();
        while rest.len() < 40 {
            request.page_token = match rest.is_empty() {
                true => first.next_page_token.clone(),
                false => request.page_token,
            };
            let page = clients.search(request.clone()).await;
            assert_eq!(page.index_version, first.index_version);
            // What is barred since is barred now.
            assert_ne!(page.policy_version, first.policy_version);
            rest.extend(page.hits);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let rest: Vec<&str> = ids(&rest);
        let expected: BTreeSet<&str> = still_to_come.iter().skip(2).map(String::as_str).collect();
        assert_eq!(rest.len(), expected.len(), "nothing comes twice: {rest:?}");
        assert_eq!(
            rest.iter().copied().collect::<BTreeSet<_>>(),
            expected,
            "{sort:?}"
        );
        seen.extend(rest.into_iter().map(str::to_owned));
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 58);

        // As it was, for the next order.
        clients.put_restrictions("hk", "").await;
        let lost = item_everywhere(deleted, "玻璃杯", &["hk"]);
        clients.stock(vec![lost]).await;
        let newcomers: Vec<String> = (0..30).map(|number| format!("{sort:?}-{number}")).collect();
        let newcomers: Vec<&str> = newcomers.iter().map(String::as_str).collect();
        clients
            .try_delete(&newcomers)
            .await
            .expect("they are deleted");
        clients
            .settle(clients.status().await.sequence_written)
            .await;
    }
}
