//! `sampan expansions mine`

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use sampan_analyzers::Analyzer;
use sampan_engine::{
    encode::Encoder,
    flow::matched::item_texts,
    index::expansion::{Goods, MinedExpansions, Miner, Stage, Thresholds, WordCounts},
};

use crate::{
    commands::{
        dict::{bar, queries},
        eval::analyzer,
    },
    evaluate::{catalogue::Catalogue, exact_vectors::item_text},
    model::place::ModelPlace,
    terminal::{Output, near_words},
};

/// Find words of a catalogue that stand near each word that shoppers may ask for.
///
/// A neighbour must be near twice: as a word, and by the goods that are sold under it. Words are asked by the log, by the
/// dictionaries (in every region's words), and by the catalogue itself. Brands are left out, and what a dictionary joins
/// already.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The output of --out is a document of the kind `expansions`: columns word, neighbour and weight act, the others say why
a line is there. `sampan admin put expansions common FILE.tsv` puts it in force.

Examples:
  sampan expansions mine --catalog products.jsonl --map products.map.toml --out near.tsv
  sampan expansions mine --catalog titles.tsv --map titles.map.toml --queries log.txt --top 50
  sampan --json expansions mine --catalog products.jsonl --map products.map.toml | jq '.words[0]'")]
pub struct MineArguments {
    /// Catalogue: .jsonl, .csv, .tsv (each also .gz) or .parquet.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// Which column fills which field, as for `sampan import`.
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Query log: one a line, or id<TAB>text.
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Folder with dictionaries. Default: those built into this binary.
    #[arg(long, value_name = "DIR")]
    dictionaries: Option<PathBuf>,
    #[command(flatten)]
    model: ModelPlace,
    /// Least cosine of two words, around the mean of their script, 0 to 1.
    #[arg(long, default_value_t = Thresholds::default().similarity_min)]
    similarity: f32,
    /// Least cosine of a word with the goods that are sold under the other, around their means, 0 to 1.
    #[arg(long, default_value_t = Thresholds::default().goods_min)]
    goods: f32,
    /// Neighbours of a word, at most 8.
    #[arg(long, default_value_t = Thresholds::default().neighbours_max, value_parser = neighbours)]
    neighbours: usize,
    /// Words that are shown.
    #[arg(long, default_value_t = 30)]
    top: usize,
    /// Write all of them as a table for `sampan admin put`.
    #[arg(long, value_name = "FILE.tsv")]
    out: Option<PathBuf>,
}

fn neighbours(text: &str) -> Result<usize, String> {
    let most = sampan_analyzers::NEIGHBOURS_MAX;
    let number = text.parse().map_err(|_| "not a whole number".to_owned())?;
    if (1..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("1 to {most}"))
    }
}

pub fn run(arguments: &MineArguments, output: &Output) -> anyhow::Result<ExitCode> {
    let path = arguments.model.path();
    let path = path.context("near words need the encoder's file: --model")?;
    let encoder = Encoder::open(&path).context("`sampan model fetch` gets the file")?;
    let analyzer = analyzer(arguments.dictionaries.as_deref())?;
    let catalogue = Catalogue::read(&arguments.catalog, &arguments.map)?;
    let counts = counts(&catalogue, &analyzer, arguments.queries.as_deref())?;
    let mined = mine(arguments, &encoder, &analyzer, &catalogue, &counts)?;
    if let Some(path) = &arguments.out {
        std::fs::write(path, mined.text()).with_context(|| path.display().to_string())?;
    }
    if output.is_json() {
        output.value(&near_words::json(&mined))?;
    } else {
        output.line(&near_words::near_words(&mined, arguments.top, output))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The words of the catalogue's items, of the log and of the dictionaries.
fn counts(
    catalogue: &Catalogue,
    analyzer: &Analyzer,
    log: Option<&Path>,
) -> anyhow::Result<WordCounts> {
    let mut counts = WordCounts::default();
    for item in catalogue.items() {
        let mut terms: HashSet<String> = HashSet::new();
        for text in item_texts(item) {
            analyzer.index_tokens(text, &mut |token| {
                if !terms.contains(token.term) {
                    terms.insert(token.term.to_owned());
                }
            });
        }
        terms.iter().for_each(|term| counts.add_term(term, 1));
    }
    for query in log.map(queries).transpose()?.iter().flatten() {
        analyzer.index_tokens(query, &mut |token| counts.add_asked_term(token.term, 1));
    }
    counts.add_dictionary(analyzer);
    Ok(counts)
}

/// Adds the items with the vectors of their brand and first title.
fn add_goods(goods: &mut Goods<'_>, catalogue: &Catalogue, encoder: &Encoder, analyzer: &Analyzer) {
    for items in &catalogue.batches {
        let texts: Vec<String> = items.iter().map(item_text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = encoder.encode(&texts);
        for (item, vector) in items.iter().zip(vectors.chunks(encoder.dimensions())) {
            goods.add(analyzer, item, vector);
        }
    }
}

fn mine(
    arguments: &MineArguments,
    encoder: &Encoder,
    analyzer: &Analyzer,
    catalogue: &Catalogue,
    counts: &WordCounts,
) -> anyhow::Result<MinedExpansions> {
    let brands = catalogue.items().map(|item| analyzer.fold_key(&item.brand));
    let brands: HashSet<String> = brands.collect();
    let folder = tempfile::tempdir()?;
    let miner = Miner {
        encoder,
        analyzer,
        goods: &|goods| {
            add_goods(goods, catalogue, encoder, analyzer);
            Ok(())
        },
        is_name: &|word| brands.contains(&analyzer.fold_key(word)),
        thresholds: Thresholds {
            similarity_min: arguments.similarity,
            goods_min: arguments.goods,
            neighbours_max: arguments.neighbours,
        },
        folder: folder.path(),
    };
    let bar = bar(1);
    let mined = miner.mine(counts, &mut |stage, done, total| {
        bar.set_message(match stage {
            Stage::Encoding => "encoding ",
            Stage::Comparing => "comparing",
        });
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        true
    })?;
    bar.finish_and_clear();
    mined.context("mining was given up")
}
