//! `sampan serve`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use sampan_engine::{
    Node,
    config::{DictionarySource, NodeConfig},
    serve::serve,
};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::{model::place::ModelPlace, terminal::Output};

/// Run a node.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
SAMPAN_LOG sets what is logged to standard error (\"info\", \"sampan_engine=debug\"). Ctrl-C or SIGTERM ends the node
after the calls in flight.

Examples:
  sampan serve --data ./data
  sampan serve --data /var/lib/sampan --listen 0.0.0.0:50051 --dictionaries ./dictionaries")]
pub struct ServeArguments {
    /// Folder that holds everything; made when it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Address and port to listen on.
    #[arg(long, default_value = "127.0.0.1:50051", value_name = "ADDRESS")]
    listen: String,
    /// Folder with dictionaries, watched for changes. Default: those built into this binary.
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
    /// File of a feed model (`sampan feed train`), watched for changes. Default: the node learns its own from its events.
    #[arg(long, value_name = "FILE")]
    feed_model: Option<PathBuf>,
}

pub async fn run(arguments: ServeArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let filter = EnvFilter::try_from_env("SAMPAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let mut config = NodeConfig::new(arguments.data);
    if let Some(folder) = arguments.dictionaries {
        config.dictionaries = DictionarySource::Folder(folder);
    }
    config.model = arguments.model.for_node();
    config.feed_model = arguments.feed_model;
    // The port first: that it is taken should not show only after minutes of loading.
    let listener = TcpListener::bind(&arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr()?;
    let node = tokio::task::spawn_blocking(move || Node::open(&config)).await??;
    output.line(&format!("listening on http://{address}"))?;
    serve(node.clone(), listener, shutdown()).await?;
    tokio::task::spawn_blocking(move || node.close()).await?;
    Ok(ExitCode::SUCCESS)
}

/// Ends when the process is asked to.
pub(super) async fn shutdown() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Should the signal not be caught, the process ends by it, and the store is made for that.
    let _ = tokio::signal::ctrl_c().await;
}
