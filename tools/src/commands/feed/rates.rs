//! `sampan feed rates`

use std::process::ExitCode;

use anyhow::Context as _;
use sampan_engine::base::clock::{self, DAY_SECONDS};
use sampan_proto::{
    Timestamp,
    v1::{self, admin_service_client::AdminServiceClient},
};

use super::exposure::Surface;
use crate::{
    client::{self, ClientError},
    commands::NodeArguments,
    report::{built::rates, files::ReportFiles, terminal},
    terminal::Output,
};

const HOUR_SECONDS: u32 = 3_600;
/// Tell whether the click, cart and order rates that ranking goes by are kept: of the impressions at which an item's rate was
/// estimated at about 5 %, were about 5 % answered?
///
/// Each estimate is made again as it was at the impression, of the events of the node's log that came before, and compared with
/// what followed: a click, cart or order of the item by the same shopper, within the wait.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan feed rates --region hk                               # the last 28 days, of what was shown a day ago or longer
  sampan feed rates --region hk --surface search --wait 1 --html rates.html
  sampan --json feed rates --region hk | jq '.rates[] | {rate, error}'")]
pub struct RatesArguments {
    // None only where clap takes the arguments apart for the commands beside it.
    /// Region where it was shown.
    #[arg(long, required = true)]
    region: Option<String>,
    /// Where it was shown; what is known of rates comes from everywhere.
    #[arg(long, value_enum, default_value_t = Surface::All)]
    surface: Surface,
    /// Days that are looked at.
    #[arg(long, default_value_t = 28, value_parser = clap::value_parser!(i64).range(1..=3_650))]
    days: i64,
    /// The moment before which they lie (RFC 3339). Default: now, less the wait.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Hours after an impression within which an answer belongs to it.
    #[arg(long, default_value_t = 24, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=720))]
    wait: u32,
    #[command(flatten)]
    files: ReportFiles,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: RatesArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let region = arguments.region.context("want --region")?;
    let wait_seconds = arguments.wait * HOUR_SECONDS;
    let until = arguments.until.unwrap_or_else(|| Timestamp {
        seconds: clock::now_seconds() - i64::from(wait_seconds),
        nanos: 0,
    });
    let request = v1::ReportRatesRequest {
        region: region.clone(),
        since: Some(Timestamp {
            seconds: until.seconds.saturating_sub(arguments.days * DAY_SECONDS),
            nanos: until.nanos,
        }),
        until: Some(until),
        surface: v1::ExposureSurface::from(arguments.surface).into(),
        wait_seconds,
    };
    let channel = client::connect(&arguments.node.address).await?;
    let report = AdminServiceClient::new(channel).report_rates(request).await;
    let report = report.map_err(ClientError::from)?.into_inner();
    let document = rates::document(&region, &report);
    arguments.files.write(&document)?;
    match output.is_json() {
        true => output.message("ReportRatesResponse", &report)?,
        false => output.line(&terminal::text(&document, output))?,
    }
    Ok(ExitCode::SUCCESS)
}
