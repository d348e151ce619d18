//! `sampan pools`

use std::process::ExitCode;

use sampan_proto::v1::{ListPoolsRequest, admin_service_client::AdminServiceClient};

use super::NodeArguments;
use crate::{
    client::{self, ClientError},
    terminal::{Output, pools},
};

/// Show the pools of each region, what is in them and what they do.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan pools
  sampan pools --region hk
  sampan search '' --region hk --pool deals         # what is in one
  sampan admin put pools hk pools.toml --dry-run    # what would join and leave
  sampan --json pools --region hk | jq '.pools[].id'")]
pub struct PoolsArguments {
    /// Only this region.
    #[arg(long, default_value = "", hide_default_value = true)]
    region: String,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: PoolsArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    let request = ListPoolsRequest {
        region: arguments.region,
    };
    let response = AdminServiceClient::new(channel).list_pools(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("ListPoolsResponse", &response)?;
    } else {
        output.line(&pools::pool_table(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
