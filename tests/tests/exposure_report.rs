//! Who was on shoppers' screens: counted from the event log, over all that could have been shown.

use sampan_proto::v1::{self, EventKind, ExposureSurface};
use sampan_tests::{
    clients::Clients,
    feed::{feed_item, feed_shop},
    items::{event, item_everywhere, moment, now_seconds},
    node::TestNode,
    refusal::assert_names_field,
};
use tonic::Status;

const HOUR: i64 = 3_600;

/// An impression of the feed so many hours ago.
fn shown(item: usize, hours: i64) -> v1::Event {
    v1::Event {
        time: moment(now_seconds() - hours * HOUR),
        ..event(EventKind::Impression, "ann", &feed_item(item))
    }
}

/// Forty items of five sellers of eight and four shelves of ten; a pool of ten; one item that is old and in no shelf.
async fn shop() -> (TestNode, Clients) {
    let (node, clients) = feed_shop(40).await;
    let old = v1::Item {
        created: moment(now_seconds() - 900 * 24 * HOUR),
        ..item_everywhere("old", "老貨", &["hk"])
    };
    clients.stock(vec![old]).await;
    let pools = "[[pool]]\nid = \"first\"\ntitle = \"首架\"\ncategory = [\"百貨 > 第0架\"]\n";
    clients.put_pools("hk", pools).await;
    let profile = "[feed.minimum]\nfirst = 0.25\n";
    clients.put_profile("hk", profile).await;
    (node, clients)
}

async fn try_report(
    clients: &Clients,
    request: v1::ReportExposureRequest,
) -> Result<v1::ReportExposureResponse, Status> {
    let answer = clients.admin.clone().report_exposure(request).await?;
    Ok(answer.into_inner())
}

async fn report(clients: &Clients, surface: ExposureSurface) -> v1::ReportExposureResponse {
    let request = v1::ReportExposureRequest {
        region: "hk".to_owned(),
        surface: surface.into(),
        ..Default::default()
    };
    try_report(clients, request).await.expect("a report")
}

fn part<'r>(report: &'r v1::ReportExposureResponse, by: &str) -> &'r v1::ExposureBy {
    let found = report.parts.iter().find(|part| part.by == by);
    found.expect("every report has it")
}

/// Name, items, shown, impressions.
fn groups(part: &v1::ExposureBy) -> Vec<(&str, u64, u64, u64)> {
    let groups = part.groups.iter();
    groups
        .map(|group| {
            (
                group.name.as_str(),
                group.items,
                group.shown,
                group.impressions,
            )
        })
        .collect()
}

#[tokio::test]
async fn impressions_are_parted_by_what_items_have_in_common() {
    let (_node, clients) = shop().await;
    let mut events = vec![
        // Six of the first seller and shelf, two of another.
        shown(0, 1),
        shown(0, 2),
        shown(0, 3),
        shown(1, 1),
        shown(2, 1),
        shown(3, 1),
        shown(16, 1),
        shown(17, 1),
        // Not in the span, not an impression, not of the region.
        shown(20, 8 * 24),
        event(EventKind::Click, "ann", &feed_item(21)),
        v1::Event {
            region: "tw".to_owned(),
            ..shown(22, 1)
        },
    ];
    events[7].propensity = Some(0.02);
    let mut old = shown(0, 1);
    old.item_id = "old".to_owned();
    let searched = v1::Event {
        query: "貨品".to_owned(),
        ..shown(30, 1)
    };
    events.extend([old, searched]);
    let answer = clients.record(events).await;
    clients.settle(answer.sequence).await;

    let feed = report(&clients, ExposureSurface::Feed).await;
    assert_eq!((feed.impressions, feed.gone), (9, 0));
    let sellers = part(&feed, "seller");
    assert_eq!(sellers.groups_total, 6);
    assert_eq!(
        groups(sellers)[..4],
        [
            ("seller-0", 8, 4, 6),
            ("seller-2", 8, 2, 2),
            ("", 1, 1, 1),
            ("seller-1", 8, 0, 0)
        ]
    );
    // 0, 0, 0, 1, 2, 6: half the mean difference by the mean.
    assert!(
        (sellers.gini - 37.0 / 54.0).abs() < 1e-9,
        "{}",
        sellers.gini
    );
    assert_eq!(sellers.lorenz.len(), 101);
    assert!((sellers.lorenz[50], sellers.lorenz[100]) == (0.0, 1.0));
    assert_eq!(part(&feed, "item").groups_total, 41);
    assert!(part(&feed, "item").gini > 0.8);
    assert_eq!(
        groups(part(&feed, "category")),
        [("百貨", 40, 6, 8), ("", 1, 1, 1)]
    );
    assert_eq!(groups(part(&feed, "pool")), [("first", 10, 4, 6)]);
    assert_eq!(
        groups(part(&feed, "age")),
        [("new", 40, 6, 8), ("older", 1, 1, 1)]
    );
    assert_eq!(
        groups(part(&feed, "place")),
        [("by rank", 41, 6, 8), ("by chance", 41, 1, 1)]
    );
    let modes = part(&feed, "ship_mode");
    assert!(
        modes
            .groups
            .iter()
            .any(|group| (&*group.name, group.impressions) == ("local", 9))
    );
    let promise = &feed.promises[0];
    assert_eq!((promise.pool.as_str(), promise.promised), ("first", 0.25));
    assert!((promise.held - 6.0 / 9.0).abs() < 1e-9);

    let search = report(&clients, ExposureSurface::Search).await;
    assert_eq!(search.impressions, 1);
    let both = report(&clients, ExposureSurface::Unspecified).await;
    assert_eq!(both.impressions, 10);

    let deleted = clients
        .try_delete(&["i-016", "i-017"])
        .await
        .expect("deleted");
    clients.settle(deleted.sequence).await;
    let feed = report(&clients, ExposureSurface::Feed).await;
    assert_eq!((feed.impressions, feed.gone), (9, 2));
    assert!((feed.promises[0].held - 6.0 / 7.0).abs() < 1e-9);
}

#[tokio::test]
async fn nothing_shown_is_told_as_nothing_and_a_wrong_field_is_named() {
    let (_node, clients) = shop().await;
    let feed = report(&clients, ExposureSurface::Feed).await;
    assert_eq!(feed.impressions, 0);
    let item = part(&feed, "item");
    assert_eq!(
        (item.gini, item.lorenz.len(), item.groups_total),
        (0.0, 0, 41)
    );
    assert_eq!(feed.promises[0].held, 0.0);
    let now = now_seconds();
    for (field, region, since) in [("region", "xx", now - 1), ("since", "hk", now)] {
        let request = v1::ReportExposureRequest {
            region: region.to_owned(),
            since: moment(since),
            until: moment(now),
            ..Default::default()
        };
        assert_names_field(try_report(&clients, request).await, field);
    }
}
