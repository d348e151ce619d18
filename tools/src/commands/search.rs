//! `sampan search`

use std::process::ExitCode;

use anyhow::Context as _;
use sampan_proto::v1::{self, search_service_client::SearchServiceClient};

use super::{
    NodeArguments,
    choices::{FacetChoice, RecallChoice, ShipModeChoice, SortChoice},
    shopper::{PoolArguments, ShopArguments, UserArguments, category_path},
};
use crate::{
    client::{self, ClientError},
    money::{PriceUnit, minor_units},
    terminal::{Output, hits},
};

/// Search a node.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan search 雪櫃 --region hk
  sampan search 行動電源 --region tw --ship-to hk --ship-mode direct-mail
  sampan search 连衣裙 --region sg --sort price --price-max 50 --facet brand --facet price
  sampan search 奶粉 --region hk --explain
  sampan search '' --region hk --pool deals
  sampan search 行李箱 --region hk --sort landed-price --landed-max 300 --facet landed-price
  sampan search '' --region hk --category '家電 > 大型家電' --sort newest
  sampan --json search 雪櫃 --region hk | jq '.hits[].title'")]
pub struct SearchArguments {
    /// What the shopper typed; '' for all items under the filters.
    text: String,
    #[command(flatten)]
    shop: ShopArguments,
    #[command(flatten)]
    filters: FilterArguments,
    /// Order of the hits.
    #[arg(long, value_enum, default_value_t = SortChoice::Relevance)]
    sort: SortChoice,
    /// Hits a page, 1 to 100.
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
    /// Facet to count; may be repeated.
    #[arg(long, value_enum)]
    facet: Vec<FacetChoice>,
    #[command(flatten)]
    user: UserArguments,
    /// Show the parts of each score.
    #[arg(long)]
    explain: bool,
    /// Rewrite rule to leave out ("region.term"); may be repeated.
    #[arg(long, value_name = "RULE")]
    disable_rule: Vec<String>,
    /// Fold offers of the same product by several sellers into one hit.
    #[arg(long)]
    fold: bool,
    /// Interleave the ranking of an experiment's first arm with that of another (EXPERIMENT.ARM).
    #[arg(long, value_name = "EXPERIMENT.ARM")]
    interleave: Option<String>,
    /// Recall sources to use.
    #[arg(long, value_enum, default_value_t = RecallChoice::Hybrid)]
    mode: RecallChoice,
    #[command(flatten)]
    node: NodeArguments,
}

#[derive(Debug, clap::Args)]
struct FilterArguments {
    /// Category with all below it ("家電 > 大型家電").
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "PATH"
    )]
    category: String,
    /// Any of these brands; may be repeated.
    #[arg(long)]
    brand: Vec<String>,
    /// Lowest price, in major units of the display currency (28.50).
    #[arg(long, value_name = "AMOUNT")]
    price_min: Option<String>,
    /// Highest price, in major units of the display currency (28.50).
    #[arg(long, value_name = "AMOUNT")]
    price_max: Option<String>,
    /// Lowest price with freight, in major units of the display currency; what is unknown does not pass.
    #[arg(long, value_name = "AMOUNT")]
    landed_min: Option<String>,
    /// Highest price with freight, likewise.
    #[arg(long, value_name = "AMOUNT")]
    landed_max: Option<String>,
    /// Any of these ways to ship; may be repeated.
    #[arg(long, value_enum)]
    ship_mode: Vec<ShipModeChoice>,
    /// All of these tags; may be repeated.
    #[arg(long)]
    tag: Vec<String>,
    /// Only what is in stock.
    #[arg(long)]
    in_stock: bool,
    /// Any of these sellers; may be repeated.
    #[arg(long)]
    seller: Vec<String>,
    #[command(flatten)]
    pools: PoolArguments,
}

impl FilterArguments {
    fn filters(self, currency: &str) -> anyhow::Result<v1::Filters> {
        let minor = |name: &str, amount: Option<String>| {
            let amount = amount.map(|text| minor_units(&text, currency, PriceUnit::Major));
            amount
                .transpose()
                .map_err(|error| anyhow::anyhow!("--{name}: {error}"))
        };
        Ok(v1::Filters {
            category_path: category_path(&self.category),
            brands: self.brand,
            price_min_minor: minor("price-min", self.price_min)?,
            price_max_minor: minor("price-max", self.price_max)?,
            landed_min_minor: minor("landed-min", self.landed_min)?,
            landed_max_minor: minor("landed-max", self.landed_max)?,
            ship_modes: self
                .ship_mode
                .into_iter()
                .map(|m| v1::ShipMode::from(m).into())
                .collect(),
            tags: self.tag,
            in_stock: self.in_stock,
            sellers: self.seller,
            pools: self.pools.pool,
            not_pools: self.pools.not_pool,
        })
    }
}

fn interleaved(text: &str) -> anyhow::Result<v1::Interleave> {
    let parts = text.split_once('.');
    let (experiment, arm) =
        parts.context("--interleave: name experiment and arm, as in local-boost.more")?;
    Ok(v1::Interleave {
        experiment: experiment.to_owned(),
        arm: arm.to_owned(),
    })
}

pub async fn run(arguments: SearchArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let currency = arguments.shop.currency.to_uppercase();
    let request = v1::SearchRequest {
        text: arguments.text,
        display_script: arguments.shop.display_script(),
        region: arguments.shop.region,
        ship_to: arguments.shop.ship_to,
        filters: Some(arguments.filters.filters(&currency)?),
        display_currency: currency,
        sort: v1::Sort::from(arguments.sort).into(),
        page_size: arguments.page_size,
        page_token: arguments.page_token,
        facets: arguments
            .facet
            .into_iter()
            .map(|f| v1::FacetKind::from(f).into())
            .collect(),
        user: arguments.user.context(),
        explain: arguments.explain,
        disabled_rules: arguments.disable_rule,
        recall_mode: v1::RecallMode::from(arguments.mode).into(),
        fold_products: arguments.fold,
        interleave: arguments
            .interleave
            .as_deref()
            .map(interleaved)
            .transpose()?,
    };
    let text = request.text.clone();
    let channel = client::connect(&arguments.node.address).await?;
    let response = SearchServiceClient::new(channel).search(request).await;
    let response = response.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        output.message("SearchResponse", &response)?;
    } else {
        output.line(&hits::search_page(&text, &response, output))?;
    }
    Ok(ExitCode::SUCCESS)
}
