//! `sampan eval compare`

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use sampan_proto::v1::RecallMode;

use super::write_file;
use crate::{
    commands::judged::JudgedArguments,
    evaluate::{
        catalogue::Catalogue,
        compare::{ChangedQuery, Comparison, compare},
        judgements::{self, Query},
        metrics::Judged,
        node::{RegionShoppers, ThrowAwayNode},
        reasons::{self, reason},
        run::Run,
        trec,
    },
    model::place::ModelPlace,
    report::{
        built::{self, lists::KnownItems},
        files::ReportFiles,
    },
    terminal::{Output, compared},
};

/// Compare two configurations on judged queries: paired, with intervals, and the queries that won and lost.
///
/// Each side is a TREC run that another build wrote, or a throw-away node with its own dictionaries and profile.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Of the queries that won and lost most, both sides are asked again with explanations: edits of the query that only one of them
made, and the parts of the scores of the items that moved most. A recorded run explains nothing.

The p-value is of a paired permutation test over queries, adjusted for the measures together; the interval of a bootstrap.

Examples:
  sampan eval compare --catalog p.jsonl --map p.map.toml --queries q.tsv --qrels r.tsv --region hk \\
      --after-dictionaries ./dictionaries                 # an edited dictionary against the built-in ones
  sampan eval compare … --after-profile ranking.toml      # a profile against the one in force
  sampan eval compare --queries q.tsv --qrels r.tsv --region hk --before-run old.trec --after-run new.trec
  sampan eval compare … --html report.html                # both lists of each query, side by side")]
pub struct CompareArguments {
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet. Not needed when both sides are runs.
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml")]
    map: Option<PathBuf>,
    #[command(flatten)]
    judged: JudgedArguments,
    /// Hits a query.
    #[arg(long, default_value_t = 100)]
    depth: usize,
    /// Dictionaries of the first side. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    before_dictionaries: Option<PathBuf>,
    /// Ranking profile of the first side. Default: the dictionaries'.
    #[arg(long, value_name = "RANKING.toml")]
    before_profile: Option<PathBuf>,
    /// The first side's answers, as `sampan eval search --run` writes them.
    #[arg(long, value_name = "RUN.trec", conflicts_with_all = ["before_dictionaries", "before_profile"])]
    before_run: Option<PathBuf>,
    /// Dictionaries of the second side. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    after_dictionaries: Option<PathBuf>,
    /// Ranking profile of the second side. Default: the dictionaries'.
    #[arg(long, value_name = "RANKING.toml")]
    after_profile: Option<PathBuf>,
    /// The second side's answers.
    #[arg(long, value_name = "RUN.trec", conflicts_with_all = ["after_dictionaries", "after_profile"])]
    after_run: Option<PathBuf>,
    /// Words alone on both sides.
    #[arg(long)]
    lexical: bool,
    /// Write all figures and changed queries as JSON.
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
    #[command(flatten)]
    files: ReportFiles,
    #[command(flatten)]
    model: ModelPlace,
}

/// Where the answers of a side come from.
struct Side<'a> {
    dictionaries: Option<&'a Path>,
    profile: Option<&'a Path>,
    run: Option<&'a Path>,
}

pub fn run(arguments: &CompareArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let queries = judgements::queries(&arguments.judged.queries)?;
    let judged = judgements::qrels(&arguments.judged.qrels)?;
    let before = answers(arguments, &arguments.before(), &queries, &judged)?;
    let after = answers(arguments, &arguments.after(), &queries, &judged)?;
    let found = compare(("before", &before.run), ("after", &after.run));
    let mut found =
        found.context("no query has a relevant judgement: there is nothing to compare")?;
    if let (Some(before), Some(after)) = (&before.node, &after.node) {
        let shoppers = |node| arguments.shoppers_of(node);
        explain(&mut found, &shoppers(before), &shoppers(after))?;
    }
    let json = serde_json::to_value(&found)?;
    write_file(arguments.report.as_ref(), || json.to_string())?;
    if arguments.files.are_wanted() {
        let catalogue = arguments.catalog.as_deref().zip(arguments.map.as_deref());
        let catalogue = catalogue.map(|(file, map)| Catalogue::read(file, map));
        let catalogue = catalogue.transpose()?;
        let known = KnownItems::new(catalogue.as_ref(), &judged);
        let line = |query: &ChangedQuery, id: &str| known.line(&query.id, id);
        arguments
            .files
            .write(&built::compare::document(&found, &line))?;
    }
    if output.is_json() {
        output.value(&json)?;
    } else {
        output.line(&compared::text(&found, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl CompareArguments {
    fn before(&self) -> Side<'_> {
        Side {
            dictionaries: self.before_dictionaries.as_deref(),
            profile: self.before_profile.as_deref(),
            run: self.before_run.as_deref(),
        }
    }

    fn mode(&self) -> RecallMode {
        match self.lexical {
            true => RecallMode::Lexical,
            false => RecallMode::Hybrid,
        }
    }

    fn shoppers_of<'n>(&self, node: &'n ThrowAwayNode) -> RegionShoppers<'n> {
        node.shoppers_of(&self.judged.region, self.mode())
    }

    fn after(&self) -> Side<'_> {
        Side {
            dictionaries: self.after_dictionaries.as_deref(),
            profile: self.after_profile.as_deref(),
            run: self.after_run.as_deref(),
        }
    }
}

/// Asks both sides again for the queries that are shown, and tells what differs.
fn explain(
    found: &mut Comparison,
    before: &RegionShoppers<'_>,
    after: &RegionShoppers<'_>,
) -> anyhow::Result<()> {
    let places = 0..found.changed.len();
    let shown: Vec<usize> = places.filter(|place| found.is_shown(*place)).collect();
    for place in shown {
        let query = &found.changed[place];
        let [was, is] = [before, after].map(|side| side.answer(&query.text, reasons::DEPTH, true));
        found.changed[place].reason = Some(reason(&query.text, &was?, &is?));
    }
    Ok(())
}

/// A side's answers, and who gave them; none where they were recorded.
struct Answers {
    run: Run,
    node: Option<ThrowAwayNode>,
}

fn answers(
    arguments: &CompareArguments,
    side: &Side<'_>,
    queries: &[Query],
    judged: &HashMap<String, Judged>,
) -> anyhow::Result<Answers> {
    if let Some(path) = side.run {
        let run = Run::recorded(trec::read(path)?, queries, judged, arguments.depth)?;
        return Ok(Answers { run, node: None });
    }
    let needed = "is needed, unless both sides are runs";
    let file = arguments.catalog.as_deref();
    let file = file.with_context(|| format!("--catalog {needed}"))?;
    let map = arguments.map.as_deref();
    let map = map.with_context(|| format!("--map {needed}"))?;
    let mut catalogue = Catalogue::read(file, map)?;
    catalogue.sell_in(&arguments.judged.region)?;
    let model = match arguments.lexical {
        true => None,
        false => arguments.model.for_node(),
    };
    let node = ThrowAwayNode::build(&catalogue, side.dictionaries, model)?;
    if let Some(path) = side.profile {
        let profile = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        node.put_profile(&arguments.judged.region, &profile)?;
    }
    let shoppers = arguments.shoppers_of(&node);
    let run = Run::of(&shoppers, queries, judged, arguments.depth)?;
    Ok(Answers {
        run,
        node: Some(node),
    })
}
