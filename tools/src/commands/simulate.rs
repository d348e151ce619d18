//! `sampan simulate`

mod place;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use sampan_engine::base::limits;
use sampan_proto::v1::Event;

use super::choices;
use crate::{
    evaluate::{
        examination::Examination,
        judgements,
        judging::click_model::ClickModel,
        popularity,
        simulate::{
            example,
            logged::Question,
            pareto::{POINTS_MAX, Swept, combinations},
            plan::Plan,
            replay::Setup,
            simulation::{Gain, Inputs, JudgedQueries, simulate},
            visits::Visits,
        },
    },
    event_file,
    report::{built, files::ReportFiles, terminal},
    terminal::Output,
};

use place::PlaceArguments;

/// What a change would do to the shoppers of a log, before it meets them.
///
/// Every search and visit of the feed in the log is asked again on a throw-away node, as things stand and under the plan: who is
/// seen more and less, what is expected to be ordered, what sending costs, which answers change, and whether the plan's
/// checklist is kept. With impressions that carry propensities the log itself is asked, too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The log is JSON Lines of events (visits by request_id or query), or text<TAB>count of a region. The plan is TOML:
  name = \"more direct mail\"
  [documents.rules]           # documents as `sampan admin put` takes them: kind, then region
  hk = \"rules-hk.toml\"        # a file beside the plan, or the document itself as a table
  [numbers.hk]                # single numbers over the ranking profile in force
  \"boosts.direct_mail\" = 0.08
  [checklist]                 # docs/evaluation.md has all bounds
  max_zero_results_rise = 0.0
  min_exposure.direct_mail = 0.3

Exit code 1 when a bound of the checklist is not kept.

Examples:
  sampan simulate --write-example example        # a constructed log and plan over the demo catalogue
  sampan simulate --log example/log.jsonl --plan example/plan.toml --html report.html
  sampan simulate --log events.jsonl --plan plan.toml --data ./data       # a copy of a stopped node's data
  sampan simulate --log counts.tsv --region hk --plan plan.toml --catalog p.jsonl --map p.map.toml
  sampan simulate --log … --plan … --sweep boosts.direct_mail=0:0.08:0.02 --gain direct-mail --svg sweep.svg")]
pub struct SimulateArguments {
    /// The log: .jsonl (events), or text<TAB>count.
    #[arg(long, value_name = "LOG", required_unless_present = "write_example")]
    log: Option<PathBuf>,
    /// What is to be simulated.
    #[arg(
        long,
        value_name = "PLAN.toml",
        required_unless_present = "write_example"
    )]
    plan: Option<PathBuf>,
    /// Region of a log that only counts.
    #[arg(long)]
    region: Option<String>,
    /// Events that the model of shoppers is learnt from. Default: the log.
    #[arg(long, value_name = "EVENTS.jsonl")]
    learn_from: Option<PathBuf>,
    /// How likely each place of a list is looked at.
    #[arg(long, value_enum, default_value_t = Looks::Logarithmic, value_name = "MODEL")]
    looks: Looks,
    #[command(flatten)]
    place: PlaceArguments,
    /// Hits of each list.
    #[arg(long, default_value_t = 10)]
    depth: usize,
    /// Most visits that are replayed, the most frequent first.
    #[arg(long, default_value_t = 20_000, value_name = "COUNT")]
    most: usize,
    /// Currency of freight. Default: that of the region with the most visits.
    #[arg(long)]
    currency: Option<String>,
    /// What the log is asked about: click, detail, cart or order.
    #[arg(long, default_value = "click", value_name = "KIND")]
    reward: String,
    /// Judged queries, to tell what the plan costs in relevance: id<TAB>text.
    #[arg(long, value_name = "Q.tsv", requires = "qrels")]
    queries: Option<PathBuf>,
    /// Judgements: query 0 document grade.
    #[arg(long, value_name = "R.tsv", requires = "queries")]
    qrels: Option<PathBuf>,
    /// Sweep a number of the profile over the plan; once or twice.
    #[arg(long, value_name = "TABLE.KEY=FROM:TO:STEP")]
    sweep: Vec<Swept>,
    /// What a sweep should gain.
    #[arg(long, value_enum, default_value_t = Gain::Orders)]
    gain: Gain,
    /// Write the sweep's curve.
    #[arg(long, value_name = "OUT.svg", requires = "sweep")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    files: ReportFiles,
    /// Write a constructed log and a plan into a new folder, and simulate nothing.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["log", "plan"])]
    write_example: Option<PathBuf>,
    /// Visits of that log.
    #[arg(
        long,
        default_value_t = 6_000,
        value_name = "COUNT",
        requires = "write_example"
    )]
    example_visits: u32,
}

/// Where the chances that places are looked at come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Looks {
    /// The discount of nDCG
    Logarithmic,
    /// Learnt from the clicks of searches, as `sampan judge clicks` does; wants thousands of lists
    Clicks,
}

impl Looks {
    fn examination(self, events: &[Event], places: usize) -> anyhow::Result<Examination> {
        match self {
            Self::Logarithmic => Ok(Examination::logarithmic(places)),
            Self::Clicks => {
                let model = ClickModel::learn(events, places).context(
                    "--looks clicks: the events have no impression with query, request_id and position",
                )?;
                Ok(model.examination)
            }
        }
    }
}

/// A log, read.
struct Log {
    visits: Visits,
    /// None of a log that only counts.
    events: Option<Vec<Event>>,
}

pub fn run(arguments: &SimulateArguments, output: &Output) -> anyhow::Result<ExitCode> {
    if let Some(folder) = &arguments.write_example {
        return write_example(arguments, folder, output);
    }
    let path = arguments.log.as_deref().context("--log is needed")?;
    let plan = Plan::read(arguments.plan.as_deref().context("--plan is needed")?)?;
    arguments.check()?;
    let log = arguments.log(path)?;
    ensure!(
        !log.visits.visits.is_empty(),
        "{}: there is no visit",
        path.display()
    );
    let other = arguments
        .learn_from
        .as_deref()
        .map(event_file::read)
        .transpose()?;
    let learn_from = other.as_deref().or(log.events.as_deref());
    let node = arguments.place.node(learn_from.unwrap_or_default())?;
    let generation = node.node().generation();
    let regions = &generation.configuration.regions;
    for region in log.visits.regions() {
        ensure!(
            regions.find(region).is_some(),
            "{}: region: \"{region}\" is not known",
            path.display()
        );
    }
    let busiest = log
        .visits
        .regions()
        .first()
        .and_then(|region| regions.find(region));
    let usual = busiest.map(|region| regions.get(region).currency.clone());
    let reward = choices::reward(&arguments.reward)?;
    let inputs = Inputs {
        node: &node,
        setup: Setup {
            depth: arguments.depth,
            currency: arguments.currency.clone().or(usual).unwrap_or_default(),
        },
        examination: arguments
            .looks
            .examination(learn_from.unwrap_or_default(), arguments.depth)?,
        learn_from,
        question: log.events.as_deref().map(|events| Question {
            path,
            events,
            reward,
            depth: arguments.depth,
        }),
        judged: arguments.judged(&log.visits)?,
        visits: log.visits,
        plan: &plan,
        swept: arguments.sweep.clone(),
        gain: arguments.gain,
    };
    let rounds = 2 + if inputs.swept.is_empty() {
        0
    } else {
        combinations(&inputs.swept).len()
    };
    let bar = progress(rounds * inputs.visits.visits.len());
    let found = simulate(&inputs, || bar.inc(1))?;
    bar.finish_and_clear();
    let document = built::simulation::document(&found);
    arguments.files.write(&document)?;
    if let (Some(path), Some(sweep)) = (&arguments.svg, &found.sweep) {
        std::fs::write(path, sweep.plot().svg()).with_context(|| path.display().to_string())?;
    }
    if output.is_json() {
        output.value(&serde_json::to_value(&found)?)?;
    } else {
        output.line(&terminal::text(&document, output))?;
    }
    Ok(match found.passes() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

impl SimulateArguments {
    fn check(&self) -> anyhow::Result<()> {
        let most = limits::PAGE_SIZE_MAX as usize;
        ensure!(
            (1..=most).contains(&self.depth),
            "--depth: want 1 to {most}"
        );
        ensure!(self.sweep.len() <= 2, "--sweep: at most two numbers");
        let points = combinations(&self.sweep).len();
        ensure!(
            points <= POINTS_MAX,
            "--sweep: {points} combinations; at most {POINTS_MAX}"
        );
        Ok(())
    }

    fn log(&self, path: &std::path::Path) -> anyhow::Result<Log> {
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            let events = event_file::read(path)?;
            let visits = Visits::of_events(&events).most(self.most);
            return Ok(Log {
                visits,
                events: Some(events),
            });
        }
        let region = self
            .region
            .as_deref()
            .context("--region is needed for a log that only counts")?;
        let visits = Visits::of_counts(popularity::counts(path)?, region).most(self.most);
        Ok(Log {
            visits,
            events: None,
        })
    }

    /// The judged queries, asked from `--region`, else from where most visits come.
    fn judged(&self, visits: &Visits) -> anyhow::Result<Option<JudgedQueries>> {
        let (Some(queries), Some(qrels)) = (&self.queries, &self.qrels) else {
            return Ok(None);
        };
        let usual = visits.regions().first().map(|region| (*region).to_owned());
        Ok(Some(JudgedQueries {
            region: self.region.clone().or(usual).unwrap_or_default(),
            queries: judgements::queries(queries)?,
            judged: judgements::qrels(qrels)?,
        }))
    }
}

fn write_example(
    arguments: &SimulateArguments,
    folder: &std::path::Path,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let items = crate::demo::catalogue::items()?;
    let node = arguments.place.demo(&items)?;
    // Nobody's feed has anything before somebody has looked at something.
    node.record(&crate::demo::visits::events(&items))?;
    example::write(folder, node.node(), &items, arguments.example_visits)?;
    output.line(&format!(
        "{0}/log.jsonl and {0}/plan.toml: constructed, {1} visits to the demo catalogue",
        folder.display(),
        arguments.example_visits
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn progress(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    // The template is a constant; were it wrong, the usual bar would do.
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} visits, {eta} left") {
        bar.set_style(style);
    }
    bar
}
