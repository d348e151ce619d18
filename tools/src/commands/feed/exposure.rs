//! `sampan feed exposure`

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use sampan_engine::base::clock::{self, DAY_SECONDS};
use sampan_proto::{
    Timestamp,
    v1::{self, admin_service_client::AdminServiceClient},
};

use crate::{
    client::{self, ClientError},
    commands::NodeArguments,
    report::{built::exposure, files::ReportFiles, terminal},
    terminal::Output,
};

/// Tell who was on shoppers' screens: sellers, categories, ways to ship, pools, new items, what chance showed; how unevenly
/// that is spread (Gini, Lorenz curve), and whether pools had the shares that the profile promises them.
///
/// Counted are impressions of the node's event log, over the items that the region sells now: what was never shown counts.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan feed exposure --region hk                            # the last 7 days
  sampan feed exposure --region hk --days 1 --html exposure.html
  sampan feed exposure --region tw --until 2026-11-01T00:00:00Z --days 30
  sampan --json feed exposure --region hk | jq '.parts[] | {by, gini}'")]
pub struct ExposureArguments {
    // None only where clap takes the arguments apart for the commands beside it.
    /// Region where it was shown.
    #[arg(long, required = true)]
    region: Option<String>,
    /// Where it was shown.
    #[arg(long, value_enum, default_value_t = Surface::Feed)]
    surface: Surface,
    /// Days that are looked at.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=3_650))]
    days: i64,
    /// The moment before which they lie (RFC 3339). Default: now.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Write the Lorenz curves.
    #[arg(long, value_name = "OUT.svg")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    files: ReportFiles,
    #[command(flatten)]
    node: NodeArguments,
}

/// Answers that show items.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Surface {
    Feed,
    Search,
    /// Both
    All,
}

impl From<Surface> for v1::ExposureSurface {
    fn from(surface: Surface) -> Self {
        match surface {
            Surface::Feed => Self::Feed,
            Surface::Search => Self::Search,
            Surface::All => Self::Unspecified,
        }
    }
}

pub async fn run(arguments: ExposureArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let region = arguments.region.context("want --region")?;
    let until = arguments.until.unwrap_or_else(|| Timestamp {
        seconds: clock::now_seconds(),
        nanos: 0,
    });
    let request = v1::ReportExposureRequest {
        region: region.clone(),
        since: Some(Timestamp {
            seconds: until.seconds.saturating_sub(arguments.days * DAY_SECONDS),
            nanos: until.nanos,
        }),
        until: Some(until),
        surface: v1::ExposureSurface::from(arguments.surface).into(),
    };
    let channel = client::connect(&arguments.node.address).await?;
    let report = AdminServiceClient::new(channel)
        .report_exposure(request)
        .await;
    let report = report.map_err(ClientError::from)?.into_inner();
    let document = exposure::document(&region, &report);
    arguments.files.write(&document)?;
    if let Some(path) = &arguments.svg {
        let curves = exposure::lorenz(&report).svg();
        fs::write(path, curves).with_context(|| path.display().to_string())?;
    }
    match output.is_json() {
        true => output.message("ReportExposureResponse", &report)?,
        false => output.line(&terminal::text(&document, output))?,
    }
    Ok(ExitCode::SUCCESS)
}
