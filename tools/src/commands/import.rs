//! `sampan import`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Mutex,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::NodeArguments;
use crate::{
    client,
    import::{
        read::Progress,
        run::{FileReport, ImportRequest, Watch, import},
        upload::wait_visible,
    },
    terminal::Output,
};

/// How long to wait, when everything is imported, until search sees it. It takes a second unless the node is busy.
const VISIBLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Exit code when the import ran and something was refused.
const SOME_REFUSED: u8 = 1;

/// Import items from JSONL, CSV, TSV or Parquet files into a node.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
A map says which column or dotted path fills which field:

  columns = [\"id\", \"source\", \"title\"]   # only for CSV and TSV files without a header
  [item]
  id = \"code\"                            # column name, or dotted path in JSON and Parquet
  titles = [\"name.tc\"]                   # one or more
  brand = \"brand.tc\"
  category = [\"cat1.tc\", \"cat2.tc\"]      # path, outermost first
  created = \"first\"                      # RFC 3339, 2022-10-21, or Unix seconds or milliseconds
  [item.attributes]
  shop = \"shops\"                         # a list gives several values
  [offers.hk]                            # any number of regions; optional
  price = \"min_price\"                    # major units (28.50) unless price_unit = \"minor\"
  currency = { value = \"HKD\" }           # a constant instead of a column
  ship_modes = { value = [\"local\"] }     # direct_mail, free_shipping, consolidated, local

[item] also takes tags, seller, quality (0 to 1), sales, image, origin (country), vector,
weight (grams), and regions.
[offers.REGION] also takes stock, freight, delivery_days, local_return and price_unit.
{ path = \"tags\", separator = \";\" } cuts a cell into several values.

A record without a price for a region is not sold there. A map without offers makes items that are sold in
regions = [\"hk\", ...] under [item] (default: every region of the node) by direct mail at price 0, which stands for
an unknown price, in the region's currency.

What is refused goes to FILE.rejects.tsv (file, line, id, field, reason), in the current folder when the file's own
cannot be written to. Control characters become spaces. An interrupted import goes on where it
stopped when the same command is run again; --restart makes it start over.

Exit code: 0 everything accepted, 1 something refused, 2 could not run.

Examples:
  sampan import products.jsonl --map products.map.toml
  sampan import a.csv b.csv.gz --map shop.toml --address http://10.0.0.5:50051
  sampan import catalogue.parquet --map shop.toml --rejects rejected.tsv")]
pub struct ImportArguments {
    /// Files: .jsonl, .csv, .tsv (each also .gz) or .parquet.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Which column fills which field (TOML).
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Where refused lines go. Default: FILE.rejects.tsv beside each file.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Start over, even if an earlier import of the same file was interrupted.
    #[arg(long)]
    restart: bool,
    #[command(flatten)]
    node: NodeArguments,
}

pub async fn run(arguments: ImportArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let channel = client::connect(&arguments.node.address).await?;
    let request = ImportRequest {
        files: &arguments.files,
        map: &arguments.map,
        rejects: arguments.rejects.as_deref(),
        restart: arguments.restart,
        address: &arguments.node.address,
    };
    let bar = Bar::default();
    let result = import(channel.clone(), &request, &bar).await;
    bar.finish();
    let reports = result?;
    let last = reports
        .iter()
        .map(|report| report.position.sequence)
        .max()
        .unwrap_or_default();
    let visible = wait_visible(channel, last, VISIBLE_TIMEOUT).await?;
    if output.is_json() {
        output.value(&reports.iter().map(json).collect())?;
    } else {
        for report in &reports {
            output.line(&sentence(report))?;
        }
        if !visible {
            output
                .line("search does not see everything yet; `sampan status` tells how far it is")?;
        }
    }
    let refused = reports.iter().any(|report| report.position.refused > 0);
    Ok(if refused {
        ExitCode::from(SOME_REFUSED)
    } else {
        ExitCode::SUCCESS
    })
}

fn per_second(report: &FileReport) -> u64 {
    (report.accepted_now as f64 / report.elapsed.as_secs_f64().max(1e-6)) as u64
}

fn sentence(report: &FileReport) -> String {
    let position = &report.position;
    let mut text = format!(
        "{}: {} items accepted, {} refused, {:.1} s, {} items/s",
        report.path.display(),
        position.accepted,
        position.refused,
        report.elapsed.as_secs_f64(),
        per_second(report),
    );
    if report.resumed_after > 0 {
        text.push_str(&format!("; went on after line {}", report.resumed_after));
    }
    if position.unsold > 0 {
        text.push_str(&format!(
            "; {} have no offer and are sold nowhere",
            position.unsold
        ));
    }
    if position.refused > 0 {
        text.push_str(&format!("\n  see {}", report.rejects.display()));
    }
    text
}

fn json(report: &FileReport) -> serde_json::Value {
    serde_json::json!({
        "file": report.path.display().to_string(),
        "accepted": report.position.accepted,
        "refused": report.position.refused,
        "without_offer": report.position.unsold,
        "resumed_after_line": report.resumed_after,
        "seconds": report.elapsed.as_secs_f64(),
        "items_per_second": per_second(report),
        "rejects": (report.position.refused > 0).then(|| report.rejects.display().to_string()),
    })
}

/// A progress bar on standard error; indicatif hides it when that is no terminal.
#[derive(Default)]
struct Bar {
    shown: Mutex<Option<(ProgressBar, Progress)>>,
}

impl Watch for Bar {
    fn file(&self, path: &Path, progress: Progress) {
        let template = "{prefix} {bar:30} {percent:>3}%  {msg}  {eta} left";
        // The template is constant; were it wrong, the default bar would do.
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bar = ProgressBar::new(progress.total)
            .with_style(style)
            .with_prefix(name);
        self.finish();
        if let Ok(mut shown) = self.shown.lock() {
            *shown = Some((bar, progress));
        }
    }

    fn batch(&self, accepted: u64, refused: u64) {
        if let Ok(shown) = self.shown.lock()
            && let Some((bar, progress)) = shown.as_ref()
        {
            bar.set_position(progress.done());
            let rate = accepted as f64 / bar.elapsed().as_secs_f64().max(1e-3);
            bar.set_message(format!("{accepted} items, {refused} refused, {rate:.0}/s"));
        }
    }
}

impl Bar {
    fn finish(&self) {
        if let Ok(mut shown) = self.shown.lock()
            && let Some((bar, _)) = shown.take()
        {
            bar.finish_and_clear();
        }
    }
}
