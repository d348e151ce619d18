//! `sampan judge`

mod agree;
mod clicks;
mod pool;
mod serve;
mod show;

use std::{path::PathBuf, process::ExitCode};

use crate::{
    evaluate::judging::{
        pool::{Candidate, read},
        record::Record,
    },
    terminal::Output,
};

/// Make relevance judgements: pool what several runs bring, judge it by keyboard in a terminal or a browser, see how far two
/// judges agree, or take clicks for judgements.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Grades: 3 what was asked for, 2 nearly, 1 related, 0 not. Judging goes on where it was left.

Examples:
  sampan judge pool --queries q.tsv --runs ours.trec,theirs.trec --depth 10 --catalog p.jsonl --map p.map.toml > pool.tsv
  sampan judge show pool.tsv --record judged.tsv --judge mei
  sampan judge serve pool.tsv --record judged.tsv
  sampan judge agree judged.tsv --judges mei,ho --qrels qrels.tsv
  sampan judge clicks events.jsonl --queries q.tsv > qrels.tsv")]
pub struct JudgeArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Pool(pool::PoolArguments),
    Show(show::ShowArguments),
    Serve(serve::ServeArguments),
    Agree(agree::AgreeArguments),
    Clicks(clicks::ClicksArguments),
}

/// What is judged, and where it is written.
#[derive(Debug, clap::Args)]
struct Sheet {
    /// What is to be judged, as `sampan judge pool` writes it.
    #[arg(value_name = "POOL.tsv")]
    pool: PathBuf,
    /// Judgements: query<TAB>item<TAB>grade<TAB>judge. Made when it is not there.
    #[arg(long, value_name = "JUDGED.tsv")]
    record: PathBuf,
}

impl Sheet {
    fn open(&self) -> anyhow::Result<(Vec<Candidate>, Record)> {
        Ok((read(&self.pool)?, Record::open(&self.record)?))
    }
}

/// Places of what a judge has not judged yet.
fn open_places(pool: &[Candidate], record: &Record, judge: &str) -> Vec<usize> {
    let is_open = |its: &Candidate| record.grade((&its.query, &its.item), judge).is_none();
    let places = pool.iter().enumerate().filter(|(_, its)| is_open(its));
    places.map(|(place, _)| place).collect()
}

pub fn run(arguments: JudgeArguments, output: &Output) -> anyhow::Result<ExitCode> {
    match arguments.what {
        What::Pool(arguments) => pool::run(&arguments, output)?,
        What::Show(arguments) => show::run(&arguments, output)?,
        What::Serve(arguments) => serve::run(&arguments, output)?,
        What::Agree(arguments) => agree::run(&arguments, output)?,
        What::Clicks(arguments) => clicks::run(&arguments, output)?,
    }
    Ok(ExitCode::SUCCESS)
}
