//! `sampan demo`

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use sampan_engine::{Node, config::NodeConfig, serve::serve};
use sampan_proto::v1::{
    self, catalog_service_client::CatalogServiceClient, event_service_client::EventServiceClient,
    search_service_client::SearchServiceClient,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    client::{self, ClientError, NodeChannel},
    demo::{
        catalogue,
        tour::{PREFIX, Tour},
        visits,
    },
    import::{
        batch::{BATCH_ITEMS_MAX, Batch},
        upload::upload,
    },
    model::place::ModelPlace,
    terminal::{Output, tour::tour_text},
};

/// How long the node may take until search sees a write.
const VISIBLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Most events a request, from the contract.
const EVENTS_PER_REQUEST_MAX: usize = 1_000;

/// How often the node is asked whether it has suggestions.
const SUGGESTIONS_POLL: Duration = Duration::from_millis(50);

/// Load the built-in catalogue into a node and walk through what changes between regions.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The sentence encoder is fetched first (32 MB, once) where it can be; `--model none` does without.

Examples:
  sampan demo
  sampan demo --keep                    # stay up, to try the other commands on it
  sampan demo --keep --data ./demo-data --listen 127.0.0.1:50051")]
pub struct DemoArguments {
    /// Stay up afterwards, until Ctrl-C.
    #[arg(long)]
    keep: bool,
    /// Folder for the node's data. Default: a temporary one, removed at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port to listen on. Default: a free port of this machine.
    #[arg(
        long,
        default_value = "127.0.0.1:0",
        hide_default_value = true,
        value_name = "ADDRESS"
    )]
    listen: String,
    #[command(flatten)]
    model: ModelPlace,
}

pub async fn run(arguments: DemoArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let (folder, _temporary) = match arguments.data {
        Some(folder) => (folder, None),
        None => {
            let temporary = TempDir::new()?;
            (temporary.path().to_owned(), Some(temporary))
        }
    };
    let model = tokio::task::block_in_place(|| fetched(&arguments.model));
    let demo = Demo::start(folder, model, &arguments.listen).await?;
    let begun = Instant::now();
    let items = catalogue::items()?;
    let count = items.len();
    let visits = visits::events(&items);
    demo.load(items).await?;
    demo.record(visits).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut tour = Tour::walk(demo.channel.clone()).await?;
    let sequence = tour.click(demo.channel.clone()).await?;
    demo.wait_visible(sequence).await?;
    tour.look_again(demo.channel.clone()).await?;
    if output.is_json() {
        output.value(&tour.json()?)?;
    } else {
        let address = &demo.address;
        output.line(&format!(
            "{count} items loaded in {seconds:.1} s; the node is at {address}\n"
        ))?;
        output.line(&tour_text(&tour, output))?;
    }
    if arguments.keep {
        output.line(&invitation(&demo.address))?;
        super::serve::shutdown().await;
    }
    demo.stop().await?;
    Ok(ExitCode::SUCCESS)
}

/// The encoder's file, fetched when it is missing and wanted. The demo goes on without.
fn fetched(model: &ModelPlace) -> Option<PathBuf> {
    let path = model.path()?;
    if let Err(error) = super::model::fetch_unless_there(&path) {
        eprintln!("going on without the sentence encoder: {error:#}");
        return None;
    }
    Some(path)
}

/// A node in this process, and a connection to it.
struct Demo {
    node: Arc<Node>,
    address: String,
    channel: NodeChannel,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<sampan_engine::base::error::Result<()>>,
}

impl Demo {
    async fn start(folder: PathBuf, model: Option<PathBuf>, listen: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let address = format!("http://{}", listener.local_addr()?);
        let mut config = NodeConfig::new(folder);
        config.model = model;
        let node = tokio::task::spawn_blocking(move || Node::open(&config)).await??;
        let (stop, stopped) = oneshot::channel();
        let ended = async {
            // An error means that the sender is gone, which is as good a reason to end.
            let _ = stopped.await;
        };
        let serving = tokio::spawn(serve(node.clone(), listener, ended));
        let channel = client::connect(&address).await?;
        Ok(Self {
            node,
            address,
            channel,
            stop,
            serving,
        })
    }

    async fn load(&self, items: Vec<v1::Item>) -> anyhow::Result<()> {
        let mut client = CatalogServiceClient::new(self.channel.clone());
        let mut sequence = 0;
        for chunk in items.chunks(BATCH_ITEMS_MAX) {
            let lines = (0..chunk.len() as u64).collect();
            let batch = Batch {
                items: chunk.to_vec(),
                lines,
                ..Default::default()
            };
            let uploaded = upload(&mut client, batch).await?;
            if let Some((_, refusal)) = uploaded.refusals.first() {
                let (id, field, reason) = (&refusal.item_id, &refusal.field, &refusal.reason);
                anyhow::bail!("the node refused {id} of the demo catalogue: {field}: {reason}");
            }
            sequence = uploaded.sequence;
        }
        self.wait_visible(sequence).await
    }

    async fn record(&self, events: Vec<v1::Event>) -> anyhow::Result<()> {
        let mut client = EventServiceClient::new(self.channel.clone());
        let mut sequence = 0;
        for chunk in events.chunks(EVENTS_PER_REQUEST_MAX) {
            let request = v1::RecordEventsRequest {
                events: chunk.to_vec(),
            };
            let response = client
                .record_events(request)
                .await
                .map_err(ClientError::from)?;
            let response = response.into_inner();
            ensure!(
                response.refused == 0,
                "the node refused {} demo events",
                response.refused
            );
            sequence = response.sequence;
        }
        self.wait_visible(sequence).await?;
        self.wait_for_suggestions().await
    }

    /// The node gathers the words of suggestions a little after it has indexed the items.
    async fn wait_for_suggestions(&self) -> anyhow::Result<()> {
        let (prefix, region) = PREFIX;
        let mut client = SearchServiceClient::new(self.channel.clone());
        let deadline = Instant::now() + VISIBLE_TIMEOUT;
        while Instant::now() < deadline {
            let request = v1::SuggestRequest {
                prefix: prefix.to_owned(),
                region: region.to_owned(),
                ..Default::default()
            };
            let response = client.suggest(request).await.map_err(ClientError::from)?;
            if !response.into_inner().suggestions.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(SUGGESTIONS_POLL).await;
        }
        anyhow::bail!("the node has no suggestions for {prefix} in {region}")
    }

    async fn wait_visible(&self, sequence: u64) -> anyhow::Result<()> {
        let node = self.node.clone();
        let wait = move || node.wait_visible(sequence, VISIBLE_TIMEOUT);
        ensure!(
            tokio::task::spawn_blocking(wait).await?,
            "indexing took too long"
        );
        Ok(())
    }

    async fn stop(self) -> anyhow::Result<()> {
        // The channel first: a server that shuts down waits for its connections.
        drop(self.channel);
        // The receiver is gone only when serving has ended by itself, whose result is looked at next.
        let _ = self.stop.send(());
        self.serving.await??;
        let node = self.node;
        tokio::task::spawn_blocking(move || node.close()).await?;
        Ok(())
    }
}

fn invitation(address: &str) -> String {
    let host = address.trim_start_matches("http://");
    format!(
        "\nThe node stays up until Ctrl-C. In another terminal:

  export SAMPAN_ADDRESS={address}
  sampan search 雪櫃 --region tw --explain
  sampan suggest 奶 --region hk
  sampan feed --region hk --session s1
  sampan status
  grpcurl -plaintext {host} list
  grpcurl -plaintext -d '{{\"text\": \"雪櫃\", \"region\": \"hk\"}}' {host} sampan.v1.SearchService/Search"
    )
}
