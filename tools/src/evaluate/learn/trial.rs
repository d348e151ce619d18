//! One trial: the judged sets measured on nodes that have a profile in force.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use rayon::prelude::*;
use sampan_analyzers::Analyzer;
use sampan_proto::v1::RecallMode;

use super::plan::{LearnPlan, LearnSet};
use crate::evaluate::{
    catalogue::Catalogue,
    judgements::{self, Query},
    metrics::{Judged, Measures, mean, measure},
    node::ThrowAwayNode,
    run::Searcher,
};

/// Hits that a measure is taken of: no measure looks further.
const DEPTH: usize = 100;

/// Which half of a set's queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Learning,
    HeldOut,
}

/// The sets of a plan, ready to be measured.
pub struct Trials<'p> {
    region: &'p str,
    nodes: Vec<ThrowAwayNode>,
    sets: Vec<PreparedSet<'p>>,
}

struct PreparedSet<'p> {
    plan: &'p LearnSet,
    /// Place among the nodes.
    node: usize,
    judged: HashMap<String, Judged>,
    learning: Vec<Query>,
    held_out: Vec<Query>,
}

impl<'p> Trials<'p> {
    /// Builds a node for each catalogue and reads the judged queries.
    ///
    /// # Errors
    /// A file cannot be used, or a half of a set has no judged query.
    pub fn prepare(
        plan: &'p LearnPlan,
        dictionaries: Option<&Path>,
        model: Option<&Path>,
        analyzer: &Analyzer,
    ) -> anyhow::Result<Self> {
        let mut nodes = Vec::new();
        // Sets of one catalogue share a node.
        let mut catalogues: Vec<(&PathBuf, &PathBuf, &Option<String>)> = Vec::new();
        let mut sets = Vec::new();
        for set in &plan.sets {
            let wanted = (&set.catalog, &set.map, &set.titles_convert);
            let known = catalogues.iter().position(|known| *known == wanted);
            let node = match known {
                Some(node) => node,
                None => {
                    let catalogue = catalogue(set, &plan.region, analyzer)?;
                    let model = model.map(Path::to_owned);
                    nodes.push(ThrowAwayNode::build(&catalogue, dictionaries, model)?);
                    catalogues.push(wanted);
                    nodes.len() - 1
                }
            };
            sets.push(PreparedSet::read(set, node, plan.queries_max, analyzer)?);
        }
        Ok(Self {
            region: &plan.region,
            nodes,
            sets,
        })
    }

    /// Judged queries of each set's halves.
    pub fn queries(&self, half: Half) -> Vec<usize> {
        let sets = self.sets.iter();
        sets.map(|set| set.queries(half).len()).collect()
    }

    /// Puts a profile in force.
    ///
    /// # Errors
    /// The nodes refuse it.
    pub fn put(&self, profile: &str) -> anyhow::Result<()> {
        let mut nodes = self.nodes.iter();
        nodes.try_for_each(|node| node.put_profile(self.region, profile))
    }

    /// The measure of each set under the profile in force.
    ///
    /// # Errors
    /// A query cannot be answered.
    pub fn measure(&self, half: Half) -> anyhow::Result<Vec<f64>> {
        let sets = self.sets.iter().map(|set| {
            let shoppers = self.nodes[set.node].shoppers_of(self.region, RecallMode::Hybrid);
            let measured: Vec<Measures> = set
                .queries(half)
                .par_iter()
                .map(|query| {
                    let ranked = shoppers.search(&query.text, DEPTH)?;
                    let ids: Vec<&str> = ranked.iter().map(|(id, _)| id.as_str()).collect();
                    let judged = set.judged.get(&query.id);
                    Ok(judged.and_then(|judged| measure(&ids, judged)))
                })
                .filter_map(Result::transpose)
                .collect::<anyhow::Result<_>>()?;
            Ok(mean(measured.iter()).of(set.plan.measure))
        });
        sets.collect()
    }
}

impl<'p> PreparedSet<'p> {
    fn read(
        plan: &'p LearnSet,
        node: usize,
        queries_max: usize,
        analyzer: &Analyzer,
    ) -> anyhow::Result<Self> {
        let judged = judgements::qrels(&plan.qrels)?;
        let mut queries = judgements::queries(&plan.queries)?;
        judgements::convert(&mut queries, plan.queries_convert.as_deref(), analyzer)?;
        queries.retain(|query| {
            let judged = judged.get(&query.id);
            judged.is_some_and(|judged| judged.values().any(|grade| *grade > 0))
        });
        // The order and the halves of a hash: the same in every run, and unlike the file's, which may be sorted.
        queries.sort_by_cached_key(|query| *blake3::hash(query.id.as_bytes()).as_bytes());
        let in_half = |odd: usize| {
            let half = queries.iter().skip(odd).step_by(2).take(queries_max);
            half.cloned().collect::<Vec<_>>()
        };
        let (learning, held_out) = (in_half(0), in_half(1));
        anyhow::ensure!(
            !held_out.is_empty(),
            "set \"{}\": fewer than two queries with a relevant item",
            plan.name
        );
        Ok(Self {
            plan,
            node,
            judged,
            learning,
            held_out,
        })
    }

    fn queries(&self, half: Half) -> &[Query] {
        match half {
            Half::Learning => &self.learning,
            Half::HeldOut => &self.held_out,
        }
    }
}

fn catalogue(set: &LearnSet, region: &str, analyzer: &Analyzer) -> anyhow::Result<Catalogue> {
    let read = || {
        let mut catalogue = Catalogue::read(&set.catalog, &set.map)?;
        catalogue.sell_in(region)?;
        catalogue.convert(analyzer, set.titles_convert.as_deref())?;
        Ok::<_, anyhow::Error>(catalogue)
    };
    read().with_context(|| format!("set \"{}\"", set.name))
}
