//! `sampan admin export` and `import`: restrictions as a table.

use std::path::PathBuf;

use anyhow::Context as _;
use sampan_engine::config::restrictions::RestrictionsFile;
use sampan_proto::v1;

use super::{Client, read_text, send};
use crate::{client::ClientError, restriction_table, terminal::Output};

/// Wrong lines of a table that are told.
const FAULTS_SHOWN: usize = 20;

/// What can be a table.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum TableChoice {
    /// restrictions.toml: what may not be sold or shipped
    Restrictions,
}

#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    #[arg(value_enum)]
    kind: TableChoice,
    /// Region, or "common".
    #[arg(long)]
    region: String,
    /// As tab-separated lines.
    #[arg(long)]
    tsv: bool,
}

#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    #[arg(value_enum)]
    kind: TableChoice,
    /// Table as `export` writes it; "-" reads standard input.
    file: PathBuf,
    /// Region, or "common".
    #[arg(long)]
    region: String,
    /// Only check, and tell what would vanish and appear.
    #[arg(long)]
    dry_run: bool,
    /// Who changes it and why, for the record.
    #[arg(long, default_value = "", hide_default_value = true)]
    comment: String,
}

impl From<TableChoice> for v1::DocumentKind {
    fn from(choice: TableChoice) -> Self {
        match choice {
            TableChoice::Restrictions => Self::Restrictions,
        }
    }
}

pub async fn export(
    mut client: Client,
    arguments: ExportArguments,
    output: &Output,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        arguments.tsv,
        "say --tsv; `sampan admin get` prints the TOML"
    );
    let request = v1::GetDocumentRequest {
        kind: v1::DocumentKind::from(arguments.kind).into(),
        region: arguments.region,
    };
    let response = client
        .get_document(request)
        .await
        .map_err(ClientError::from)?;
    let toml = response.into_inner().document.unwrap_or_default().toml;
    let file: RestrictionsFile = toml::from_str(&toml).context("the node's restrictions")?;
    if output.is_json() {
        return output.value(&serde_json::to_value(file)?);
    }
    Ok(output.line(restriction_table::write(&file).trim_end_matches('\n'))?)
}

pub async fn import(
    client: Client,
    arguments: ImportArguments,
    output: &Output,
) -> anyhow::Result<()> {
    let path = &arguments.file;
    let text = read_text(path).with_context(|| path.display().to_string())?;
    let file = restriction_table::read(&text).map_err(|faults| {
        let shown = faults.iter().take(FAULTS_SHOWN).map(ToString::to_string);
        let mut told: Vec<String> = shown.collect();
        let more = faults.len().saturating_sub(FAULTS_SHOWN);
        if more > 0 {
            told.push(format!("and {more} more"));
        }
        anyhow::anyhow!("{}: nothing was put\n{}", path.display(), told.join("\n"))
    })?;
    // An empty text would withdraw the document, and the dictionary's would hold again.
    let toml = format!("# From a table.\n{}", toml::to_string(&file)?);
    let request = v1::PutDocumentRequest {
        kind: v1::DocumentKind::from(arguments.kind).into(),
        region: arguments.region,
        toml,
        dry_run: arguments.dry_run,
        comment: arguments.comment,
        ..Default::default()
    };
    send(client, request, output).await
}
