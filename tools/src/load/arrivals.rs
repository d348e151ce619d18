//! Requests that come at a rate, each when it is due: an open loop. A time is counted from when a request was due, so that
//! a node that stalls is charged for everybody who waited (Tene, "How NOT to Measure Latency", 2015).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use prost::Message as _;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sampan_proto::v1::{
    StageTiming, feed_service_client::FeedServiceClient, search_service_client::SearchServiceClient,
};
use tokio::sync::{Semaphore, mpsc};

use super::{Measured, Request, Requests};
use crate::client::{ClientError, NodeChannel};

/// Requests that may wait for their answers at once; one that comes on top is dropped and counted.
pub const IN_FLIGHT_MAX: usize = 4_096;

/// How long after the last request answers are waited for.
const DRAIN: Duration = Duration::from_secs(30);

/// A load: how often, how long.
#[derive(Debug, Clone, Copy)]
pub struct Arrivals {
    /// Requests a second; above 0.
    pub rate: f64,
    pub warm_up: Duration,
    pub time: Duration,
    pub seed: u64,
}

/// What became of a request.
struct Answer {
    due: Instant,
    done: Instant,
    outcome: Result<(usize, Vec<StageTiming>), String>,
}

impl Arrivals {
    /// Puts the load on a node. `each`: called now and then with the share of the time that is over.
    pub async fn run(
        &self,
        channels: &[NodeChannel],
        requests: &mut Requests,
        each: &mut dyn FnMut(f64),
    ) -> anyhow::Result<Measured> {
        let mut measured = Measured::at(self.rate)?;
        let in_flight = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
        let (sender, mut answers) = mpsc::unbounded_channel();
        let start = Instant::now();
        let counted_from = start + self.warm_up;
        let end = counted_from + self.time;
        let mut moments = self.moments(start, end);
        let mut number = 0;
        while let Some(due) = moments.recv().await {
            let request = requests.draw();
            let Ok(permit) = in_flight.clone().try_acquire_owned() else {
                measured.dropped += u64::from(due >= counted_from);
                continue;
            };
            let channel = channels[number % channels.len()].clone();
            number += 1;
            let sender = sender.clone();
            tokio::spawn(async move {
                let outcome = ask(channel, request).await;
                let done = Instant::now();
                // The receiver lives until the last answer, or has stopped waiting for it.
                let _ = sender.send(Answer { due, done, outcome });
                drop(permit);
            });
            while let Ok(answer) = answers.try_recv() {
                count(&mut measured, answer, counted_from);
            }
            each(start.elapsed().as_secs_f64() / (end - start).as_secs_f64());
        }
        drop(sender);
        let mut last = end;
        while let Ok(Some(answer)) = tokio::time::timeout(DRAIN, answers.recv()).await {
            last = last.max(answer.done);
            count(&mut measured, answer, counted_from);
        }
        let lasted = (last - counted_from).as_secs_f64();
        measured.achieved = measured.answers as f64 / lasted;
        Ok(measured)
    }

    /// Tells each moment at which a request is due when it has come. From a thread of its own: the runtime's timer knows
    /// whole milliseconds only, with which short answers would be charged.
    fn moments(&self, start: Instant, end: Instant) -> mpsc::UnboundedReceiver<Instant> {
        let (sender, moments) = mpsc::unbounded_channel();
        let (mut random, rate) = (StdRng::seed_from_u64(self.seed), self.rate);
        std::thread::spawn(move || {
            let mut due = start;
            loop {
                // Times between shoppers who know nothing of each other are exponential.
                due += Duration::from_secs_f64(-(1.0 - random.random::<f64>()).ln() / rate);
                if due >= end {
                    return;
                }
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                if sender.send(due).is_err() {
                    return;
                }
            }
        });
        moments
    }
}

fn count(measured: &mut Measured, answer: Answer, counted_from: Instant) {
    if answer.due < counted_from {
        return;
    }
    let latency = answer.done - answer.due;
    match answer.outcome {
        Ok((bytes, timings)) => measured.add(latency, bytes, &timings),
        Err(error) => measured.fail(latency, error),
    }
}

async fn ask(channel: NodeChannel, request: Request) -> Result<(usize, Vec<StageTiming>), String> {
    let failed = |status| ClientError::from(status).to_string();
    Ok(match request {
        Request::Search(request) => {
            let answer = SearchServiceClient::new(channel).search(*request).await;
            let answer = answer.map_err(failed)?.into_inner();
            (answer.encoded_len(), answer.timings)
        }
        Request::Feed(request) => {
            let answer = FeedServiceClient::new(channel).get_feed(*request).await;
            let answer = answer.map_err(failed)?.into_inner();
            (answer.encoded_len(), answer.timings)
        }
    })
}
