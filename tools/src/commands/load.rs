//! `sampan load`

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use super::NodeArguments;
use crate::{
    client,
    load::{self, Arrivals, IN_FLIGHT_MAX, Measured, Requests, Sweep},
    terminal::{Output, loaded},
};

/// Steps of the progress bar.
const BAR_STEPS: u64 = 1_000;

/// Put a load on a node and measure how long shoppers wait.
///
/// Requests come at a rate whether earlier ones are answered or not, with exponential gaps, and a time is counted from when
/// a request was due: a node that stalls is charged for everybody who waited.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A node keeps up with a rate when nothing fails and at least 95 % of the requests are answered in the time. A sweep stops
at the first rate that the node does not keep up with.

Examples:
  sampan load --queries query_log.txt --region hk --rate 300 --seconds 60
  sampan load --queries query_log.txt --region hk --sweep --rate 50 --svg latency.svg
  sampan load --queries query_log.txt --region tw --rate 300 --feed-share 0.5 --users 100000")]
pub struct LoadArguments {
    /// Queries to draw from, one a line.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Region of the shoppers.
    #[arg(long)]
    region: String,
    /// Requests a second; of a sweep the first rate.
    #[arg(long, default_value_t = 100.0)]
    rate: f64,
    /// Raise the rate until the node cannot keep up.
    #[arg(long)]
    sweep: bool,
    /// Of a sweep: factor from each rate to the next.
    #[arg(long, default_value_t = 1.5)]
    factor: f64,
    /// Of a sweep: rates at most.
    #[arg(long, default_value_t = 16)]
    steps: usize,
    /// Seconds that are measured, at each rate.
    #[arg(long, default_value_t = 20.0)]
    seconds: f64,
    /// Seconds before that which are not.
    #[arg(long, default_value_t = 2.0)]
    warm_up: f64,
    /// Share of requests that are visits of the feed, 0 to 1.
    #[arg(long, default_value_t = 0.0)]
    feed_share: f64,
    /// Shoppers who visit.
    #[arg(long, default_value_t = 1_000)]
    users: u32,
    /// Connections that share the requests.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Number that the draw of requests starts from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write latency against rate.
    #[arg(long, value_name = "OUT.svg")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArguments,
}

impl LoadArguments {
    fn check(&self) -> anyhow::Result<()> {
        let positive = |name: &str, value: f64| {
            anyhow::ensure!(
                value.is_finite() && value > 0.0,
                "--{name}: want more than 0"
            );
            Ok(())
        };
        positive("rate", self.rate)?;
        positive("seconds", self.seconds)?;
        let warm_up = self.warm_up.is_finite() && self.warm_up >= 0.0;
        anyhow::ensure!(warm_up, "--warm-up: want 0 or more");
        anyhow::ensure!(self.factor > 1.0, "--factor: want more than 1");
        anyhow::ensure!(self.steps > 0, "--steps: want at least 1");
        let share = (0.0..=1.0).contains(&self.feed_share);
        anyhow::ensure!(share, "--feed-share: want 0 to 1");
        let connections = (1..=IN_FLIGHT_MAX).contains(&self.connections);
        anyhow::ensure!(connections, "--connections: want 1 to {IN_FLIGHT_MAX}");
        Ok(())
    }

    fn rates(&self) -> Vec<f64> {
        let steps = if self.sweep { self.steps } else { 1 };
        let sweep = Sweep {
            from: self.rate,
            factor: self.factor,
            steps,
        };
        sweep.rates().collect()
    }
}

pub async fn run(arguments: LoadArguments, output: &Output) -> anyhow::Result<ExitCode> {
    arguments.check()?;
    let path = arguments.queries.display().to_string();
    let text = std::fs::read_to_string(&arguments.queries).with_context(|| path.clone())?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let queries: Vec<String> = lines.map(str::to_owned).collect();
    anyhow::ensure!(!queries.is_empty(), "{path}: holds no query");
    let mut channels = Vec::with_capacity(arguments.connections);
    for _ in 0..arguments.connections {
        channels.push(client::connect(&arguments.node.address).await?);
    }
    let (share, users) = (arguments.feed_share, arguments.users);
    let mut requests = Requests::new(queries, &arguments.region, share, users, arguments.seed);
    let mut measured: Vec<Measured> = Vec::new();
    for rate in arguments.rates() {
        let bar = bar(rate)?;
        let arrivals = Arrivals {
            rate,
            warm_up: Duration::from_secs_f64(arguments.warm_up),
            time: Duration::from_secs_f64(arguments.seconds),
            seed: arguments.seed,
        };
        let mut each = |share: f64| bar.set_position((share * BAR_STEPS as f64) as u64);
        let of_rate = arrivals.run(&channels, &mut requests, &mut each).await?;
        bar.finish_and_clear();
        let is_enough = of_rate.is_saturated();
        measured.push(of_rate);
        if is_enough {
            break;
        }
    }
    if let Some(path) = &arguments.svg {
        let title = format!(
            "{} requests of shoppers of {}",
            path_name(&arguments.queries),
            arguments.region
        );
        let svg = load::plot(&measured, &title).svg();
        std::fs::write(path, svg).with_context(|| path.display().to_string())?;
    }
    if output.is_json() {
        output.value(&loaded::json(&measured))?;
    } else {
        output.line(&loaded::text(&measured, output))?;
    }
    let all_failed = measured.iter().all(|of_rate| of_rate.answers == 0);
    Ok(if all_failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn path_name(path: &std::path::Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}

fn bar(rate: f64) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta}")?;
    let bar = ProgressBar::new(BAR_STEPS).with_style(style);
    bar.set_message(format!("{rate:.0} requests a second"));
    Ok(bar)
}
