//! `sampan feed`, without a word after it: a page of the feed.

use std::process::ExitCode;

use anyhow::Context as _;
use sampan_proto::v1::{self, feed_service_client::FeedServiceClient};

use crate::{
    client::{self, ClientError},
    commands::{
        NodeArguments,
        shopper::{PoolArguments, ShopArguments, UserArguments, category_path},
    },
    terminal::{Output, hits},
};

/// Whose feed, and how much of it.
#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    // None beside a subcommand, which needs no region; alone, clap requires it.
    #[command(flatten)]
    shop: Option<ShopArguments>,
    #[command(flatten)]
    user: UserArguments,
    /// Only this category with all below it ("家電 > 大型家電").
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "PATH"
    )]
    category: String,
    #[command(flatten)]
    pools: PoolArguments,
    /// Cards a page, 1 to 100.
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    page_size: u32,
    /// Next page: the token that the page before ended with.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TOKEN"
    )]
    page_token: String,
    /// Also what was on the shopper's screen within a day.
    #[arg(long)]
    allow_repeats: bool,
    /// Show the parts of each score.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: ShowArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let shop = arguments.shop.context("want --region, or a subcommand")?;
    let request = v1::GetFeedRequest {
        display_script: shop.display_script(),
        region: shop.region,
        ship_to: shop.ship_to,
        display_currency: shop.currency.to_uppercase(),
        user: arguments.user.context(),
        page_size: arguments.page_size,
        page_token: arguments.page_token,
        explain: arguments.explain,
        category_path: category_path(&arguments.category),
        allow_repeats: arguments.allow_repeats,
        pools: arguments.pools.pool,
        not_pools: arguments.pools.not_pool,
    };
    let channel = client::connect(&arguments.node.address).await?;
    let response = FeedServiceClient::new(channel).get_feed(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("GetFeedResponse", &response)?;
    } else {
        output.line(&hits::feed_page(&response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::commands::CommandLine;

    #[derive(Debug, clap::Parser)]
    struct Alone {
        #[command(flatten)]
        show: ShowArguments,
    }

    #[test]
    fn the_region_is_taken_alone_and_not_asked_for_beside_a_subcommand() {
        let alone = Alone::try_parse_from(["feed", "--region", "hk", "--user", "u"]).unwrap();
        assert_eq!(alone.show.shop.unwrap().region, "hk");
        let parsed = |line: &str| CommandLine::try_parse_from(line.split(' '));
        parsed("sampan feed --region hk").unwrap();
        parsed("sampan feed train --events e.jsonl --out m").unwrap();
        let error = parsed("sampan feed").unwrap_err().to_string();
        assert!(error.contains("--region"), "{error}");
    }
}
