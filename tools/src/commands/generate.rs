//! `sampan generate`

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context as _, bail};
use flate2::{Compression, write::GzEncoder};
use indicatif::{ProgressBar, ProgressStyle};
use sampan_analyzers::{Analyzer, DictionaryFiles};

use crate::{
    generate::{Generator, MAP, write_lines},
    terminal::Output,
};

/// Make up a catalogue: realistic items, the same ones for the same seed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Writes FILE.jsonl (or FILE.jsonl.gz) and, beside it, FILE.map.toml for `sampan import --map`.

Examples:
  sampan generate --items 1000000 --seed 1 --out items.jsonl
  sampan import items.jsonl --map items.map.toml")]
pub struct GenerateArguments {
    /// How many items.
    #[arg(long)]
    items: u64,
    /// Another seed makes other items.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File to write: .jsonl or .jsonl.gz.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(arguments: GenerateArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let name = arguments.out.to_string_lossy().into_owned();
    if !name.ends_with(".jsonl") && !name.ends_with(".jsonl.gz") {
        bail!("--out: {name} must end in .jsonl or .jsonl.gz");
    }
    let begun = Instant::now();
    let generator = Generator::new(
        &Analyzer::build(&DictionaryFiles::embedded())?,
        arguments.seed,
    )?;
    let write = || -> anyhow::Result<()> {
        let file = BufWriter::new(File::create(&arguments.out)?);
        let bar = bar(arguments.items);
        if name.ends_with(".gz") {
            let mut packed = GzEncoder::new(file, Compression::fast());
            write_lines(&generator, 0..arguments.items, &mut packed, |done| {
                bar.set_position(done)
            })?;
            packed.finish()?.flush()?;
        } else {
            let mut file = file;
            write_lines(&generator, 0..arguments.items, &mut file, |done| {
                bar.set_position(done)
            })?;
            file.flush()?;
        }
        bar.finish_and_clear();
        Ok(())
    };
    write().with_context(|| name.clone())?;
    let map = map_path(&arguments.out);
    std::fs::write(&map, MAP).with_context(|| map.display().to_string())?;
    let (items, seconds) = (arguments.items, begun.elapsed().as_secs_f64());
    if output.is_json() {
        output.value(&serde_json::json!({
            "items": items, "file": name, "map": map.display().to_string(), "seconds": seconds,
        }))?;
    } else {
        output.line(&format!(
            "{items} items in {name}, map in {}, {seconds:.1} s",
            map.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// FILE.map.toml for FILE.jsonl and FILE.jsonl.gz.
fn map_path(out: &Path) -> PathBuf {
    let plain = match out.extension() {
        Some(extension) if extension == "gz" => out.with_extension(""),
        _ => out.to_owned(),
    };
    plain.with_extension("map.toml")
}

fn bar(items: u64) -> ProgressBar {
    // The template is constant; were it wrong, the default bar would do.
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} items  {per_sec}  {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(items).with_style(style)
}
