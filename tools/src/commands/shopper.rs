//! Arguments that every question a shopper asks has in common.

use std::collections::HashMap;

use sampan_proto::v1;

use super::choices::ScriptChoice;

/// Where the shopper is and how prices and titles are shown.
#[derive(Debug, clap::Args)]
pub struct ShopArguments {
    /// Region the shop is seen from: hk, mo, tw, my, sg, au, ca, us, cn.
    #[arg(long)]
    pub region: String,
    /// Region the goods go to. Default: the same.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "REGION"
    )]
    pub ship_to: String,
    /// Script of titles. Default: the region's.
    #[arg(long, value_enum)]
    script: Option<ScriptChoice>,
    /// Currency of prices ("HKD"). Default: the region's.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "CODE"
    )]
    pub currency: String,
}

impl ShopArguments {
    pub fn display_script(&self) -> i32 {
        self.script
            .map_or(v1::Script::Unspecified, v1::Script::from)
            .into()
    }
}

/// Who is asking.
#[derive(Debug, clap::Args)]
pub struct UserArguments {
    /// Id of a signed-in user.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    pub user: String,
    /// Id of the visit.
    #[arg(long, default_value = "", hide_default_value = true, value_name = "ID")]
    pub session: String,
    /// Anything a rule may ask for ("tier=gold"); may be repeated.
    #[arg(long, value_parser = name_and_value, value_name = "NAME=VALUE")]
    attribute: Vec<(String, String)>,
    #[command(flatten)]
    segment: SegmentArgument,
}

#[derive(Debug, clap::Args)]
pub struct SegmentArgument {
    /// Segment that the shop puts the shopper in.
    #[arg(
        id = "segment",
        long = "segment",
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    pub name: String,
}

impl UserArguments {
    pub fn context(&self) -> Option<v1::UserContext> {
        let anonymous = self.user.is_empty() && self.session.is_empty();
        let is_like_all = self.attribute.is_empty() && self.segment.name.is_empty();
        (!anonymous || !is_like_all).then(|| v1::UserContext {
            user_id: self.user.clone(),
            session_id: self.session.clone(),
            attributes: self.attribute.iter().cloned().collect::<HashMap<_, _>>(),
            segment: self.segment.name.clone(),
        })
    }
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it like tier=gold".to_owned())
}

/// Pools that the answer keeps to.
#[derive(Debug, clap::Args)]
pub struct PoolArguments {
    /// Only what is in this pool; may be repeated.
    #[arg(long, value_name = "ID")]
    pub pool: Vec<String>,
    /// Nothing that is in this pool; may be repeated.
    #[arg(long, value_name = "ID")]
    pub not_pool: Vec<String>,
}

/// A category path from "家電 > 雪櫃".
pub fn category_path(text: &str) -> Vec<String> {
    text.split('>')
        .map(|level| level.trim().to_owned())
        .filter(|level| !level.is_empty())
        .collect()
}
