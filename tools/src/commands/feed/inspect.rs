//! `sampan feed inspect`

use std::process::ExitCode;

use anyhow::Context as _;
use sampan_proto::v1::{self, feed_service_client::FeedServiceClient};

use crate::{
    client::{self, ClientError},
    commands::{
        NodeArguments,
        shopper::{SegmentArgument, ShopArguments},
    },
    terminal::{Output, inspected},
};

/// Tell what is known of a shopper, what each source of the feed brings, and why the first cards are there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan feed inspect u1 --region hk
  sampan feed inspect visit-7 --session --region tw
  sampan --json feed inspect u1 --region hk | jq .sources")]
pub struct InspectArguments {
    /// Id of a signed-in user.
    #[arg(value_name = "USER")]
    user: String,
    /// The id is that of a visit.
    #[arg(long)]
    session: bool,
    // None only where clap takes the arguments apart for the commands beside it.
    #[command(flatten)]
    shop: Option<ShopArguments>,
    #[command(flatten)]
    segment: SegmentArgument,
    /// First cards that are explained, 1 to 100.
    #[arg(long, default_value_t = 10, value_name = "COUNT")]
    cards: u32,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: InspectArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let shop = arguments.shop.context("want --region")?;
    let (user_id, session_id) = match arguments.session {
        true => (String::new(), arguments.user),
        false => (arguments.user, String::new()),
    };
    let request = v1::GetFeedRequest {
        display_script: shop.display_script(),
        region: shop.region,
        ship_to: shop.ship_to,
        display_currency: shop.currency.to_uppercase(),
        user: Some(v1::UserContext {
            user_id,
            session_id,
            segment: arguments.segment.name,
            ..Default::default()
        }),
        page_size: arguments.cards,
        ..Default::default()
    };
    let channel = client::connect(&arguments.node.address).await?;
    let response = FeedServiceClient::new(channel).inspect_feed(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("InspectFeedResponse", &response)?;
    } else {
        output.line(&inspected::shopper_report(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
