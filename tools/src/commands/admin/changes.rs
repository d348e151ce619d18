//! `sampan admin changes`, `change`, `roll-back`

use sampan_proto::v1;

use super::{Client, RecordArguments};
use crate::{
    client::ClientError,
    commands::choices::DocumentChoice,
    terminal::{Output, changes, documents},
};

#[derive(Debug, clap::Args)]
pub struct ListArguments {
    /// Only of this kind.
    #[arg(value_enum)]
    kind: Option<DocumentChoice>,
    /// Only of this region.
    #[arg(long, default_value = "", hide_default_value = true)]
    region: String,
    /// Changes to list, 1 to 100.
    #[arg(long, default_value_t = 20)]
    count: u32,
    /// Where the last list ended.
    #[arg(long, default_value = "", hide_default_value = true)]
    page_token: String,
}

#[derive(Debug, clap::Args)]
pub struct RollBackArguments {
    /// The change to take back, as `changes` lists it.
    id: u64,
    /// Only check, and tell what it would change.
    #[arg(long)]
    dry_run: bool,
    /// Version of the document in force; refused when it is another.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "VERSION"
    )]
    expected_version: String,
    #[command(flatten)]
    record: RecordArguments,
}

pub async fn list(
    mut client: Client,
    arguments: ListArguments,
    output: &Output,
) -> anyhow::Result<()> {
    let kind = arguments.kind.map(v1::DocumentKind::from);
    let request = v1::ListChangesRequest {
        kind: kind.unwrap_or_default().into(),
        region: arguments.region,
        page_size: arguments.count,
        page_token: arguments.page_token,
    };
    let answer = client.list_changes(request).await;
    let response = answer.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        return output.message("ListChangesResponse", &response);
    }
    Ok(output.line(&changes::change_table(&response, output))?)
}

pub async fn show(mut client: Client, id: u64, output: &Output) -> anyhow::Result<()> {
    let answer = client.get_change(v1::GetChangeRequest { id }).await;
    let response = answer.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        return output.message("GetChangeResponse", &response);
    }
    let change = response.change.unwrap_or_default();
    Ok(output.line(&changes::change_text(&change))?)
}

pub async fn roll_back(
    mut client: Client,
    arguments: RollBackArguments,
    output: &Output,
) -> anyhow::Result<()> {
    let request = v1::RollBackRequest {
        id: arguments.id,
        dry_run: arguments.dry_run,
        expected_version: arguments.expected_version,
        comment: arguments.record.comment,
        author: arguments.record.author,
    };
    let answer = client.roll_back(request).await;
    let response = answer.map_err(ClientError::from)?.into_inner();
    if output.is_json() {
        return output.message("PutDocumentResponse", &response);
    }
    let text = documents::effect_text(&response, arguments.dry_run, output);
    Ok(output.line(&text)?)
}
