//! What a killed writer leaves behind: a second process writes, is killed in the middle of it, and its database is
//! opened again.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{Contender, measure};
use crate::Outcome;

/// Writes batches over and over, a line with the last durable sequence after each, until it is killed.
pub fn write_until_killed(
    contender: Contender,
    folder: &Path,
    items: usize,
    batch: usize,
) -> Outcome<()> {
    let rows = measure::rows(items)?;
    let mut engine = contender.open(folder)?;
    let mut written = 0;
    loop {
        for part in rows.chunks(batch) {
            engine.write(written + 1, part)?;
            written += part.len() as u64;
            writeln!(std::io::stdout(), "{written}")?;
        }
    }
}

/// Kills a writer once `items` are durable, opens what it left, and answers how long that took. An acknowledged item
/// that is missing is an error.
pub(super) fn reopen_after_kill(
    contender: Contender,
    folder: &Path,
    items: usize,
    batch: usize,
) -> Outcome<Duration> {
    let name =
        clap::ValueEnum::to_possible_value(&contender).ok_or("a contender without a name")?;
    let mut writer = Command::new(std::env::current_exe()?)
        .args(["store-writer", "--contender", name.get_name()])
        .args(["--items", &items.to_string(), "--batch", &batch.to_string()])
        .arg("--folder")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = writer.stdout.take().ok_or("the writer has no output")?;
    let mut acknowledged = 0;
    for line in BufReader::new(output).lines() {
        acknowledged = line?.parse::<u64>()?;
        if acknowledged >= items as u64 {
            break;
        }
    }
    writer.kill()?;
    writer.wait()?;
    let start = Instant::now();
    let engine = contender.open(folder)?;
    let last = engine.last()?;
    let took = start.elapsed();
    if acknowledged < items as u64 || last < acknowledged {
        let name = contender.name();
        return Err(format!("{name}: {acknowledged} acknowledged, {last} kept").into());
    }
    Ok(took)
}
