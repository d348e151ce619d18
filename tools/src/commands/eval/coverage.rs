//! `sampan eval coverage`

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use indicatif::ProgressBar;
use rand::{SeedableRng as _, rngs::StdRng};

use crate::{
    evaluate::counterfactual::{
        coverage::{self, SHOPPERS, World},
        simulated_files,
        simulator::{PLACES, Reading, Shop},
    },
    terminal::{Output, coverage as coverage_table},
};

/// Logs of a world: a share of so many has a standard error of a third of a point.
const LOGS: u64 = 4_000;

/// Check the counterfactual estimators where the truth is known: how often does a 95 % interval hold it.
///
/// Every log is of a simulated shop of its own. A figure in brackets is of an estimator whose assumption does not hold in
/// that world, so that nothing is claimed of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sampan eval coverage
  sampan eval coverage --logs 200 --shoppers 500
  sampan eval coverage --write example    # example/log.csv in Open Bandit's format, and example/plan.csv")]
pub struct CoverageArguments {
    /// Logs of each world.
    #[arg(long, default_value_t = LOGS, value_parser = clap::value_parser!(u64).range(1..))]
    logs: u64,
    /// Shoppers of a log, who make two visits on average.
    #[arg(long, default_value_t = SHOPPERS, value_parser = clap::value_parser!(u32).range(1..))]
    shoppers: u32,
    /// Write one simulated log and a plan to a folder, and count nothing.
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
}

pub fn run(arguments: &CoverageArguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &arguments.write {
        write(folder, arguments.shoppers, output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let bar = ProgressBar::new(World::ALL.len() as u64);
    let counted: Vec<_> = bar
        .wrap_iter(World::ALL.iter())
        .map(|world| {
            (
                world,
                coverage::measure(world, arguments.logs, arguments.shoppers),
            )
        })
        .collect();
    bar.finish_and_clear();
    if output.is_json() {
        output.value(&coverage_table::json(&counted)?)?;
    } else {
        output.line(&coverage_table::text(&counted, arguments.logs, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write(folder: &Path, shoppers: u32, output: &Output) -> anyhow::Result<()> {
    const SEED: u64 = 7;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let shop = Shop::new(SEED, Reading::ByPlace, 0.7);
    let visits = shop.visits(shoppers, &mut StdRng::seed_from_u64(SEED));
    let plan = shop.plan(4.0, 0.3);
    let (log, policy) = (folder.join("log.csv"), folder.join("plan.csv"));
    simulated_files::write(&log, &policy, &shop, &visits, &plan)?;
    let truth = shop.clicks_of_list(&plan);
    let logged = shop.clicks_of_list(&shop.logging);
    if output.is_json() {
        let truth =
            serde_json::json!({ "plan_list": truth, "logged_list": logged, "places": PLACES });
        return output.value(&truth);
    }
    let each = PLACES as f64;
    Ok(output.line(&format!(
        "{} and {}\nthe truth: the plan earns {:.4} clicks an impression, {truth:.4} a list; the log's ranking {:.4} and {logged:.4}",
        log.display(),
        policy.display(),
        truth / each,
        logged / each,
    ))?)
}
