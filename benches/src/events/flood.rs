//! Events from several connections, as fast as they are acknowledged or at a steady rate.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sampan_proto::v1::{self, event_service_client::EventServiceClient};
use tokio::{task::JoinSet, time::sleep_until};
use tonic::transport::Channel;

use super::traffic::Traffic;
use crate::{Outcome, latency::Latencies};

/// What is sent, and until when.
pub struct Flood {
    pub address: String,
    pub traffic: Arc<Traffic>,
    /// Events a second; 0: as many as are acknowledged.
    pub rate: u64,
    pub batch: usize,
    pub clients: usize,
    pub end: Instant,
}

/// What became of it.
pub struct Flooded {
    pub events: u64,
    pub took: Duration,
    pub acknowledged: Latencies,
}

impl Flood {
    /// Sends until the end; every event is another one.
    pub async fn run(self) -> Outcome<Flooded> {
        let flood = Arc::new(self);
        let next = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let mut clients = JoinSet::new();
        for _ in 0..flood.clients {
            clients.spawn(flood.clone().send(next.clone(), start));
        }
        let mut acknowledged = Latencies::new()?;
        while let Some(sent) = clients.join_next().await {
            acknowledged.add_all(&sent??)?;
        }
        Ok(Flooded {
            events: acknowledged.len() * flood.batch as u64,
            took: start.elapsed(),
            acknowledged,
        })
    }

    async fn send(self: Arc<Self>, next: Arc<AtomicU64>, start: Instant) -> Outcome<Latencies> {
        let channel = Channel::from_shared(self.address.clone())?
            .connect()
            .await?;
        let mut client = EventServiceClient::new(channel);
        let mut acknowledged = Latencies::new()?;
        let batch = self.batch as u64;
        while Instant::now() < self.end {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if self.rate > 0 {
                let due = Duration::from_secs_f64((number * batch) as f64 / self.rate as f64);
                sleep_until((start + due).into()).await;
            }
            let numbers = number * batch..(number + 1) * batch;
            let events = numbers.map(|number| self.traffic.event(number)).collect();
            let sent = Instant::now();
            let request = v1::RecordEventsRequest { events };
            let answer = client.record_events(request).await?.into_inner();
            acknowledged.add(sent.elapsed())?;
            if answer.accepted != batch || answer.duplicates != 0 {
                let duplicates = answer.duplicates;
                return Err(format!("{} accepted, {duplicates} twice", answer.accepted).into());
            }
        }
        Ok(acknowledged)
    }
}
