//! The figures: the written sets of words, and items of the demo catalogue. By words alone, so that no encoder is needed.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::ensure;
use sampan_analyzers::Analyzer;
use sampan_proto::v1::RecallMode;

use super::{baseline::Figure, known_items};
use crate::{
    demo::catalogue::items,
    evaluate::{
        language::{
            false_alarms,
            regions::{self, REGIONS},
            sets::{self, Control, RegionPair, SpokenPair, Trap},
            shoppers::Shoppers,
            spoken, traps,
        },
        metrics::Measures,
        node::ThrowAwayNode,
        parity::measure_parity,
        run::Run,
    },
};

/// Hits a query of the demo catalogue.
const DEPTH: usize = 10;
/// Region whose shoppers ask for items of the demo catalogue.
const REGION: &str = "hk";

/// Measures every figure. `sets`: the folder of the written sets. `dictionaries`: a folder; else those built in.
///
/// # Errors
/// A set cannot be read, or a query answered.
pub fn measure(
    sets: &Path,
    dictionaries: Option<&Path>,
    analyzer: &Analyzer,
) -> anyhow::Result<Vec<Figure>> {
    let mut figures = vec![
        regional_words(sets, dictionaries, analyzer)?,
        look_alikes(sets, dictionaries)?,
        spoken_queries(sets, dictionaries)?,
        written_texts(sets, analyzer)?,
    ];
    figures.extend(demo(dictionaries, analyzer)?);
    Ok(figures)
}

/// Of each row of regional words, the share of its words that are found from its regions.
fn regional_words(
    folder: &Path,
    dictionaries: Option<&Path>,
    analyzer: &Analyzer,
) -> anyhow::Result<Figure> {
    let pairs: Vec<RegionPair> = sets::rows(&folder.join("region_pairs.tsv"))?;
    let node = ThrowAwayNode::build(&regions::catalogue(&pairs)?, dictionaries, None)?;
    let matrix = regions::measure(&pairs, &Shoppers::of_node(&node, &REGIONS), analyzer)?;
    let mut missing: HashMap<&str, f64> = HashMap::new();
    for pair in &matrix.missing {
        *missing.entry(&pair.id).or_default() += 1.0;
    }
    let asked = (REGIONS.len() * REGIONS.len()) as f64;
    let found =
        |pair: &RegionPair| 1.0 - missing.get(&*pair.id).copied().unwrap_or_default() / asked;
    Ok(Figure {
        name: "regional words found",
        values: pairs.iter().map(found).collect(),
    })
}

/// Of each trap, whether it caught nothing.
fn look_alikes(folder: &Path, dictionaries: Option<&Path>) -> anyhow::Result<Figure> {
    let set: Vec<Trap> = sets::rows(&folder.join("traps.tsv"))?;
    let among: Vec<RegionPair> = sets::rows(&folder.join("region_pairs.tsv"))?;
    let catalogue = sets::catalogue(traps::titles(&set).chain(regions::titles(&among)))?;
    let node = ThrowAwayNode::build(&catalogue, dictionaries, None)?;
    let result = traps::measure(&set, &Shoppers::of_node(&node, &REGIONS))?;
    let sprung: HashSet<&str> = result.sprung.iter().map(|trap| trap.id.as_str()).collect();
    let values = set
        .iter()
        .map(|trap| f64::from(u8::from(!sprung.contains(&*trap.id))));
    Ok(Figure {
        name: "look-alikes kept apart",
        values: values.collect(),
    })
}

/// Of each spoken query, nDCG@10 against what its written form brings.
fn spoken_queries(folder: &Path, dictionaries: Option<&Path>) -> anyhow::Result<Figure> {
    let pairs: Vec<SpokenPair> = sets::rows(&folder.join("spoken_pairs.tsv"))?;
    let titles = pairs
        .iter()
        .map(|pair| sets::titled(pair.id.clone(), &pair.written));
    let catalogue = sets::catalogue(items()?.into_iter().chain(titles))?;
    let node = ThrowAwayNode::build(&catalogue, dictionaries, None)?;
    let result = spoken::compare(&pairs, &Shoppers::of_node(&node, &REGIONS))?;
    Ok(Figure {
        name: "spoken queries",
        values: result.pairs.iter().map(|pair| pair.ndcg_10).collect(),
    })
}

/// Of each written text, whether it is left alone.
fn written_texts(folder: &Path, analyzer: &Analyzer) -> anyhow::Result<Figure> {
    let controls: Vec<Control> = sets::rows(&folder.join("standard_controls.tsv"))?;
    let texts = controls.iter().map(|control| control.text.as_str());
    let alarms = false_alarms::count(texts, &REGIONS, analyzer).alarms;
    let taken: HashSet<&str> = alarms.iter().map(|alarm| alarm.text.as_str()).collect();
    let left = controls
        .iter()
        .map(|its| f64::from(u8::from(!taken.contains(&*its.text))));
    Ok(Figure {
        name: "written texts left alone",
        values: left.collect(),
    })
}

/// Of each known item of the demo catalogue, MRR@10; and how alike the lists of its query in every script are.
fn demo(dictionaries: Option<&Path>, analyzer: &Analyzer) -> anyhow::Result<[Figure; 2]> {
    let items = items()?;
    let (queries, judged) = known_items::queries(&items, analyzer)?;
    let node = ThrowAwayNode::build(&sets::catalogue(items.into_iter())?, dictionaries, None)?;
    ensure!(
        node.refused == 0,
        "{} items of the demo catalogue were refused",
        node.refused
    );
    let shoppers = node.shoppers_of(REGION, RecallMode::Lexical);
    let run = Run::of(&shoppers, &queries, &judged, DEPTH)?;
    let measures = run.answers.iter().filter_map(|answer| answer.measures);
    let parity = measure_parity(&shoppers, &queries, &judged, DEPTH, analyzer)?;
    Ok([
        Figure {
            name: "demo items found by title",
            values: measures.map(|its: Measures| its.mrr_10).collect(),
        },
        Figure {
            name: "demo queries alike in every script",
            values: parity.least_overlaps,
        },
    ])
}
