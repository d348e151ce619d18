//! How many events a second a node takes durably through gRPC, and how soon the feed follows one of them meanwhile.

mod flood;
mod reaction;
mod report;
pub mod traffic;

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use sampan_engine::{Node, config::NodeConfig, serve::serve};
use tokio::{net::TcpListener, runtime::Builder, sync::oneshot};
use tonic::transport::Channel;

use crate::{
    Outcome,
    latency::Latencies,
    run_folder::{RunFolder, write_json},
};
use flood::Flood;
use traffic::Traffic;

/// Time in which a node must have indexed what it was given.
const SETTLED_WITHIN: Duration = Duration::from_secs(1_800);

/// What to measure.
#[derive(Args)]
pub struct EventsOptions {
    /// Shoppers.
    #[arg(long, default_value_t = 100_000)]
    pub users: u64,
    /// Items of the node.
    #[arg(long, default_value_t = 100_000)]
    pub items: u64,
    /// Seconds of events.
    #[arg(long, default_value_t = 30)]
    pub seconds: u64,
    /// Events a second that are sent; 0: as many as are acknowledged.
    #[arg(long, default_value_t = 0)]
    pub rate: u64,
    /// Events a request.
    #[arg(long, default_value_t = 1_000)]
    pub batch: usize,
    /// Connections, each with one request under way.
    #[arg(long, default_value_t = 4)]
    pub clients: usize,
    /// Folder of the node. Kept. Default: a temporary one.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// File that the figures are also written to, as JSON.
    #[arg(long)]
    pub json: Option<PathBuf>,
}

/// Everything a run found out.
pub struct Run {
    pub users: u64,
    pub items: u64,
    pub rate: u64,
    pub batch: usize,
    /// Events acknowledged, and how long that took.
    pub events: u64,
    pub took: Duration,
    /// From a request to its acknowledgement.
    pub acknowledged: Latencies,
    /// From the last acknowledgement until the node had indexed everything.
    pub behind: Duration,
    /// From the acknowledgement of a click or dislike to the first feed that follows it.
    pub click: Latencies,
    pub dislike: Latencies,
    /// Of one GetFeed beside the events.
    pub feed: Latencies,
}

/// Measures, writes the table, and the figures as JSON where that is asked for.
pub fn run(options: &EventsOptions) -> Outcome<String> {
    let folder = RunFolder::open(options.folder.as_deref())?;
    let node = Node::open(&NodeConfig::new(folder.path().join("node")))?;
    let traffic = Arc::new(Traffic::new(options.users, options.items));
    traffic.stock(&node, SETTLED_WITHIN)?;
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(measure(options, node.clone(), traffic));
    node.close();
    let run = measured?;
    write_json(options.json.as_deref(), &report::json(&run))?;
    Ok(report::tables(&run))
}

async fn measure(options: &EventsOptions, node: Arc<Node>, traffic: Arc<Traffic>) -> Outcome<Run> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn({
        let node = node.clone();
        async move {
            let until = async {
                let _ = stopped.await;
            };
            serve(node, listener, until).await
        }
    });
    let channel = Channel::from_shared(address.clone())?.connect().await?;
    reaction::prepare(&channel).await?;
    settle(&node).await?;

    let end = Instant::now() + Duration::from_secs(options.seconds);
    let flood = Flood {
        address,
        traffic,
        rate: options.rate,
        batch: options.batch,
        clients: options.clients,
        end,
    };
    let reactions = tokio::spawn(reaction::measure_until(channel, end));
    let flooded = flood.run().await?;
    let start = Instant::now();
    settle(&node).await?;
    let behind = start.elapsed();
    let reactions = reactions.await??;
    let _ = stop.send(());
    served.await??;
    Ok(Run {
        users: options.users,
        items: options.items,
        rate: options.rate,
        batch: options.batch,
        events: flooded.events,
        took: flooded.took,
        acknowledged: flooded.acknowledged,
        behind,
        click: reactions.click,
        dislike: reactions.dislike,
        feed: reactions.feed,
    })
}

/// Waits until the node has indexed everything.
async fn settle(node: &Arc<Node>) -> Outcome<()> {
    let node = node.clone();
    let written = node.status()?.sequence_written;
    let wait = move || node.wait_visible(written, SETTLED_WITHIN);
    match tokio::task::spawn_blocking(wait).await? {
        true => Ok(()),
        false => Err("the node did not index in time".into()),
    }
}
