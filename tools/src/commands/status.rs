//! `sampan status`

use std::process::ExitCode;

use sampan_proto::v1::{IndexStatusRequest, admin_service_client::AdminServiceClient};

use super::NodeArguments;
use crate::{
    client::{self, ClientError},
    terminal::{Output, status},
};

/// Show what a node holds and how far its indexes are.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan status
  sampan --json status --address http://10.0.0.5:50051 | jq .items")]
pub struct StatusArguments {
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: StatusArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    let response = AdminServiceClient::new(channel)
        .index_status(IndexStatusRequest {})
        .await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("IndexStatusResponse", &response)?;
    } else {
        output.line(&status::status_tables(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
