//! How soon the feed follows what a shopper just did: one who has done nothing before clicks an item, or dislikes the first
//! card, and looks at the feed until it is another.

use std::time::{Duration, Instant};

use sampan_proto::v1::{
    self, EventKind, event_service_client::EventServiceClient,
    feed_service_client::FeedServiceClient,
};
use tokio::time::sleep;
use tonic::transport::Channel;

use super::traffic::{REGION, item_id};
use crate::{Outcome, latency::Latencies};

/// From one shopper to the next.
const PAUSE: Duration = Duration::from_millis(100);
/// How often the feed is looked at.
const LOOKED_EVERY: Duration = Duration::from_millis(5);
/// A reaction that is not seen within this time ends the run.
const SEEN_WITHIN: Duration = Duration::from_secs(30);
/// Shoppers who took both items that are left alone, so that one leads to the other.
const PAIRED_BY: usize = 3;

/// Times from the acknowledgement of an event to the first feed that follows it.
pub struct Reactions {
    pub click: Latencies,
    pub dislike: Latencies,
    /// Of one GetFeed.
    pub feed: Latencies,
}

/// Makes the two items that are left alone go together.
pub async fn prepare(channel: &Channel) -> Outcome<()> {
    for shopper in 0..PAIRED_BY {
        for item in [0, 1] {
            let event = event(
                EventKind::Click,
                &format!("pairing-{shopper}"),
                item_id(item),
            );
            record(channel, event).await?;
        }
    }
    Ok(())
}

/// One shopper after another, until the end.
pub async fn measure_until(channel: Channel, end: Instant) -> Outcome<Reactions> {
    let mut reactions = Reactions {
        click: Latencies::new()?,
        dislike: Latencies::new()?,
        feed: Latencies::new()?,
    };
    for number in 0u64.. {
        if Instant::now() >= end {
            break;
        }
        let shopper = format!("looking-{number}");
        if number % 2 == 0 {
            record(&channel, event(EventKind::Click, &shopper, item_id(0))).await?;
            let led = |cards: &[String]| cards.contains(&item_id(1));
            let seen = wait_until(&channel, &shopper, &mut reactions.feed, &led).await?;
            reactions.click.add(seen)?;
        } else if let Some(first) = cards(&channel, &shopper).await?.first() {
            record(&channel, event(EventKind::Dislike, &shopper, first.clone())).await?;
            let gone = |cards: &[String]| !cards.contains(first);
            let seen = wait_until(&channel, &shopper, &mut reactions.feed, &gone).await?;
            reactions.dislike.add(seen)?;
        }
        sleep(PAUSE).await;
    }
    Ok(reactions)
}

async fn wait_until(
    channel: &Channel,
    shopper: &str,
    feed: &mut Latencies,
    is_seen: &(dyn Fn(&[String]) -> bool + Sync),
) -> Outcome<Duration> {
    let start = Instant::now();
    loop {
        let asked = Instant::now();
        let cards = cards(channel, shopper).await?;
        feed.add(asked.elapsed())?;
        if is_seen(&cards) {
            return Ok(start.elapsed());
        }
        if start.elapsed() > SEEN_WITHIN {
            return Err(format!("the feed of {shopper} did not follow in {SEEN_WITHIN:?}").into());
        }
        sleep(LOOKED_EVERY).await;
    }
}

/// Ids of the first page.
async fn cards(channel: &Channel, shopper: &str) -> Outcome<Vec<String>> {
    let request = v1::GetFeedRequest {
        region: REGION.to_owned(),
        user: Some(v1::UserContext {
            user_id: shopper.to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let answer = FeedServiceClient::new(channel.clone())
        .get_feed(request)
        .await?;
    let hits = answer
        .into_inner()
        .cards
        .into_iter()
        .filter_map(|card| card.hit);
    Ok(hits.map(|hit| hit.item_id).collect())
}

async fn record(channel: &Channel, event: v1::Event) -> Outcome<()> {
    let request = v1::RecordEventsRequest {
        events: vec![event],
    };
    let mut client = EventServiceClient::new(channel.clone());
    let answer = client.record_events(request).await?.into_inner();
    match answer.results.into_iter().find(|result| !result.accepted) {
        Some(refused) => Err(format!("{}: {}", refused.field, refused.reason).into()),
        None => Ok(()),
    }
}

fn event(kind: EventKind, user_id: &str, item_id: String) -> v1::Event {
    v1::Event {
        kind: kind.into(),
        user_id: user_id.to_owned(),
        item_id,
        region: REGION.to_owned(),
        ..Default::default()
    }
}
