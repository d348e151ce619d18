//! `sampan similar`

use std::process::ExitCode;

use sampan_proto::v1::{self, feed_service_client::FeedServiceClient};

use super::{NodeArguments, shopper::ShopArguments};
use crate::{
    client::{self, ClientError},
    terminal::{Output, hits},
};

/// Show items like one item.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan similar d-la-0001 --region hk
  sampan --json similar d-la-0001 --region tw --count 5")]
pub struct SimilarArguments {
    /// Id of the item.
    item_id: String,
    #[command(flatten)]
    shop: ShopArguments,
    /// How many, 1 to 100.
    #[arg(long, default_value_t = 20)]
    count: u32,
    /// Show the parts of each score.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: SimilarArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let request = v1::SimilarItemsRequest {
        item_id: arguments.item_id,
        display_script: arguments.shop.display_script(),
        region: arguments.shop.region,
        ship_to: arguments.shop.ship_to,
        display_currency: arguments.shop.currency.to_uppercase(),
        count: arguments.count,
        explain: arguments.explain,
    };
    let channel = client::connect(&arguments.node.address).await?;
    let response = FeedServiceClient::new(channel).similar_items(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("SimilarItemsResponse", &response)?;
    } else {
        output.line(&hits::similar_page(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
