//! `sampan get`

use std::process::ExitCode;

use sampan_proto::v1::{GetItemRequest, catalog_service_client::CatalogServiceClient};

use super::NodeArguments;
use crate::{
    client::{self, ClientError},
    terminal::{Output, item},
};

/// Show one item as the node keeps it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan get d-la-0001
  sampan --json get d-la-0001 | jq .item.offers")]
pub struct GetArguments {
    /// Id of the item.
    item_id: String,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: GetArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    let request = GetItemRequest {
        item_id: arguments.item_id,
    };
    let response = CatalogServiceClient::new(channel).get_item(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("GetItemResponse", &response)?;
    } else if let Some(found) = &response.item {
        output.line(&item::item_tables(found, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
