//! Whether rates are kept: each impression's estimate, of the events before it, against what its shopper did then.

use sampan_proto::v1::{self, EventKind, ExposureSurface};
use sampan_tests::{
    clients::Clients,
    feed::{feed_item, feed_shop},
    items::{event, moment, now_seconds},
    refusal::assert_names_field,
};
use tonic::Status;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
/// Days of the log, and impressions a day; one of ten is clicked, and one of forty ordered the next hour.
const DAYS: i64 = 20;
const A_DAY: i64 = 100;

fn happened(kind: EventKind, shopper: i64, seconds: i64) -> v1::Event {
    v1::Event {
        time: moment(seconds),
        ..event(
            kind,
            &format!("u-{shopper}"),
            &feed_item((shopper % 5) as usize),
        )
    }
}

/// The log of shoppers who are shown one item each.
fn log() -> Vec<v1::Event> {
    let start = now_seconds() - (DAYS + 2) * DAY;
    let shoppers = (0..DAYS * A_DAY).flat_map(|shopper| {
        let shown = start + shopper * DAY / A_DAY;
        let mut events = vec![happened(EventKind::Impression, shopper, shown)];
        if shopper % 10 == 3 {
            events.push(happened(EventKind::Click, shopper, shown + 60));
        }
        if shopper % 40 == 13 {
            events.push(happened(EventKind::Order, shopper, shown + HOUR));
        }
        events
    });
    shoppers.collect()
}

async fn try_report(
    clients: &Clients,
    request: v1::ReportRatesRequest,
) -> Result<v1::ReportRatesResponse, Status> {
    let answer = clients.admin.clone().report_rates(request).await?;
    Ok(answer.into_inner())
}

fn request() -> v1::ReportRatesRequest {
    v1::ReportRatesRequest {
        region: "hk".to_owned(),
        // The first five days teach.
        since: moment(now_seconds() - (DAYS - 3) * DAY),
        ..Default::default()
    }
}

fn rate<'r>(report: &'r v1::ReportRatesResponse, name: &str) -> &'r v1::RateReliability {
    let found = report.rates.iter().find(|rate| rate.rate == name);
    found.expect("every report has it")
}

#[tokio::test]
async fn what_was_estimated_is_told_beside_what_came() {
    let (_node, clients) = feed_shop(10).await;
    for events in log().chunks(1_000) {
        let answer = clients.record(events.to_vec()).await;
        clients.settle(answer.sequence).await;
    }
    let report = try_report(&clients, request()).await.expect("a report");
    assert!(
        (1_490..=1_510).contains(&report.impressions),
        "{}",
        report.impressions
    );
    assert_eq!((report.gone, report.wait_seconds), (0, 86_400));
    let clicks = rate(&report, "click_rate");
    assert!((clicks.observed - 0.1).abs() < 0.002, "{clicks:?}");
    assert!((clicks.predicted - 0.1).abs() < 0.01, "{clicks:?}");
    // All clicks are of one item of five.
    let best = clicks.bins.last().expect("a bin");
    assert!(best.predicted > 0.3 && best.observed > 0.4, "{best:?}");
    let counted: u64 = clicks.bins.iter().map(|bin| bin.impressions).sum();
    assert_eq!(counted, report.impressions);
    // The estimate of the best is still drawn to the others of its shelf.
    assert!((0.005..0.05).contains(&clicks.error), "{clicks:?}");
    let orders = rate(&report, "order_rate");
    assert!((orders.observed - 0.025).abs() < 0.001, "{orders:?}");
    assert_eq!(rate(&report, "cart_rate").observed, 0.0);

    // Orders come an hour later: who waits less sees none.
    let hasty = v1::ReportRatesRequest {
        wait_seconds: 600,
        ..request()
    };
    let hasty = try_report(&clients, hasty).await.expect("a report");
    assert_eq!(rate(&hasty, "order_rate").observed, 0.0);
    assert!(rate(&hasty, "click_rate").observed > 0.09);
    let searched = v1::ReportRatesRequest {
        surface: ExposureSurface::Search.into(),
        ..request()
    };
    let searched = try_report(&clients, searched).await.expect("a report");
    assert_eq!((searched.impressions, searched.rates.len()), (0, 3));

    clients
        .try_delete(&[&*feed_item(0)])
        .await
        .expect("deleted");
    let settled = clients
        .record(vec![happened(EventKind::Impression, 1, now_seconds())])
        .await;
    clients.settle(settled.sequence).await;
    let report = try_report(&clients, request()).await.expect("a report");
    assert!((295..=305).contains(&report.gone), "{}", report.gone);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let (_node, clients) = feed_shop(1).await;
    let now = now_seconds();
    let cases = [
        ("region", "xx", now - DAY, 0),
        ("since", "hk", now, 0),
        ("wait_seconds", "hk", now - DAY, 30 * 86_400 + 1),
    ];
    for (field, region, since, wait_seconds) in cases {
        let request = v1::ReportRatesRequest {
            region: region.to_owned(),
            since: moment(since),
            until: moment(now),
            wait_seconds,
            ..Default::default()
        };
        assert_names_field(try_report(&clients, request).await, field);
    }
    let longest = v1::ReportRatesRequest {
        wait_seconds: 30 * 86_400,
        ..request()
    };
    // The longest wait is granted; nothing of these days has waited so long.
    assert_names_field(try_report(&clients, longest.clone()).await, "since");
    let until = moment(now);
    let report = try_report(&clients, v1::ReportRatesRequest { until, ..longest }).await;
    assert_eq!(report.expect("a report").impressions, 0);
}
