//! `sampan admin`

mod changes;
mod restrictions;

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use sampan_engine::base::limits;
use sampan_proto::v1::{self, admin_service_client::AdminServiceClient};

use super::{NodeArguments, choices::DocumentChoice};
use crate::{
    client::{self, ClientError, NodeChannel},
    terminal::{Output, documents},
};
use restrictions::{ExportArguments, ImportArguments};

/// Read and change ranking profiles, restrictions, rules, pools, freight tables and near words; publish snapshots.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan admin list
  sampan admin get restrictions hk > hk.toml
  sampan admin put restrictions hk hk.toml --dry-run
  sampan admin put ranking tw ranking.toml --comment 'more weight on sales'
  sampan admin put pools hk pools.toml --dry-run  # which items would join and leave
  sampan admin put rules hk rules.toml --dry-run  # which first pages change, and how
  sampan admin put ranking tw --drop              # back to the dictionary's
  sampan admin get expansions common > near.tsv   # the words that the node mined, to edit and put
  sampan admin changes restrictions               # who changed what, and when
  sampan admin change 4711                        # one of them, line by line
  sampan admin roll-back 4711 --dry-run           # what taking it back would do
  sampan admin export restrictions --region hk --tsv > hk.tsv
  sampan admin import restrictions --region hk hk.tsv --dry-run
  sampan admin put freight hk freight.toml --dry-run  # whose freight becomes known, unknown, or another
  sampan admin snapshot")]
pub struct AdminArguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    node: NodeArguments,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the documents in force.
    List {
        /// Only this kind.
        #[arg(value_enum)]
        kind: Option<DocumentChoice>,
        /// Only this region.
        #[arg(long, default_value = "", hide_default_value = true)]
        region: String,
    },
    /// Print one document.
    Get {
        #[arg(value_enum)]
        kind: DocumentChoice,
        /// Region, or "common".
        region: String,
    },
    /// Check a document and put it in force.
    Put(PutArguments),
    /// List what was changed, the latest first.
    Changes(changes::ListArguments),
    /// Show one change, line by line.
    Change {
        /// As `changes` lists it.
        id: u64,
    },
    /// Put a document back to what it was before a change.
    RollBack(changes::RollBackArguments),
    /// Print a region's restrictions as a table for a spreadsheet.
    Export(ExportArguments),
    /// Put a region's restrictions in force from such a table.
    Import(ImportArguments),
    /// Publish the index as a version that a node can start from.
    Snapshot,
}

#[derive(Debug, clap::Args)]
struct PutArguments {
    #[arg(value_enum)]
    kind: DocumentChoice,
    /// Region, or "common".
    region: String,
    /// TOML file, or table of near words; "-" reads standard input.
    #[arg(required_unless_present = "drop", conflicts_with = "drop")]
    file: Option<PathBuf>,
    /// Drop the administered document; the dictionary's holds again.
    #[arg(long)]
    drop: bool,
    /// Only check, and tell what it would change.
    #[arg(long)]
    dry_run: bool,
    /// Version that this edit started from; refused when another is in force.
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

/// What the record says beside the change itself.
#[derive(Debug, clap::Args)]
struct RecordArguments {
    /// Why it is changed, for the record.
    #[arg(long, default_value = "", hide_default_value = true)]
    comment: String,
    /// Who changes it, for the record. Default: who runs this command.
    #[arg(long, env = "USER", default_value = "", hide_default_value = true)]
    author: String,
}

pub async fn run(arguments: AdminArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    // A table of near words is longer than the 4 MiB that a client takes by itself.
    let client =
        AdminServiceClient::new(channel).max_decoding_message_size(limits::MESSAGE_BYTES_MAX);
    match arguments.action {
        Action::List { kind, region } => list(client, kind, region, output).await?,
        Action::Get { kind, region } => get(client, kind, region, output).await?,
        Action::Put(put_arguments) => put(client, put_arguments, output).await?,
        Action::Changes(list) => changes::list(client, list, output).await?,
        Action::Change { id } => changes::show(client, id, output).await?,
        Action::RollBack(back) => changes::roll_back(client, back, output).await?,
        Action::Export(arguments) => restrictions::export(client, arguments, output).await?,
        Action::Import(arguments) => restrictions::import(client, arguments, output).await?,
        Action::Snapshot => snapshot(client, output).await?,
    }
    Ok(ExitCode::SUCCESS)
}

type Client = AdminServiceClient<NodeChannel>;

async fn list(
    mut client: Client,
    kind: Option<DocumentChoice>,
    region: String,
    output: &Output,
) -> anyhow::Result<()> {
    let kind = kind
        .map_or(v1::DocumentKind::Unspecified, v1::DocumentKind::from)
        .into();
    let request = v1::ListDocumentsRequest { kind, region };
    let response = client
        .list_documents(request)
        .await
        .map_err(ClientError::from)?
        .into_inner();
    if output.is_json() {
        return output.message("ListDocumentsResponse", &response);
    }
    Ok(output.line(&documents::document_table(&response.documents, output))?)
}

async fn get(
    mut client: Client,
    kind: DocumentChoice,
    region: String,
    output: &Output,
) -> anyhow::Result<()> {
    let request = v1::GetDocumentRequest {
        kind: v1::DocumentKind::from(kind).into(),
        region,
    };
    let response = client
        .get_document(request)
        .await
        .map_err(ClientError::from)?
        .into_inner();
    if output.is_json() {
        return output.message("GetDocumentResponse", &response);
    }
    let toml = response.document.unwrap_or_default().toml;
    Ok(output.line(toml.trim_end())?)
}

async fn put(client: Client, arguments: PutArguments, output: &Output) -> anyhow::Result<()> {
    let toml = match &arguments.file {
        Some(path) => read_text(path).with_context(|| path.display().to_string())?,
        None => String::new(),
    };
    let request = v1::PutDocumentRequest {
        kind: v1::DocumentKind::from(arguments.kind).into(),
        region: arguments.region,
        toml,
        dry_run: arguments.dry_run,
        expected_version: arguments.expected_version,
        comment: arguments.record.comment,
        author: arguments.record.author,
    };
    send(client, request, output).await
}

/// Puts a document and shows what it does.
async fn send(
    mut client: Client,
    request: v1::PutDocumentRequest,
    output: &Output,
) -> anyhow::Result<()> {
    let dry_run = request.dry_run;
    let response = client
        .put_document(request)
        .await
        .map_err(ClientError::from)?
        .into_inner();
    if output.is_json() {
        return output.message("PutDocumentResponse", &response);
    }
    Ok(output.line(&documents::effect_text(&response, dry_run, output))?)
}

fn read_text(path: &Path) -> io::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path)
}

async fn snapshot(mut client: Client, output: &Output) -> anyhow::Result<()> {
    let response = client
        .snapshot(v1::SnapshotRequest {})
        .await
        .map_err(ClientError::from)?;
    let response = response.into_inner();
    if output.is_json() {
        return output.message("SnapshotResponse", &response);
    }
    let text = format!(
        "snapshot {}: {} files, {} bytes, of which {} newly written",
        response.version, response.files, response.bytes, response.bytes_written
    );
    Ok(output.line(&text)?)
}
