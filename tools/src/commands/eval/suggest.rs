//! `sampan eval suggest`

use std::{collections::HashSet, path::PathBuf, process::ExitCode};

use anyhow::ensure;
use sampan_analyzers::Analyzer;
use sampan_proto::v1::RecallMode;

use crate::{
    commands::{dict::bar, judged::CatalogueArguments},
    evaluate::{
        catalogue::Catalogue,
        node::{RegionShoppers, ThrowAwayNode},
        statistics::Share,
        suggest::{
            completer::MostPopular,
            learn::{Learnt, learn},
            log::{self, Parted},
            measure::{Typist, Watched},
            report::{self, SuggestReport},
            typing::Way,
        },
    },
    terminal::{Output, completed},
};

/// How soon real queries are offered while they are typed, by characters and by sound.
///
/// A throw-away node learns a part of a query log and is asked for completions after every key of queries of the other part.
/// Beside it stands the most popular completion: the log's queries that begin so, those asked most first. Whatever was
/// offered is searched for in the region, and must find something.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A log has a query a line (asked twice: two lines), or a query, a tab and how often it was asked. Items are sold where the
catalogue and its map say: what the region cannot buy must not be offered there.

Figures: MRR@10 is 1 ÷ place of the query among ten completions, mean over all keys but the last; \"at half\" is after half of
the keys; \"saved\" is the share of the keys that picking the query saves, the pick being one; \"in steps\" picks longer
and longer beginnings of it as well.

Examples:
  sampan eval suggest --catalog titles.tsv --map titles.map.toml --log query_log.txt --region cn
  sampan eval suggest --catalog … --map … --log may.txt --asked june.txt --region hk --queries 2000 --show 30
  sampan eval suggest --catalog … --map … --log brands.txt --asked brands.txt --region hk   # what was asked before")]
pub struct SuggestArguments {
    #[command(flatten)]
    catalogue: CatalogueArguments,
    /// Queries that shoppers asked.
    #[arg(long, value_name = "LOG")]
    log: PathBuf,
    /// Queries to type. Default: a part of the log that is held out.
    #[arg(long, value_name = "LOG", conflicts_with = "held_out")]
    asked: Option<PathBuf>,
    /// Share of what was asked that is held out, above 0 and below 1.
    #[arg(long, default_value_t = 0.2, value_name = "SHARE")]
    held_out: f64,
    /// Queries to type at most.
    #[arg(long, default_value_t = 500, value_name = "COUNT")]
    queries: usize,
    /// Region of the shoppers.
    #[arg(long)]
    region: String,
    /// Of the draw of queries.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Convert titles and brands before they are indexed (an OpenCC configuration: s2hk).
    #[arg(long, value_name = "CONFIG")]
    titles_convert: Option<String>,
    /// Queries that were offered late or never, and offered texts that find nothing, that are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    show: usize,
    /// Folder with dictionaries, to see the effect of an edit. Default: those built into this binary.
    #[arg(long, value_name = "FOLDER")]
    dictionaries: Option<PathBuf>,
}

pub fn run(arguments: &SuggestArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let is_share = arguments.held_out > 0.0 && arguments.held_out < 1.0;
    ensure!(is_share, "--held-out: want more than 0 and less than 1");
    ensure!(arguments.queries > 0, "--queries: want at least 1");
    let parted = parted(arguments)?;
    let analyzer = super::analyzer(arguments.dictionaries.as_deref())?;
    let mut catalogue = Catalogue::read(&arguments.catalogue.catalog, &arguments.catalogue.map)?;
    catalogue.convert(&analyzer, arguments.titles_convert.as_deref())?;
    let node = ThrowAwayNode::build(&catalogue, arguments.dictionaries.as_deref(), None)?;
    let bar = bar(parted.learnt.len());
    bar.set_message("learning");
    let learnt = learn(&node, &arguments.region, &parted.learnt, &mut || bar.inc(1))?;
    bar.finish_and_clear();
    let shoppers = node.shoppers_of(&arguments.region, RecallMode::Lexical);
    let mut report = watch(arguments, &parted, learnt, &shoppers, &analyzer)?;
    report.items = catalogue.items().count();
    if output.is_json() {
        output.value(&serde_json::to_value(&report)?)?;
    } else {
        output.line(&completed::text(&report, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn parted(arguments: &SuggestArguments) -> anyhow::Result<Parted> {
    let log = log::read(&arguments.log)?;
    let Some(path) = &arguments.asked else {
        let (share, most) = (arguments.held_out, arguments.queries);
        return Ok(log::hold_out(&log, share, most, arguments.seed));
    };
    let asked = log::draw_asked(&log::read(path)?, arguments.queries, arguments.seed);
    Ok(Parted { learnt: log, asked })
}

fn watch(
    arguments: &SuggestArguments,
    parted: &Parted,
    learnt: Learnt,
    shoppers: &RegionShoppers<'_>,
    analyzer: &Analyzer,
) -> anyhow::Result<SuggestReport> {
    let known = parted.learnt.iter();
    let known: HashSet<String> = known.map(|(query, _)| analyzer.fold_key(query)).collect();
    let sold = parted.asked.iter().map(|query| {
        let is_sold = finds_whole(query, shoppers)?;
        Ok(is_sold.then(|| query.clone()))
    });
    let sold: HashSet<Option<String>> = sold.collect::<anyhow::Result<_>>()?;
    let sold: HashSet<String> = sold.into_iter().flatten().collect();
    let typist = Typist {
        analyzer,
        learnt: &known,
        sold: &sold,
    };
    let (asked, shown) = (&parted.asked, &mut HashSet::new());
    let bar = bar(asked.len() * (Way::ALL.len() + 1));
    let mut each = || bar.inc(1);
    let mut watched: Vec<Watched> = Vec::new();
    for way in Way::ALL {
        bar.set_message(way.name());
        watched.push(typist.watch(asked, way, shoppers, shown, &mut each)?);
    }
    bar.set_message("most popular completion");
    let popular = MostPopular::of(parted.learnt.clone());
    let mut unused = HashSet::new();
    let baseline = typist.watch(asked, Way::Characters, &popular, &mut unused, &mut each)?;
    bar.finish_and_clear();
    let poor = poor(shown, shoppers)?;
    let few = |texts: &[String]| texts.iter().take(arguments.show).cloned().collect();
    let characters = &watched[0];
    let mut ways: Vec<_> = watched
        .iter()
        .filter(|watched| !watched.typings.is_empty())
        .map(|watched| report::of_way(watched.way.name(), watched))
        .collect();
    ways.push(report::of_way("characters, log alone", &baseline));
    Ok(SuggestReport {
        region: arguments.region.clone(),
        items: 0,
        learnt,
        asked: asked.len(),
        ways,
        slices: report::slices(characters),
        after: report::after(characters, &baseline),
        unsellable: Share::new(poor.nothing.len(), shown.len()),
        unsellable_texts: few(&poor.nothing),
        in_part: Share::new(poor.in_part.len(), shown.len()),
        in_part_texts: few(&poor.in_part),
        late: report::late(characters, arguments.show),
    })
}

/// Whether a text finds an item that answers it whole.
fn finds_whole(text: &str, shoppers: &RegionShoppers<'_>) -> anyhow::Result<bool> {
    let answer = shoppers.answer(text, 1, false)?;
    Ok(answer.hits.iter().any(|hit| !hit.partial_match))
}

/// Texts that find too little, each list in order.
#[derive(Default)]
struct Poor {
    nothing: Vec<String>,
    in_part: Vec<String>,
}

fn poor(shown: &HashSet<String>, shoppers: &RegionShoppers<'_>) -> anyhow::Result<Poor> {
    let bar = bar(shown.len());
    bar.set_message("searching for what was offered");
    let mut poor = Poor::default();
    for text in shown {
        bar.inc(1);
        let answer = shoppers.answer(text, 1, false)?;
        match answer.hits.first() {
            None => poor.nothing.push(text.clone()),
            Some(hit) if hit.partial_match => poor.in_part.push(text.clone()),
            Some(_) => {}
        }
    }
    bar.finish_and_clear();
    poor.nothing.sort();
    poor.in_part.sort();
    Ok(poor)
}
