//! `sampan suggest`

use std::process::ExitCode;

use sampan_proto::v1::{self, search_service_client::SearchServiceClient};

use super::{NodeArguments, shopper::UserArguments};
use crate::{
    client::{self, ClientError},
    terminal::{Output, suggestions},
};

/// Complete what has been typed so far.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan suggest 雪 --region hk
  sampan suggest '' --region tw          # hot queries
  sampan --json suggest 行 --region tw --count 5")]
pub struct SuggestArguments {
    /// What has been typed; '' for hot queries.
    prefix: String,
    /// Region the shop is seen from.
    #[arg(long)]
    region: String,
    /// Region the goods go to. Default: the same.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "REGION"
    )]
    ship_to: String,
    /// How many, 1 to 20.
    #[arg(long, default_value_t = 10)]
    count: u32,
    #[command(flatten)]
    user: UserArguments,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: SuggestArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let request = v1::SuggestRequest {
        user: arguments.user.context(),
        prefix: arguments.prefix,
        region: arguments.region,
        ship_to: arguments.ship_to,
        count: arguments.count,
    };
    let channel = client::connect(&arguments.node.address).await?;
    let response = SearchServiceClient::new(channel).suggest(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("SuggestResponse", &response)?;
    } else {
        output.line(&suggestions::suggestion_table(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
